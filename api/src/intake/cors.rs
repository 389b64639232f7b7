//! Browsers of any origin may bring in activity: the key is what lets a call in, and none of these
//! routes reads cookies.

use actix_web::HttpResponse;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderValue,
};

/// `*` does not cover `authorization`, so that they are named.
const HEADERS: &str =
    "authorization, content-type, content-encoding, x-retry-count, x-write-key, x-strict-mode";
const METHODS: &str = "GET, POST, OPTIONS";
/// How long a browser may remember this, in seconds.
const REMEMBERED: &str = "86400";

/// What a browser asks before it sends.
pub(super) async fn preflight() -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    response
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, HEADERS))
        .insert_header((ACCESS_CONTROL_MAX_AGE, REMEMBERED));
    open(response.finish())
}

/// Lets pages of any origin read an answer.
pub(super) fn open(mut response: HttpResponse) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    response
}
