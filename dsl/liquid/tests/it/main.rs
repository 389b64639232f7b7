//! The engine from outside: what templates print, read, cost and are refused for.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

mod dates;
mod errors;
mod escaping;
mod filters;
mod limits;
mod missing;
mod output;
mod paths;
mod tags;

use liquid::{Globals, Options, RenderError, Template};
use serde_json::Value;

/// Renders a template with the members of `data` as its variables.
fn render(source: &str, data: &Value, options: &Options) -> Result<String, RenderError> {
    let template = Template::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    let globals: Globals<'_> =
        data.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value)).collect();
    template.render(&globals, options)
}

/// Every template prints what stands beside it.
fn check(data: &Value, cases: &[(&str, &str)]) {
    for (source, wanted) in cases {
        match render(source, data, &Options::default()) {
            Ok(text) => assert_eq!(text, *wanted, "{source}"),
            Err(error) => panic!("{source}: {error}"),
        }
    }
}

/// Every template fails with the message and at the part of it that stand beside it.
fn check_faults(data: &Value, cases: &[(&str, &str, &str)]) {
    for (source, message, place) in cases {
        let error = render(source, data, &Options::default()).expect_err(source);
        let (RenderError::Missing { span, .. }
        | RenderError::Limit { span, .. }
        | RenderError::Filter { span, .. }) = &error;
        assert_eq!(
            (error.to_string().as_str(), &source[span.clone()]),
            (*message, *place),
            "{source}"
        );
    }
}
