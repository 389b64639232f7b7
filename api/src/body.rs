//! Request bodies: bounded, unpacked, and read as JSON whatever the content type says, since
//! browsers send JSON as `text/plain` and some clients call it a form.

use actix_web::HttpRequest;
use actix_web::dev::{Decompress, Payload};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use futures::StreamExt;
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem};

/// Bytes behind a limit that are still read and dropped: a client that is cut off while it writes
/// never reads the answer.
const DRAINED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes around a mistake that are looked at to say more about it.
const NOT_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// The whole body, unpacked, at most `max` bytes of it.
pub(crate) async fn read(
    request: &HttpRequest,
    payload: Payload,
    max: usize,
) -> Result<Vec<u8>, Problem> {
    check_encoding(request)?;
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let declared = declared.and_then(|value| value.parse::<usize>().ok());
    if declared.is_some_and(|length| length > max.saturating_add(DRAINED_BYTES_MAX)) {
        return Err(too_large(max));
    }
    let mut stream = Decompress::from_headers(payload, request.headers());
    let mut body = Vec::with_capacity(declared.unwrap_or(0).min(max));
    let mut length = 0_usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| {
            tracing::debug!(%error, "a body cannot be read");
            unreadable(request)
        })?;
        length = length.saturating_add(chunk.len());
        if length <= max {
            body.extend_from_slice(&chunk);
        } else if length > max.saturating_add(DRAINED_BYTES_MAX) {
            break;
        }
    }
    if length > max { Err(too_large(max)) } else { Ok(body) }
}

/// Reads JSON; what is wrong is named with its line and column.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        if body.is_empty() {
            return Problem::new(Code::InvalidJson, "expected JSON, found an empty body");
        }
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let suffix = format!(" at line {line} column {column}");
        let reason = text.strip_suffix(&suffix).unwrap_or(&text);
        let detail = match not_a_number(body, line, column) {
            Some(word) => format!(
                "broken JSON at line {line}, column {column}: `{word}` is not a value of JSON, expected a number or null"
            ),
            None => format!("broken JSON at line {line}, column {column}: {}", plain(reason)),
        };
        Problem { place: Some((line, column)), ..Problem::new(Code::InvalidJson, detail) }
    })
}

fn check_encoding(request: &HttpRequest) -> Result<(), Problem> {
    let Some(value) = request.headers().get(CONTENT_ENCODING) else { return Ok(()) };
    let encoding = value.to_str().unwrap_or_default().trim().to_ascii_lowercase();
    if ["", "identity", "gzip", "x-gzip", "deflate"].contains(&encoding.as_str()) {
        return Ok(());
    }
    let detail = format!("expected the content encoding `gzip` or none, found `{encoding}`");
    Err(Problem::new(Code::UnsupportedEncoding, detail))
}

fn unreadable(request: &HttpRequest) -> Problem {
    let detail = match request.headers().get(CONTENT_ENCODING) {
        Some(encoding) => format!(
            "expected a body packed as `Content-Encoding` says, found one that is no `{}` or ends too early",
            encoding.to_str().unwrap_or_default()
        ),
        None => "expected the whole body, found one that ends too early".to_owned(),
    };
    Problem::new(Code::Invalid, detail)
}

/// The reasons of the JSON parser as people say them.
fn plain(reason: &str) -> &str {
    match reason {
        "key must be a string" => "expected a key in double quotes",
        "expected value" => "expected a value",
        "expected ident" => "expected `true`, `false` or `null`",
        "trailing comma" => "nothing follows this comma",
        "trailing characters" => "expected the end, found more text",
        "invalid number" => "this is no number of JSON",
        "invalid escape" => "this is no escape of JSON",
        "invalid unicode code point" => "expected text in UTF-8",
        "recursion limit exceeded" => "too many lists and objects within each other",
        "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
            "one half of a surrogate pair stands alone"
        }
        control if control.starts_with("control character") => {
            "a line break or another control character in a text, which is written `\\n` or `\\u0000`"
        }
        end if end.starts_with("EOF") => "the body ends too early",
        other => other,
    }
}

fn too_large(max: usize) -> Problem {
    let detail = format!("expected a body of at most {max} bytes, found a larger one");
    Problem::new(Code::TooLarge, detail)
}

/// The word that some languages write for a number that is none, where it begins about here.
fn not_a_number(body: &[u8], line: usize, column: usize) -> Option<&'static str> {
    let text = body.split(|byte| *byte == b'\n').nth(line.checked_sub(1)?)?;
    (column.saturating_sub(2)..=column).find_map(|start| {
        let here = text.get(start..)?;
        NOT_NUMBERS.into_iter().find(|word| here.starts_with(word.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(body: &str) -> String {
        json::<serde_json::Value>(body.as_bytes()).unwrap_err().detail
    }

    #[test]
    fn broken_json_names_the_place() {
        assert_eq!(detail(""), "expected JSON, found an empty body");
        assert_eq!(
            detail("{\n  \"a\": 1,\n  b\n}"),
            "broken JSON at line 3, column 3: expected a key in double quotes"
        );
    }

    #[test]
    fn reasons_are_plain() {
        for (body, reason) in [
            ("{\"a\": ", "the body ends too early"),
            ("{'a': 1}", "expected a key in double quotes"),
            ("hello", "expected a value"),
            ("{\"a\": 1e999}", "number out of range"),
            ("\"\\ud800\"", "one half of a surrogate pair stands alone"),
            ("[1,]", "nothing follows this comma"),
            ("{} {}", "expected the end, found more text"),
            ("\"a\nb\"", "a line break or another control character"),
            (&"[".repeat(500), "too many lists and objects within each other"),
        ] {
            assert!(detail(body).contains(reason), "{body}: {}", detail(body));
        }
    }

    #[test]
    fn what_is_no_number_is_named() {
        for word in NOT_NUMBERS {
            let found = detail(&format!("{{\"a\": {word}}}"));
            assert!(found.contains(&format!("`{word}` is not a value of JSON")), "{found}");
        }
        assert!(!detail("{\"a\": x, \"b\": \"NaN\"}").contains("NaN"));
    }
}
