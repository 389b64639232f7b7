//! How wide text is and where it breaks, estimated without a font: a little too wide rather than too
//! narrow, so that text stays within its box in whatever font the reader has.

/// What is left out at the end of cut text.
const ELLIPSIS: char = '…';

/// How much wider bold letters are than those the estimate is made for.
pub(super) const BOLD: f64 = 1.1;

/// Estimated width of `text` in letters of `size`.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// `text` in at most `lines` lines (at least one) of at most `room`, broken at spaces where possible.
pub(super) fn wrap(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        loop {
            let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
            if width(&longer, size) <= room {
                line = longer;
                break;
            }
            if !line.is_empty() {
                wrapped.push(std::mem::take(&mut line));
            } else {
                let (head, tail) = broken(&word, size, room);
                wrapped.push(head);
                word = tail;
            }
        }
    }
    if !line.is_empty() || wrapped.is_empty() {
        wrapped.push(line);
    }
    if wrapped.len() > lines.max(1) {
        wrapped.truncate(lines.max(1));
        if let Some(last) = wrapped.last_mut() {
            while width(last, size) + size > room && last.pop().is_some() {}
            last.truncate(last.trim_end().len());
            last.push(ELLIPSIS);
        }
    }
    wrapped
}

/// `text` on one line of at most `room`, its end left out where it must be.
pub(super) fn cut(text: &str, size: f64, room: f64) -> String {
    wrap(text, size, room, 1).concat()
}

/// As many letters as fit, at least one, and the rest; behind a dot or underscore where possible.
fn broken(word: &str, size: f64, room: f64) -> (String, String) {
    let mut at = 0;
    let mut good = None;
    let mut used = 0.0;
    for (index, letter) in word.char_indices() {
        used += advance(letter) * size;
        if used > room && index > 0 {
            break;
        }
        at = index + letter.len_utf8();
        if matches!(letter, '.' | '_' | '-' | '/' | '@') && used > room / 2.0 {
            good = Some(at);
        }
    }
    let (head, tail) = word.split_at(good.unwrap_or(at));
    (head.to_owned(), tail.to_owned())
}

/// Width of a letter of size 1, after the widest of the usual interface fonts.
fn advance(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' => 0.31,
        ' ' | 'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | ELLIPSIS => 0.94,
        '=' | '<' | '>' | '+' | '~' | '_' | '"' => 0.62,
        'A'..='Z' | '&' | 'Ä' | 'Ö' | 'Ü' => 0.73,
        'a'..='z' | '0'..='9' => 0.61,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '\0'..='\u{2e7f}' => 0.68,
        _ => 1.05,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: f64 = 10.0;

    #[test]
    fn lines_break_at_spaces_and_fit() {
        let lines = wrap("customer.plan == \"pro\" and in segment \"VIP\"", SIZE, 150.0, 9);
        assert_eq!(lines.concat().replace(' ', ""), "customer.plan==\"pro\"andinsegment\"VIP\"");
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| width(line, SIZE) <= 150.0), "{lines:?}");
    }

    #[test]
    fn a_long_word_is_broken_and_too_many_lines_are_cut() {
        assert_eq!(wrap("aaaaaaaaaa", SIZE, 31.0, 9), ["aaaaa", "aaaaa"]);
        assert_eq!(wrap("trigger.campaign", SIZE, 70.0, 9), ["trigger.", "campaign"]);
        let cut = wrap(&"word ".repeat(50), SIZE, 100.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with(ELLIPSIS) && width(&cut[1], SIZE) <= 100.0, "{cut:?}");
    }

    #[test]
    fn nothing_is_one_empty_line_and_no_room_still_ends() {
        assert_eq!(wrap("", SIZE, 100.0, 3), [""]);
        assert_eq!(wrap("日本", SIZE, 0.0, 5), ["日", "本"]);
        assert_eq!(cut("abc", SIZE, 100.0), "abc");
    }
}
