//! How hard the tests that search (seeded worlds, mutations, crashes) try.
//!
//! `SOJOURN_TEST_EFFORT=20 cargo test --workspace` makes twenty times as many attempts.

const VARIABLE: &str = "SOJOURN_TEST_EFFORT";

/// The factor asked for; 1 where nothing is.
pub fn effort() -> u32 {
    match std::env::var(VARIABLE) {
        Err(_) => 1,
        Ok(text) => parse(&text).unwrap_or_else(|message| panic!("{message}")),
    }
}

/// So many attempts at effort 1, more at a higher one.
pub fn scaled(attempts: u32) -> u32 {
    attempts.saturating_mul(effort())
}

fn parse(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(factor) if factor > 0 => Ok(factor),
        _ => Err(format!("{VARIABLE} is `{text}`, expected a whole number from 1 up")),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_whole_numbers_from_one_are_an_effort() {
        assert_eq!(parse("12"), Ok(12));
        for wrong in ["0", "", "-1", "1.5", "much"] {
            assert!(parse(wrong).is_err_and(|message| message.contains(wrong)), "`{wrong}`");
        }
    }
}
