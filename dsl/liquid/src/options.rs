//! How a template is to be rendered: what its place demands and what its caller allows.

use crate::limits::Limits;

/// What is done to values on their way into the text; the template's own text is never touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Escape {
    /// Values are escaped for HTML, unless `raw` or `safe` marks them as markup.
    Html,
    /// Values are printed as they are.
    #[default]
    None,
}

/// What printing a variable without a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// It is an error, by name, unless `default` stands behind the variable.
    #[default]
    Error,
    /// It prints nothing, as Liquid does elsewhere.
    Empty,
}

/// Everything a rendering depends on besides the template and its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// How values are escaped.
    pub escape: Escape,
    /// What a variable without a value means.
    pub missing: Missing,
    /// What `"now"` means to the `date` filter, in milliseconds since 1970.
    pub now: i64,
    /// What the rendering may cost.
    pub limits: Limits,
}
