//! As much of Rust as the house rules need: tokens with their lines, functions, declared names.

/// One identifier, number or punctuation mark outside comments and literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) text: &'a str,
    pub(crate) line: usize,
}

impl Token<'_> {
    fn is_name(&self) -> bool {
        self.text.starts_with(|first: char| first.is_alphabetic() || first == '_')
    }
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// The same text with comments and the insides of literals blanked out; lines stay where they are.
pub(crate) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let previous = code.chars().next_back();
        let length = skipped(rest, previous);
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(rest[..length].chars().map(|it| if it == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    code
}

/// How long the comment or literal is that begins here; 0 where none does.
fn skipped(rest: &str, previous: Option<char>) -> usize {
    let after_name = previous.is_some_and(|it| it.is_alphanumeric() || it == '_');
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if let Some(text) = rest.strip_prefix('"') {
        return 1 + quoted(text, '"');
    }
    if rest.starts_with('\'') {
        return character(rest);
    }
    if after_name {
        return 0;
    }
    let prefix = ["br", "cr", "r", "b", "c"].into_iter().find(|it| rest.starts_with(it));
    let Some(prefix) = prefix else { return 0 };
    let after = &rest[prefix.len()..];
    if prefix.ends_with('r') {
        let hashes = after.len() - after.trim_start_matches('#').len();
        let Some(text) = after[hashes..].strip_prefix('"') else { return 0 };
        let end = format!("\"{}", "#".repeat(hashes));
        let inside = text.find(&end).map_or(text.len(), |place| place + end.len());
        return prefix.len() + hashes + 1 + inside;
    }
    if let Some(text) = after.strip_prefix('"') {
        return prefix.len() + 1 + quoted(text, '"');
    }
    if prefix == "b" && after.starts_with('\'') { 1 + character(after) } else { 0 }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut place = 0;
    while place < rest.len() {
        let here = &rest[place..];
        let step = if here.starts_with("/*") {
            depth += 1;
            2
        } else if here.starts_with("*/") {
            depth -= 1;
            2
        } else {
            here.chars().next().map_or(1, char::len_utf8)
        };
        place += step;
        if depth == 0 {
            break;
        }
    }
    place
}

/// Up to and with the closing quote.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (place, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if letter == quote => return place + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// A character literal, or 0 for a lifetime.
fn character(rest: &str) -> usize {
    let mut letters = rest[1..].chars();
    match (letters.next(), letters.next()) {
        (Some('\\'), _) => 1 + quoted(&rest[1..], '\''),
        (Some(letter), Some('\'')) => 2 + letter.len_utf8(),
        _ => 0,
    }
}

/// What [`code_only`] left, cut into tokens.
pub(crate) fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (number, text) in code.lines().enumerate() {
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|it: char| !it.is_alphanumeric() && it != '_');
            let length = match word {
                Some(0) => first.len_utf8(),
                Some(length) => length,
                None => rest.len(),
            };
            tokens.push(Token { text: &rest[..length], line: number + 1 });
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// The lines of `#[cfg(test)] mod … { … }`, first and last.
pub(crate) fn test_modules(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let mut modules = Vec::new();
    for (place, window) in tokens.windows(6).enumerate() {
        let is_start = window.iter().map(|it| it.text).eq(["#", "[", "cfg", "(", "test", ")"]);
        let Some(open) = tokens[place..].iter().position(|it| it.text == "{" || it.text == ";")
        else {
            continue;
        };
        let open = place + open;
        let is_module = tokens[place..open].iter().any(|it| it.text == "mod");
        if is_start && is_module && tokens[open].text == "{" {
            modules.push((tokens[place].line, tokens[closing(tokens, open)].line));
        }
    }
    modules
}

/// Where the bracket that opens at `open` closes; the last token where it does not.
fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return place;
        }
    }
    tokens.len() - 1
}

/// Every function that has a body, also nested ones.
pub(crate) fn functions<'a>(tokens: &[Token<'a>]) -> Vec<Function<'a>> {
    let mut functions = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let Some(name) = tokens.get(place + 1) else { continue };
        if token.text != "fn" || !name.is_name() {
            continue;
        }
        let mut here = place + 2;
        while let Some(next) = tokens.get(here) {
            match next.text {
                "(" | "[" => here = closing(tokens, here),
                "{" => {
                    let last = tokens[closing(tokens, here)].line;
                    functions.push(Function { name: name.text, first: token.line, last });
                    break;
                }
                ";" => break,
                _ => {}
            }
            here += 1;
        }
    }
    functions
}

