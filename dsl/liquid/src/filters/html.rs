//! Filters that make or unmake HTML.

use super::Env;
use crate::error::Fault;
use crate::escape::{self, entity};
use crate::options::Escape;
use crate::value::{Text, Val};

/// Elements that vanish with what is in them.
const DROPPED: [(&str, &str); 3] =
    [("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->")];

type Filtered<'a> = Result<Val<'a>, Fault>;

/// Escapes once and for all: the output does not escape it again.
pub(super) fn escape<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    if input.is_nil() {
        return Ok(input.clone());
    }
    let text = env.text_value(input)?;
    env.budget.text(escape::html_len(text.as_str()))?;
    let mut escaped = String::new();
    // Writing to a string cannot fail.
    let _ = escape::html(&mut escaped, text.as_str());
    Ok(markup(escaped, env))
}

/// Escapes what is not escaped already.
pub(super) fn escape_once<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    let text = text.as_str();
    env.budget.text(escape::html_len(text))?;
    let mut escaped = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let behind = text.get(at + letter.len_utf8()..).unwrap_or_default();
        match entity(letter) {
            Some(entity) if letter != '&' || !is_entity(behind) => escaped.push_str(entity),
            _ => escaped.push(letter),
        }
    }
    Ok(markup(escaped, env))
}

/// Marks a text as markup: the output prints it as it is.
pub(super) fn safe<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    match input {
        Val::Text(_) | Val::List(_) | Val::Object(_) => {
            Ok(Val::Text(env.text_value(input)?.marked(true)))
        }
        _ => Ok(input.clone()),
    }
}

/// Puts `<br />` at every line end; where the output is HTML the lines themselves are escaped.
pub(super) fn newline_to_br<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    let escapes = env.escape == Escape::Html && !text.safe;
    let breaks = text.as_str().matches('\n').count() * "<br />".len();
    let length = if escapes { escape::html_len(text.as_str()) } else { text.as_str().len() };
    env.budget.text(length + breaks)?;
    let mut broken = String::with_capacity(length + breaks);
    for line in text.as_str().split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line.strip_suffix('\r').unwrap_or(line), "<br />\n"),
            None => (line, ""),
        };
        if escapes {
            // Writing to a string cannot fail.
            let _ = escape::html(&mut broken, line);
        } else {
            broken.push_str(line);
        }
        broken.push_str(end);
    }
    Ok(markup(broken, env))
}

/// Leaves out tags, comments, scripts and styles.
pub(super) fn strip_html<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    env.budget.text(text.as_str().len())?;
    let mut stripped = String::with_capacity(text.as_str().len());
    let mut rest = text.as_str();
    // An end that was not found once is not looked for again.
    let mut open = DROPPED.map(Some);
    while let Some(at) = rest.find('<') {
        let (plain, tag) = rest.split_at(at);
        stripped.push_str(plain);
        let dropped = open.iter_mut().find_map(|element| {
            let (start, end) = element.filter(|(start, _)| starts_with(tag, start))?;
            let length = find(tag.get(start.len()..).unwrap_or_default(), end);
            if length.is_none() {
                *element = None;
            }
            length.map(|length| start.len() + length + end.len())
        });
        match dropped.or_else(|| tag.find('>').map(|end| end + 1)) {
            Some(length) => rest = tag.get(length..).unwrap_or_default(),
            None => {
                stripped.push_str(tag);
                rest = "";
            }
        }
    }
    stripped.push_str(rest);
    Ok(stripped.into())
}

/// A text that is escaped where that matters.
fn markup<'a>(text: String, env: &Env<'_>) -> Val<'a> {
    Val::Text(Text::own(text).marked(env.escape == Escape::Html))
}

/// Whether this stands behind the `&` of an entity.
fn is_entity(behind: &str) -> bool {
    let Some((name, _)) = behind.split_once(';') else { return false };
    match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(number) => all(number, |byte| byte.is_ascii_hexdigit()),
            None => all(number, |byte| byte.is_ascii_digit()),
        },
        None => all(name, |byte| byte.is_ascii_alphabetic()),
    }
}

fn all(text: &str, test: fn(&u8) -> bool) -> bool {
    !text.is_empty() && text.as_bytes().iter().all(test)
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start))
}

/// Where the needle is, in letters of any case.
fn find(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes()
        .windows(needle.len())
        .position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}
