//! Failures as callers see them: `application/problem+json` with a stable code.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;
use serde_json::json;

pub(crate) const CONTENT_TYPE_PROBLEM: &str = "application/problem+json";
/// How long a caller should wait where the server is busy.
const RETRY_AFTER_SECONDS: u32 = 1;

/// The codes of the HTTP and GraphQL doors. A code is never given another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Code {
    Unauthenticated,
    Forbidden,
    InvalidJson,
    InvalidQuery,
    Invalid,
    InvalidSource,
    NotFound,
    MethodNotAllowed,
    Conflict,
    TooLarge,
    UnsupportedEncoding,
    NotSupported,
    LimitReached,
    Unavailable,
    Internal,
}

impl Code {
    pub(crate) const ALL: [Self; 15] = [
        Self::Unauthenticated,
        Self::Forbidden,
        Self::InvalidJson,
        Self::InvalidQuery,
        Self::Invalid,
        Self::InvalidSource,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::TooLarge,
        Self::UnsupportedEncoding,
        Self::NotSupported,
        Self::LimitReached,
        Self::Unavailable,
        Self::Internal,
    ];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::InvalidJson => "INVALID_JSON",
            Self::InvalidQuery => "INVALID_QUERY",
            Self::Invalid => "INVALID",
            Self::InvalidSource => "INVALID_SOURCE",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Conflict => "CONFLICT",
            Self::TooLarge => "TOO_LARGE",
            Self::UnsupportedEncoding => "UNSUPPORTED_ENCODING",
            Self::NotSupported => "NOT_SUPPORTED",
            Self::LimitReached => "LIMIT_REACHED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Unauthenticated => "no valid key",
            Self::Forbidden => "the key may not do this",
            Self::InvalidJson => "the body is not JSON",
            Self::InvalidQuery => "the GraphQL query is not valid",
            Self::Invalid => "a value that cannot be taken",
            Self::InvalidSource => "the source text has errors",
            Self::NotFound => "there is no such thing",
            Self::MethodNotAllowed => "another method is needed",
            Self::Conflict => "it contradicts what stands already",
            Self::TooLarge => "the request is too large",
            Self::UnsupportedEncoding => "an unknown encoding of the body",
            Self::NotSupported => "not supported yet",
            Self::LimitReached => "a limit was reached",
            Self::Unavailable => "the database is not available right now",
            Self::Internal => "a failure of the server",
        }
    }

    /// What the caller can do about it.
    pub(crate) const fn remedy(self) -> &'static str {
        match self {
            Self::Unauthenticated => {
                "Send a key as `Authorization: Bearer KEY`, as the name of Basic authentication with a blank password, \
                 or for activity as `X-Write-Key` or `writeKey` in the body. \
                 `sojourn key create` makes one; a revoked key stops to work within seconds."
            }
            Self::Forbidden => {
                "Use a key with one of the roles that the answer names. \
                 `track` brings in activity, `viewer` reads, `editor` also changes content and deploys, `admin` may do all."
            }
            Self::InvalidJson => {
                "The answer names line and column. \
                 Some languages write `NaN` or `Infinity`, which JSON does not have: send null instead."
            }
            Self::InvalidQuery => {
                "Compare the query with the schema, which GraphiQL at `/graphql` shows."
            }
            Self::Invalid => "The answer names the field, what was expected and what was found.",
            Self::InvalidSource => {
                "`diagnostics` lists every problem with its code, place and remedy; nothing was applied."
            }
            Self::NotFound => {
                "It was never there, is gone, or belongs to another workspace than the key."
            }
            Self::MethodNotAllowed => "Activity and GraphQL are sent with POST.",
            Self::Conflict => {
                "Something of this name or id stands already with another content; choose another, or change that one."
            }
            Self::TooLarge => "Send less at once: the answer names the limit.",
            Self::UnsupportedEncoding => {
                "Send the body as it is, or with `Content-Encoding: gzip`."
            }
            Self::NotSupported => {
                "This server does not take this kind of call yet; nothing of it was kept."
            }
            Self::LimitReached => {
                "Where the answer has `Retry-After`, wait that long and send again; else ask for less at once, as the answer says."
            }
            Self::Unavailable => {
                "Send the same again after the seconds that `Retry-After` names; nothing was kept."
            }
            Self::Internal => "The server's log says more; the same call may fail again.",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::InvalidJson
            | Self::InvalidQuery
            | Self::Invalid
            | Self::InvalidSource
            | Self::NotSupported => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::LimitReached => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// One failure.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    /// What was expected and what was found.
    pub(crate) detail: String,
    pub(crate) field: Option<String>,
    /// Line and column in the body, both from 1.
    pub(crate) place: Option<(usize, usize)>,
}

