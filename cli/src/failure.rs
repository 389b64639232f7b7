//! How a command ends: fine, with problems, by wrong use, or because something was out of reach.

use std::fmt;
use std::io;

use domain::Error;

use crate::output;

/// Exit code where problems were found.
pub(crate) const PROBLEMS: u8 = 1;
/// Exit code of wrong use; clap ends with the same.
pub(crate) const WRONG_USE: u8 = 2;
/// Exit code where something could not be reached.
pub(crate) const UNREACHABLE: u8 = 3;

/// What to look at where a database cannot be opened.
const OTHER_DATABASE: &str = "look whether the address is right and a server answers there; \
    `--database-url` or `SOJOURN_DATABASE_URL` names another";

/// What libraries say, and what people understand.
const JARGON: [(&str, &str); 8] = [
    ("error communicating with database: ", ""),
    ("error returned from database: (code: 26) ", ""),
    ("error returned from database: ", ""),
    ("pool timed out while waiting for an open connection", "nothing answered in time"),
    (
        "failed to lookup address information: Name or service not known",
        "there is no host of this name",
    ),
    ("invalid socket address", LISTEN),
    ("invalid port value", LISTEN),
    ("stream did not contain valid UTF-8", "it is not text in UTF-8"),
];
const LISTEN: &str = "expected an address and a port, such as `127.0.0.1:8080`";

/// How a command ended, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// Exit code 0.
    Fine,
    /// There are problems, or it does not fit the state of things: exit code 1.
    Problems,
    /// It was called wrongly: exit code 2.
    WrongUse,
    /// Something does not answer: exit code 3.
    Unreachable,
}

impl Ending {
    /// [`Ending::Problems`] where there are any.
    pub(crate) const fn problems(any: bool) -> Self {
        if any { Self::Problems } else { Self::Fine }
    }

    /// The exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Problems => PROBLEMS,
            Self::WrongUse => WRONG_USE,
            Self::Unreachable => UNREACHABLE,
        }
    }
}

/// A reason why a command did not do what it was asked to do.
#[derive(Debug)]
pub(crate) struct Failure {
    ending: Ending,
    message: String,
    help: Option<String>,
}

impl Failure {
    /// The command does not fit the state of things.
    pub(crate) fn problem(message: impl Into<String>) -> Self {
        Self { ending: Ending::Problems, message: message.into(), help: None }
    }

    /// The command was called wrongly.
    pub(crate) fn wrong_use(message: impl Into<String>) -> Self {
        Self { ending: Ending::WrongUse, message: message.into(), help: None }
    }

    /// A server, a database or a port does not answer.
    pub(crate) fn unreachable(message: impl Into<String>) -> Self {
        Self { ending: Ending::Unreachable, message: message.into(), help: None }
    }

    /// Says how to mend it.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// How a command ends that failed for this reason.
    pub(crate) const fn ending(&self) -> Ending {
        self.ending
    }

    /// How to mend it, where that is known.
    pub(crate) fn remedy(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Prints why a command failed, and answers its exit code.
pub(crate) fn report(error: &anyhow::Error) -> u8 {
    if let Some(cause) = error.downcast_ref::<io::Error>()
        && cause.kind() == io::ErrorKind::BrokenPipe
    {
        // Whoever read has read enough.
        return 0;
    }
    let (code, help) = match (error.downcast_ref::<Failure>(), error.downcast_ref::<Error>()) {
        (Some(failure), _) => (failure.ending.code(), failure.remedy()),
        (None, Some(error @ Error::Unavailable(_))) => (code_of(error), Some(OTHER_DATABASE)),
        (None, Some(error)) => (code_of(error), None),
        (None, None) => (PROBLEMS, None),
    };
    output::error(&words(error), help);
    code
}

const fn code_of(error: &Error) -> u8 {
    match error {
        Error::Invalid { .. } => WRONG_USE,
        Error::Unavailable(_) => UNREACHABLE,
        Error::NotFound { .. }
        | Error::Conflict { .. }
        | Error::Source { .. }
        | Error::Limit { .. }
        | Error::Internal(_) => PROBLEMS,
    }
}

/// Why the system refused, in plain words.
pub(crate) fn reason(error: &io::Error) -> String {
    let known = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder",
        io::ErrorKind::PermissionDenied => "this is not permitted",
        io::ErrorKind::IsADirectory => "it is a folder",
        io::ErrorKind::NotADirectory => "a part of it is no folder",
        io::ErrorKind::AddrInUse => "another program listens there",
        io::ErrorKind::AddrNotAvailable => "this machine has no such address",
        io::ErrorKind::ConnectionRefused => "nothing listens there",
        _ => return plain(&error.to_string()),
    };
    known.to_owned()
}

/// Without what libraries say to programmers.
fn plain(text: &str) -> String {
    let text = text.trim_start_matches("Custom Error: ");
    let text = JARGON.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    match text.split_once(" (os error ") {
        Some((before, after)) => {
            let after = after.split_once(')').map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        None => text,
    }
}

/// The message with its causes, for whoever runs the program may see them.
fn words(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain() {
        let cause = match cause.downcast_ref::<io::Error>() {
            Some(cause) => reason(cause),
            None => plain(&cause.to_string()),
        };
        let cause = cause.as_str();
        if words.contains(cause) {
            continue;
        }
        if !words.is_empty() {
            words.push_str(": ");
        }
        words.push_str(cause);
    }
    if let Some(Error::Internal(cause)) = error.downcast_ref::<Error>() {
        words = format!("{words}: {cause}");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_once() {
        let inner = Failure::unreachable("no answer");
        let error = anyhow::Error::new(inner).context("cannot deploy");
        assert_eq!(words(&error), "cannot deploy: no answer");
        let error = anyhow::Error::new(Failure::problem("it is so")).context("it is so");
        assert_eq!(words(&error), "it is so");
    }

    #[test]
    fn words_of_the_system_are_plain() {
        let missing = std::fs::File::open("there/is/no/such").unwrap_err();
        assert_eq!(reason(&missing), "there is no such file or folder");
        let error = anyhow::Error::new(missing).context("cannot read `x`");
        assert_eq!(words(&error), "cannot read `x`: there is no such file or folder");
        assert_eq!(
            plain("cannot do it: No such thing (os error 2)"),
            "cannot do it: No such thing"
        );
        assert_eq!(plain("as it is"), "as it is");
    }

    #[test]
    fn context_keeps_the_code() {
        let error = anyhow::Error::new(Failure::unreachable("no answer")).context("cannot deploy");
        assert_eq!(report(&error), UNREACHABLE);
        let error = anyhow::Error::new(Error::invalid("database_url", "expected a URL"));
        assert_eq!(report(&error), WRONG_USE);
        assert_eq!(report(&anyhow::anyhow!("anything")), PROBLEMS);
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure() {
        let error = anyhow::Error::new(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(report(&error), 0);
    }
}
