//! A pass over the text that knows only strings, comments and brackets, and takes them for what the
//! grammar takes them for. It runs before the grammar, so that nesting can be limited and braces
//! can be judged by indentation.

/// A stretch of text of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// `# …` to the end of the line.
    Comment,
    /// A string of any form.
    Text,
    /// White space.
    Blank,
    /// `{ } ( ) [ ]`
    Sign(char),
    /// Anything else, one character or one word.
    Other,
}

/// A bracket outside strings and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) sign: char,
    pub(super) at: usize,
}

/// The whole text, piece by piece and without gaps.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some(first) = text.get(start..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(start..).unwrap_or_default();
        let (kind, length) = match first {
            '#' => (PieceKind::Comment, rest.find('\n').unwrap_or(rest.len())),
            '"' => (PieceKind::Text, string_length(rest)),
            '{' | '}' | '(' | ')' | '[' | ']' => (PieceKind::Sign(first), 1),
            c if is_curly(c) => curly_length(rest)
                .map_or((PieceKind::Other, c.len_utf8()), |length| (PieceKind::Text, length)),
            c if is_blank(c) => (PieceKind::Blank, run_length(rest, is_blank)),
            c if is_word(c) => (PieceKind::Other, run_length(rest, is_word)),
            c => (PieceKind::Other, c.len_utf8()),
        };
        pieces.push(Piece { kind, start, end: start + length });
        start += length;
    }
    pieces
}

/// The brackets of the text, in order.
pub(super) fn marks(pieces: &[Piece]) -> Vec<Mark> {
    pieces
        .iter()
        .filter_map(|piece| match piece.kind {
            PieceKind::Sign(sign) => Some(Mark { sign, at: piece.start }),
            PieceKind::Comment | PieceKind::Text | PieceKind::Blank | PieceKind::Other => None,
        })
        .collect()
}

/// The bracket that opens level `limit + 1`, if one does.
pub(super) fn first_beyond(marks: &[Mark], limit: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for mark in marks {
        match mark.sign {
            '{' | '(' | '[' => {
                depth += 1;
                if depth > limit {
                    return Some(mark.at);
                }
            }
            _ => depth = depth.saturating_sub(1),
        }
    }
    None
}

fn run_length(rest: &str, of: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !of(c)).unwrap_or(rest.len())
}

/// White space of the language: a byte order mark too, wherever files were put together.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(super) const fn is_curly(c: char) -> bool {
    matches!(c, '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{AB}' | '\u{BB}')
}

/// Length of the string at the beginning of `rest`, however it ends.
fn string_length(rest: &str) -> usize {
    if let Some(inner) = rest.strip_prefix("\"\"\"") {
        return inner.find("\"\"\"").map_or(rest.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => break,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    open_length(rest)
}

/// A string that does not end stops before what closes the line: an opening brace, white space.
fn open_length(rest: &str) -> usize {
    let line = rest.get(..rest.find('\n').unwrap_or(rest.len())).unwrap_or_default();
    let blank: &[char] = &[' ', '\t', '\r', '\u{A0}'];
    let line = line.trim_end_matches(blank);
    line.strip_suffix('{').map_or(line, |before| before.trim_end_matches(blank)).len().max(1)
}

/// Length of a string in typographic quotes that ends on its line.
fn curly_length(rest: &str) -> Option<usize> {
    rest.char_indices()
        .skip(1)
        .take_while(|(_, c)| *c != '\n')
        .find(|(_, c)| is_curly(*c) || *c == '"')
        .map(|(at, c)| at + c.len_utf8())
}
