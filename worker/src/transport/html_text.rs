//! The plain part of a mail whose author wrote only HTML: readable text with
//! the links kept. Not a browser: a linear walk over tags and text that takes
//! any input and gives something sensible.

/// Their content is no text.
const HIDDEN: [&str; 5] = ["head", "style", "script", "title", "template"];
/// They begin and end on lines of their own.
const BLOCKS: [&str; 16] = [
    "div", "tr", "li", "ul", "ol", "table", "section", "article", "header", "footer", "center",
    "address", "dt", "dd", "pre", "form",
];
/// They keep an empty line around them.
const PARAGRAPHS: [&str; 8] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"];
/// The longest entity we know, with room for numbers.
const MAX_ENTITY_BYTES: usize = 10;
const ENTITIES: [(&str, char); 24] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("euro", '€'),
    ("pound", '£'),
    ("cent", '¢'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("hellip", '…'),
    ("bull", '•'),
    ("middot", '·'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("times", '×'),
];

pub(crate) fn html_to_text(html: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = html;
    while !rest.is_empty() {
        let (text, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        writer.text(&decode(text));
        rest = match Tag::parse(markup) {
            Some((tag, after)) => writer.tag(&tag, after),
            // A lone `<` is text; a comment or an unfinished tag is nothing.
            None => skip_non_tag(markup, &mut writer),
        };
    }
    writer.finish()
}

fn skip_non_tag<'h>(markup: &'h str, writer: &mut Writer) -> &'h str {
    if let Some(comment) = markup.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, after)| after);
    }
    if markup.starts_with("<!") || markup.starts_with("<?") {
        return markup.split_once('>').map_or("", |(_, after)| after);
    }
    let Some(after) = markup.strip_prefix('<') else { return "" };
    writer.text("<");
    after
}

struct Tag<'h> {
    name: String,
    closing: bool,
    attributes: &'h str,
}

impl<'h> Tag<'h> {
    /// The tag at the beginning of the text, and what follows it.
    fn parse(markup: &'h str) -> Option<(Tag<'h>, &'h str)> {
        let inside = markup.strip_prefix('<')?;
        let (closing, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        if !inside.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            return None;
        }
        let mut quote = None;
        let end = inside.find(|letter: char| match (quote, letter) {
            (None, '>') => true,
            (None, '"' | '\'') => {
                quote = Some(letter);
                false
            }
            (Some(open), letter) if open == letter => {
                quote = None;
                false
            }
            _ => false,
        });
        let (tag, after) = inside.split_at(end.unwrap_or(inside.len()));
        let name_end = tag.find(|letter: char| !letter.is_ascii_alphanumeric());
        let (name, attributes) = tag.split_at(name_end.unwrap_or(tag.len()));
        let tag = Tag { name: name.to_ascii_lowercase(), closing, attributes };
        Some((tag, after.strip_prefix('>').unwrap_or(after)))
    }

    fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes;
        while let Some((name, after)) = rest.split_once('=') {
            let name = name.split_whitespace().next_back().unwrap_or_default();
            let after = after.trim_start();
            let (value, next) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inside = after.strip_prefix(quote).unwrap_or(after);
                    inside.split_once(quote).unwrap_or((inside, ""))
                }
                _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            if name.eq_ignore_ascii_case(wanted) {
                return Some(decode(value).trim().to_owned());
            }
            rest = next;
        }
        None
    }
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Line breaks owed before the next text, at most two.
    breaks: usize,
    space: bool,
    /// The address of the open link, and where its text begins.
    link: Option<(String, usize)>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            // A no-break space is a space here, but one that stays.
            if letter.is_whitespace() && letter != '\u{a0}' {
                self.space = true;
            } else {
                self.flush();
                self.out.push(if letter == '\u{a0}' { ' ' } else { letter });
            }
        }
    }

    /// Writes what is owed: line breaks, or else one space between words.
    fn flush(&mut self) {
        let at_start = self.out.is_empty();
        if !at_start && self.breaks > 0 {
            self.out.extend(std::iter::repeat_n('\n', self.breaks));
        } else if !at_start && self.space && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
        self.breaks = 0;
        self.space = false;
    }

    fn owe(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
    }

    /// Acts on a tag; gives back the text to go on with.
    fn tag<'h>(&mut self, tag: &Tag<'_>, after: &'h str) -> &'h str {
        let name = tag.name.as_str();
        if PARAGRAPHS.contains(&name) {
            self.owe(2);
        } else if BLOCKS.contains(&name) {
            self.owe(1);
        }
        match (name, tag.closing) {
            (_, false) if HIDDEN.contains(&name) => return after_closing(name, after),
            ("br", _) => self.breaks = (self.breaks + 1).min(2),
            ("hr", _) => {
                self.owe(1);
                self.text("---");
                self.owe(1);
            }
            ("li", false) => {
                self.text("-");
                self.space = true;
            }
            ("td" | "th", true) => self.space = true,
            ("img", false) => self.text(&tag.attribute("alt").unwrap_or_default()),
            ("a", false) => {
                self.flush_before_link();
                self.link = tag.attribute("href").map(|href| (href, self.out.len()));
            }
            ("a", true) => self.end_link(),
            _ => {}
        }
        after
    }

    fn flush_before_link(&mut self) {
        if self.space || self.breaks > 0 {
            self.flush();
        }
    }

    /// Adds the address behind the link's text, if it says more than the text.
    fn end_link(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let text = self.out.get(start..).unwrap_or_default().trim();
        let bare = href.strip_prefix("mailto:").unwrap_or(&href);
        if bare.is_empty() || bare.starts_with('#') || text == bare {
            return;
        }
        let addition = if text.is_empty() { bare.to_owned() } else { format!(" ({bare})") };
        self.text(&addition);
    }

    fn finish(self) -> String {
        let lines: Vec<_> = self.out.lines().map(str::trim_end).collect();
        lines.join("\n")
    }
}

