//! A parsed template, and what can be done with it.

use std::sync::Arc;

use crate::error::{ParseError, RenderError};
use crate::expr::Block;
use crate::globals::Globals;
use crate::options::Options;
use crate::parse;
use crate::paths::{self, PathUse};
use crate::render;

/// A template that is known to be well formed; clones share the parsed form, so keep and pass it freely.
#[derive(Debug, Clone)]
pub struct Template {
    body: Arc<Block>,
}

impl Template {
    /// Reads a template; unknown tags and filters and wrong numbers of arguments are found here, not while rendering.
    ///
    /// ```
    /// let error = liquid::Template::parse("Hi {{ name | upcas }}").unwrap_err();
    /// assert_eq!(error.message, "unknown filter `upcas`");
    /// assert_eq!(error.help.as_deref(), Some("did you mean `upcase`?"));
    /// assert_eq!(error.span, 13..18);
    /// ```
    ///
    /// # Errors
    /// The first thing in the source that is not Liquid.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        Ok(Self { body: Arc::new(parse::template(source)?) })
    }

    /// The variables the template reads from its data, in the order of the source.
    ///
    /// What it assigns itself is left out; a loop's variable stands for the first element of what is looped over.
    ///
    /// ```
    /// let template = liquid::Template::parse("{% for line in order.lines %}{{ line.sku }}{% endfor %}")?;
    /// let read: Vec<String> = template.paths().iter().map(ToString::to_string).collect();
    /// assert_eq!(read, ["order.lines", "order.lines[0].sku"]);
    /// # Ok::<(), liquid::ParseError>(())
    /// ```
    #[must_use]
    pub fn paths(&self) -> Vec<PathUse> {
        paths::read_by(&self.body)
    }

    /// Renders the template with this data.
    ///
    /// ```
    /// let customer = serde_json::json!({ "first_name": "Holly" });
    /// let template = liquid::Template::parse("Hi {{ customer.first_name }}!")?;
    /// let globals = liquid::Globals::new().with("customer", &customer);
    /// assert_eq!(template.render(&globals, &liquid::Options::default())?, "Hi Holly!");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A missing variable, a limit, or a value a filter cannot work with; the first one met.
    pub fn render(&self, globals: &Globals<'_>, options: &Options) -> Result<String, RenderError> {
        render::render(&self.body, globals, options)
    }
}
