//! Liquid templates as Sojourn renders them: Shopify's semantics, with every cost bounded and every fault placed.
//!
//! The engine is pure: data, the moment and the limits come in as arguments, text or one error goes out.
//! A template is parsed once and rendered many times; rendering borrows the data and never copies it.
//! It deliberately knows nothing of files, of other templates, and of what a message is.

mod compare;
mod error;
mod escape;
mod expr;
mod filters;
mod globals;
mod lexer;
mod limits;
mod number;
mod options;
mod parse;
mod paths;
mod print;
mod render;
mod scope;

mod segment;
mod sink;
mod suggest;
mod template;
mod value;

pub use error::{ParseError, RenderError};
pub use globals::Globals;
pub use limits::{FUEL, Limits, NESTING, OUTPUT_BYTES, TEXT_BYTES};
pub use options::{Escape, Missing, Options};
pub use paths::{Key, PathUse};
pub use template::Template;
