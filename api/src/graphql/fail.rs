//! Failures as GraphQL errors with `extensions.code`, `field`, and `diagnostics` for source text.

use std::borrow::Borrow;

use async_graphql::{Error, ErrorExtensions, Value};

use super::diagnostic;
use crate::problem::{Code, Problem};

/// A failure of `domain`.
pub(super) fn failed(error: impl Borrow<domain::Error>) -> Error {
    let error = error.borrow();
    let known = refused(Problem::from(error));
    let domain::Error::Source { diagnostics, sources } = error else { return known };
    let list = serde_json::to_value(diagnostic::list(diagnostics, sources));
    known.extend_with(|_, extensions| {
        if let Ok(list) = list.and_then(Value::from_json) {
            extensions.set("diagnostics", list);
        }
    })
}

/// A request that is not answered.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
pub(super) fn refused(problem: Problem) -> Error {
    Error::new(problem.detail.clone()).extend_with(|_, extensions| {
        extensions.set("code", problem.code.word());
        if let Some(field) = &problem.field {
            extensions.set("field", field.as_str());
        }
    })
}

/// An argument that cannot be taken.
pub(super) fn invalid(field: &str, message: impl Into<String>) -> Error {
    refused(Problem::new(Code::Invalid, message).at(field))
}

/// More than one request may ask for.
pub(super) fn beyond(field: &str, message: impl Into<String>) -> Error {
    refused(Problem::new(Code::LimitReached, message).at(field))
}