/// The names that a file gives: functions, types, modules, constants, fields, variants.
pub(crate) fn declared<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    const KEYWORDS: [&str; 9] =
        ["fn", "struct", "enum", "union", "trait", "mod", "const", "static", "macro_rules"];
    let mut names = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        if !KEYWORDS.contains(&token.text) {
            continue;
        }
        let rest = tokens.get(place + 1..).unwrap_or_default();
        let name = rest.iter().find(|it| it.text != "!" && it.text != "mut");
        let Some(&name) = name else { continue };
        if !name.is_name() || KEYWORDS.contains(&name.text) {
            continue;
        }
        names.push(name);
        if ["struct", "enum", "union"].contains(&token.text) {
            let open = rest.iter().position(|it| ["{", "(", ";"].contains(&it.text));
            if let Some(open) = open.filter(|&open| rest[open].text == "{") {
                members(&rest[open..=closing(rest, open)], token.text == "enum", &mut names);
            }
        }
    }
    names
}

/// Fields and variants; in parentheses and brackets there are types and attributes only.
fn members<'a>(body: &[Token<'a>], is_enum: bool, names: &mut Vec<Token<'a>>) {
    let mut depth = 0;
    let mut place = 0;
    while let Some(&token) = body.get(place) {
        match token.text {
            "(" | "[" => place = closing(body, place),
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if token.is_name() => {
                let before = place.checked_sub(1).map_or("", |before| body[before].text);
                let after = |more: usize| body.get(place + more).map_or("", |it| it.text);
                let is_field = after(1) == ":" && after(2) != ":" && before != ":";
                let is_variant = is_enum && depth == 1 && ["{", ",", "]"].contains(&before);
                if is_field || is_variant {
                    names.push(token);
                }
            }
            _ => {}
        }
        place += 1;
    }
}

/// `snake_case` and `CamelCase` cut into lower-case words.
pub(crate) fn words_of(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in name.split('_').filter(|piece| !piece.is_empty()) {
        let mut word = String::new();
        let mut was_lower = false;
        for letter in piece.chars() {
            if letter.is_uppercase() && was_lower {
                words.push(std::mem::take(&mut word));
            }
            was_lower = letter.is_lowercase() || letter.is_numeric();
            word.extend(letter.to_lowercase());
        }
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r##"
//! fn in_a_comment() {}
/* fn also /* nested */ here() { */
const TEXT: &str = "fn in_text() { \" {";
fn first<'a>(of: [u8; 4], it: &'a str) -> [u8; 2]
where
    Self: Sized,
{
    let brace = '{'; let quote = '\''; let raw = r#"fn raw() { " "#;
    fn inner() {}
}
trait T { fn without_body(); }
pub(crate) struct Person<T> { #[serde(rename = "x")] pub name: Vec<std::net::IpAddr>, at: i64 }
enum Way { #[default] Out, In { by_door: u8 }, Up(Box<Way>) }
#[cfg(test)]
mod tests {
    fn checks() {}
}
"##;

    #[test]
    fn functions_are_found_and_measured() {
        let code = code_only(SAMPLE);
        assert_eq!(code.lines().count(), SAMPLE.lines().count());
        let found: Vec<_> =
            functions(&tokens(&code)).iter().map(|it| (it.name, it.first, it.last)).collect();
        assert_eq!(found, [("first", 5, 11), ("inner", 10, 10), ("checks", 17, 17)]);
    }

    #[test]
    fn declared_names_are_found() {
        let code = code_only(SAMPLE);
        let found: Vec<_> = declared(&tokens(&code)).iter().map(|it| it.text).collect();
        let expected = [
            "TEXT",
            "first",
            "inner",
            "T",
            "without_body",
            "Person",
            "name",
            "at",
            "Way",
            "Out",
            "In",
            "by_door",
            "Up",
            "tests",
            "checks",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn test_modules_are_found() {
        let code = code_only(SAMPLE);
        assert_eq!(test_modules(&tokens(&code)), [(15, 18)]);
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words_of("UserAgent2Of"), ["user", "agent2", "of"]);
        assert_eq!(words_of("__overflow_ITEM"), ["overflow", "item"]);
    }
}