/// What follows the closing tag of an element whose content is skipped.
fn after_closing<'h>(name: &str, html: &'h str) -> &'h str {
    let mut rest = html;
    while let Some((_, candidate)) = rest.split_once("</") {
        let found =
            candidate.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if found {
            return candidate.split_once('>').map_or("", |(_, after)| after);
        }
        rest = candidate;
    }
    ""
}

/// Text with its entities resolved; what is none stays as it is.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= MAX_ENTITY_BYTES);
        match entity.and_then(|(name, tail)| Some((entity_char(name)?, tail))) {
            Some((letter, tail)) => {
                out.push(letter);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity_char(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32).filter(|letter| !letter.is_control() || *letter == '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_text() {
        let cases = [
            ("plain", "plain"),
            ("<p>One</p><p>Two</p>", "One\n\nTwo"),
            ("a<br>b<br/>c", "a\nb\nc"),
            ("a  <b>b</b>\n c", "a b c"),
            ("a<b>b</b>c", "abc"),
            ("<ul><li>one<li>two</ul>end", "- one\n- two\nend"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<div><div>a</div></div><div>b</div>", "a\nb"),
            ("a<hr>b", "a\n---\nb"),
            ("<h1>T</h1>body", "T\n\nbody"),
            ("Tom &amp; Ann &lt;3 &#228;&#xE4; &eacute; &", "Tom & Ann <3 ää &eacute; &"),
            ("a&nbsp;b", "a b"),
            ("<img src=x alt='A shop'> hi", "A shop hi"),
        ];
        for (html, text) in cases {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn links_keep_their_address() {
        let cases = [
            (
                "<a href=\"https://e.com/?a=1&amp;b=2\">Buy now</a>!",
                "Buy now (https://e.com/?a=1&b=2)!",
            ),
            ("see <a class=x href='https://e.com'>https://e.com</a>", "see https://e.com"),
            ("<a href=mailto:a@e.com>a@e.com</a>", "a@e.com"),
            ("<a href='https://e.com'><img src=x></a>", "https://e.com"),
            ("<a href='#top'>up</a> <a name=x>here</a>", "up here"),
            ("<p><a href='https://e.com'>Go</a></p><p>End</p>", "Go (https://e.com)\n\nEnd"),
        ];
        for (html, text) in cases {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        let html = "<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head>\
                    <body><!-- <p>no</p> --><script>if (a < b) {}</SCRIPT><p title='a > b'>yes</p></body></html>";
        assert_eq!(html_to_text(html), "yes");
    }

    #[test]
    fn broken_input_is_taken_as_it_comes() {
        let cases = [
            ("a < b", "a < b"),
            ("a <b", "a"),
            ("<p", ""),
            ("<", "<"),
            ("<!-- open", ""),
            ("<style>open", ""),
            ("</p>a</p>", "a"),
            ("<a href>x</a>", "x"),
            ("&#xffffffff; &#0; &;", "&#xffffffff; &#0; &;"),
            ("é<é>ü", "é<é>ü"),
        ];
        for (html, text) in cases {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }
}