/// Which readers an answer has besides those of `application/problem+json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// None.
    Plain,
    /// Segment's and Customer.io's clients look into `message` and `meta.error`.
    Client,
    /// GraphQL clients look into `errors`.
    GraphQl,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), field: None, place: None }
    }

    pub(crate) fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(crate) fn internal() -> Self {
        Self::new(Code::Internal, "internal error")
    }

    pub(crate) fn response(&self, reader: Reader) -> HttpResponse {
        let status = self.code.status();
        let mut body = json!({
            "type": format!("/errors/{}", self.code.word()),
            "title": self.code.title(),
            "status": status.as_u16(),
            "code": self.code,
            "detail": self.detail,
            "message": self.detail,
        });
        let mut put = |name: &str, value: serde_json::Value| {
            if let Some(members) = body.as_object_mut() {
                members.insert(name.to_owned(), value);
            }
        };
        if let Some(field) = &self.field {
            put("field", json!(field));
        }
        if let Some((line, column)) = self.place {
            put("line", json!(line));
            put("column", json!(column));
        }
        match reader {
            Reader::Plain => {}
            Reader::Client => put("meta", json!({ "error": self.detail })),
            Reader::GraphQl => put(
                "errors",
                json!([{ "message": self.detail, "extensions": { "code": self.code } }]),
            ),
        }
        let mut response = HttpResponse::build(status);
        response.insert_header((CONTENT_TYPE, CONTENT_TYPE_PROBLEM));
        if self.code == Code::Unauthenticated {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"sojourn\""));
        }
        if matches!(self.code, Code::LimitReached | Code::Unavailable) {
            response.insert_header((RETRY_AFTER, RETRY_AFTER_SECONDS.to_string()));
        }
        response.body(body.to_string())
    }
}

impl From<domain::Error> for Problem {
    fn from(error: domain::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&domain::Error> for Problem {
    fn from(error: &domain::Error) -> Self {
        use domain::Error;
        let detail = error.to_string();
        match error {
            Error::NotFound { .. } => Self::new(Code::NotFound, detail),
            Error::Conflict { .. } => Self::new(Code::Conflict, detail),
            Error::Invalid { field, .. } => Self::new(Code::Invalid, detail).at(field),
            Error::Source { .. } => Self::new(Code::InvalidSource, detail),
            Error::Limit { .. } => Self::new(Code::LimitReached, detail),
            Error::Unavailable(cause) => {
                tracing::error!(%cause, "the database failed a request");
                Self::new(Code::Unavailable, detail)
            }
            Error::Internal(cause) => {
                tracing::error!(cause, "a request failed");
                Self::new(Code::Internal, detail)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_code_is_what_is_serialised() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.word());
        }
    }

    #[test]
    fn who_is_told_to_come_again_is_told_when() {
        let limit = domain::Error::Limit { message: "too many".to_owned() };
        let answer = Problem::from(limit).response(Reader::Client);
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers().get(RETRY_AFTER).unwrap(), "1");
        let answer = Problem::new(Code::Invalid, "x").response(Reader::Client);
        assert!(answer.headers().get(RETRY_AFTER).is_none());
    }
}
