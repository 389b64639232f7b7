//! The table of codes: each has a severity, a title and a page.
//!
//! A code is never given another meaning; one that is no longer needed stays reserved.

use serde::Serialize;

use super::Severity;

macro_rules! codes {
    ($($code:ident $severity:ident $title:literal)*) => {
        /// A stable code such as `J0105`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// As it is written: `J0105`.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// What it is about, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$code => $title,)* }
            }

            /// Whether it stops a compilation.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)* }
            }

            /// Its page in Markdown: what, why, a wrong and a right example.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$code => include_str!(concat!("../../../docs/errors/", stringify!($code), ".md")),)*
                }
            }
        }
    };
}

codes! {
    J0101 Error "something else was expected"
    J0102 Error "a string that does not end"
    J0103 Error "quotes of another kind"
    J0104 Error "quotes are missing"
    J0105 Error "`=` where `==` is meant"
    J0106 Error "an operator of another language"
    J0107 Error "a number without its unit"
    J0108 Error "a shortened unit"
    J0109 Error "`wait for` or `wait until` with a duration"
    J0110 Error "`is` as a comparison"
    J0111 Error "a negated comparison"
    J0112 Error "a hyphen in a path"
    J0113 Error "a value where a condition is needed"
    J0114 Error "`and` beside `or` without brackets"
    J0115 Error "a misspelt word"
    J0116 Error "an unknown unit"
    J0117 Error "a brace that is never closed"
    J0118 Error "a brace that closes nothing"
    J0119 Error "an unknown escape in a string"
    J0120 Error "an unusual way to write a number"
    J0121 Error "a date or time that does not exist"
    J0122 Error "a sign between fields"
    J0123 Error "an unknown edition"
    J0124 Error "comparisons in a chain"
    J0125 Error "brackets are missing after `where`"
    J0126 Error "parts of a condition in another order"
    J0127 Error "`wait until` with a condition"
    J0128 Error "a length of time compared in other words"
    J0129 Error "double quotes inside a template"
    J0130 Error "a percent sign that is missing"
    J0201 Error "clauses in another order"
    J0202 Error "a clause among the steps"
    J0203 Error "`else` without `if`"
    J0204 Error "percentages that do not add up"
    J0205 Error "two declarations of one name"
    J0206 Error "a clause said twice"
    J0207 Error "a campaign that nothing starts"
    J0208 Error "a field is missing"
    J0209 Error "a field or key said twice"
    J0210 Error "steps that are never reached"
    J0211 Error "two steps of one label"
    J0212 Error "a wait whose arms do not fit"
    J0213 Error "a test without its campaign"
    J0214 Error "lines of a test in another order"
    J0215 Error "a word of the language as a name"
    J0216 Error "a step or clause where none can stand"
    J0217 Error "two arms of one name"
    J0218 Error "a step that a broadcast cannot have"
    J0219 Error "a clause that does not fit here"
    J0220 Error "a broadcast without an audience"
    J0221 Error "arms that are missing"
    J0222 Error "nothing that could become unmatched"
    J0223 Error "a campaign that no step can start"
    J0301 Error "an unknown segment"
    J0302 Error "an unknown message"
    J0303 Error "an unknown campaign"
    J0304 Error "an unknown step or clause"
    J0305 Error "an unknown scope"
    J0306 Error "a scope that is not known here"
    J0307 Error "an unknown field"
    J0308 Error "a file that is missing"
    J0309 Error "a template that does not parse"
    J0310 Error "a template that reads what it cannot have"
    J0311 Error "segments in a loop"
    J0312 Error "an unknown time zone"
    J0313 Error "an unknown word as a value"
    J0314 Error "an unknown topic"
    J0315 Error "an unknown layout"
    J0316 Error "an unknown collection"
    J0317 Error "an unknown broadcast"
    J0318 Error "campaigns that start each other"
    J0319 Error "an unknown goal"
    J0320 Error "an unknown arm"
    J0321 Error "messages that are like each other"
    J0401 Error "values that cannot be compared"
    J0402 Error "`null` as a value"
    J0403 Error "a value of another kind"
    J0404 Error "a length that is not exact"
    J0405 Error "a number that does not fit"
    J0406 Error "a run where there is none"
    J0407 Error "moments compared by signs"
    J0408 Error "a window that never opens"
    J0409 Error "arithmetic with what is no number"
    J0501 Warning "a wait without a limit"
    J0502 Warning "a description that describes nothing"
    J0503 Warning "a template where none is rendered"
    J0504 Warning "a condition that never changes"
    J0505 Warning "a name never seen in the data"
    J0506 Warning "an event that may have come before"
    J0507 Warning "a variable that may be missing"
    J0508 Warning "a campaign that sends to nobody"
    J0509 Warning "two messages at once"
    J0510 Warning "a message that was not sent before"
    J0511 Warning "`on match` with nothing but a segment"
    J0512 Warning "an `allow` that allows nothing"
    J0901 Error "not supported yet"
    J0902 Error "a file that is too large"
    J0903 Error "nesting that is too deep"
    J0904 Error "too many parts"
}

impl Code {
    /// The code of this word, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.word().eq_ignore_ascii_case(word))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// The page of the code `word`, or `None` where there is no such code.
#[must_use]
pub fn explain(word: &str) -> Option<&'static str> {
    Code::from_word(word).map(Code::page)
}
