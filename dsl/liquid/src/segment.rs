//! The outer grammar: text, `{{ outputs }}` and `{% tags %}`, with white space control resolved.
//!
//! What stands between the braces is cut out here and read by the lexer; `raw` and `comment` bodies never are.

use std::ops::Range;

use crate::error::ParseError;

/// A piece of a template.
#[derive(Debug)]
pub(crate) enum Segment<'s> {
    Text(Markup<'s>),
    Output {
        markup: Markup<'s>,
        span: Range<usize>,
    },
    Tag(Tag<'s>),
    /// `{% # … %}`
    Remark {
        markup: Markup<'s>,
    },
}

/// A stretch of the source that knows where it begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Markup<'s> {
    pub(crate) text: &'s str,
    pub(crate) start: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Tag<'s> {
    pub(crate) name: &'s str,
    /// What stands behind the name.
    pub(crate) markup: Markup<'s>,
    /// The whole tag with its braces.
    pub(crate) span: Range<usize>,
}

impl Markup<'_> {
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

impl Tag<'_> {
    pub(crate) fn name_span(&self) -> Range<usize> {
        self.markup.start - self.name.len()..self.markup.start
    }
}

/// Walks over the source, piece by piece.
#[derive(Debug)]
pub(crate) struct Scanner<'s> {
    source: &'s str,
    at: usize,
    /// The piece before ended with `-}}` or `-%}`.
    trim: bool,
}

impl<'s> Scanner<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Self { source, at: 0, trim: false }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Segment<'s>>, ParseError> {
        if self.trim {
            self.trim = false;
            self.at = self.source.len() - self.rest().trim_start().len();
        }
        let start = self.at;
        let Some(braces) = find_braces(self.rest()) else {
            self.at = self.source.len();
            let text = self.cut(start..self.at);
            return Ok((!text.is_empty()).then_some(Segment::Text(Markup { text, start })));
        };
        if braces == 0 {
            return self.braces().map(Some);
        }
        self.at += braces;
        let mut text = self.cut(start..self.at);
        if self.rest().get(2..).is_some_and(|inside| inside.starts_with('-')) {
            text = text.trim_end();
        }
        if text.is_empty() {
            return self.braces().map(Some);
        }
        Ok(Some(Segment::Text(Markup { text, start })))
    }

    /// The text up to `{% endraw %}`, which is passed over.
    pub(crate) fn raw(&mut self, tag: &Tag<'s>) -> Result<Markup<'s>, ParseError> {
        let trim_start = std::mem::take(&mut self.trim);
        let start = self.at;
        let mut end = start;
        while let Some(found) = self.source.get(end..).and_then(|rest| rest.find("{%")) {
            end += found;
            if let Some(closing) = closing(self.cut(end..self.source.len()), "endraw") {
                self.at = end + closing.length;
                self.trim = closing.trim_behind;
                let mut text = self.cut(start..end);
                if closing.trim_before {
                    text = text.trim_end();
                }
                let kept = if trim_start { text.trim_start() } else { text };
                return Ok(Markup { text: kept, start: start + text.len() - kept.len() });
            }
            end += 2;
        }
        Err(never_closed(tag, "endraw"))
    }

    /// Passes over everything up to the `{% endcomment %}` that belongs to this comment.
    pub(crate) fn comment(&mut self, tag: &Tag<'s>) -> Result<(), ParseError> {
        self.trim = false;
        let mut depth = 1_usize;
        while let Some(found) = self.rest().find("{%") {
            self.at += found;
            let rest = self.rest();
            if let Some(closing) = closing(rest, "endcomment") {
                self.at += closing.length;
                depth -= 1;
                if depth == 0 {
                    self.trim = closing.trim_behind;
                    return Ok(());
                }
            } else if let Some(opening) = closing(rest, "comment") {
                self.at += opening.length;
                depth += 1;
            } else if let Some(opening) = closing(rest, "raw") {
                self.at += opening.length;
                self.raw(tag)?;
            } else {
                self.at += 2;
            }
        }
        Err(never_closed(tag, "endcomment"))
    }

    /// An output or a tag; the scanner stands at its first brace.
    fn braces(&mut self) -> Result<Segment<'s>, ParseError> {
        let start = self.at;
        let output = self.rest().starts_with("{{");
        let (open, close) = if output { ("{{", "}}") } else { ("{%", "%}") };
        let inside = start + open.len();
        let Some(length) = self.cut(inside..self.source.len()).find(close) else {
            return Err(ParseError::new(format!("`{open}` is never closed"), start..inside)
                .help(format!("close it with `{close}`")));
        };
        let mut markup = Markup { text: self.cut(inside..inside + length), start: inside };
        self.at = inside + length + close.len();
        if let Some(text) = markup.text.strip_prefix('-') {
            markup = Markup { text, start: inside + 1 };
        }
        if let Some(text) = markup.text.strip_suffix('-') {
            markup.text = text;
            self.trim = true;
        } else {
            // `{{-}}` trims on both sides.
            self.trim = length == 1 && markup.text.is_empty() && markup.start > inside;
        }
        let span = start..self.at;
        if output { Ok(Segment::Output { markup, span }) } else { tag(markup, span) }
    }

    fn rest(&self) -> &'s str {
        self.cut(self.at..self.source.len())
    }

    fn cut(&self, range: Range<usize>) -> &'s str {
        self.source.get(range).unwrap_or_default()
    }
}

fn tag(markup: Markup<'_>, span: Range<usize>) -> Result<Segment<'_>, ParseError> {
    let inside = markup.text.trim_start();
    let start = markup.start + markup.text.len() - inside.len();
    if let Some(text) = inside.strip_prefix('#') {
        return Ok(Segment::Remark { markup: Markup { text, start: start + 1 } });
    }
    let length = inside.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inside.len());
    if length == 0 {
        return Err(ParseError::new("expected the name of a tag", span));
    }
    let (name, text) = inside.split_at(length);
    Ok(Segment::Tag(Tag { name, markup: Markup { text, start: start + length }, span }))
}

/// Where the next `{{` or `{%` is.
fn find_braces(text: &str) -> Option<usize> {
    text.match_indices('{')
        .map(|(at, _)| at)
        .find(|at| text.as_bytes().get(at + 1).is_some_and(|next| matches!(next, b'{' | b'%')))
}

/// A tag without arguments at the start of a text.
struct Closing {
    length: usize,
    trim_before: bool,
    trim_behind: bool,
}

fn closing(text: &str, name: &str) -> Option<Closing> {
    let inside = text.strip_prefix("{%")?;
    let trimmed = inside.strip_prefix('-');
    let behind = trimmed.unwrap_or(inside).trim_start().strip_prefix(name)?.trim_start();
    let dashed = behind.strip_prefix('-');
    let rest = dashed.unwrap_or(behind).strip_prefix("%}")?;
    Some(Closing {
        length: text.len() - rest.len(),
        trim_before: trimmed.is_some(),
        trim_behind: dashed.is_some(),
    })
}

fn never_closed(tag: &Tag<'_>, end: &str) -> ParseError {
    ParseError::new(format!("`{}` is never closed", tag.name), tag.span.clone())
        .help(format!("close it with `{{% {end} %}}`"))
}
