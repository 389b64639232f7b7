//! Pages: how long, from where on, and the connection that is made of their rows.

use async_graphql::Result;
use async_graphql::connection::Edge;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Identifier, IdentifierKind};
use uuid::Uuid;

use super::fail::{beyond, invalid};

/// Rows of a page where nothing is asked.
const FIRST_DEFAULT: usize = 20;
/// Rows of the longest page.
const FIRST_MAX: usize = 200;

pub(super) type Connection<N> = async_graphql::connection::Connection<String, N>;

/// Which rows of a list are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<C> {
    first: usize,
    pub(super) after: Option<C>,
}

/// The unique key that a list is ordered by.
pub(super) trait Cursor: Sized {
    fn write(&self) -> String;
    fn read(text: &str) -> Option<Self>;
}

impl Cursor for Uuid {
    fn write(&self) -> String {
        self.simple().to_string()
    }

    fn read(text: &str) -> Option<Self> {
        Self::try_parse(text).ok()
    }
}

impl Cursor for i64 {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Cursor for Identifier {
    fn write(&self) -> String {
        format!("{}/{}", self.kind.word(), self.value)
    }

    fn read(text: &str) -> Option<Self> {
        let (kind, value) = text.split_once('/')?;
        Some(Self { kind: IdentifierKind::from_word(kind)?, value: value.to_owned() })
    }
}

impl<C: Cursor> Page<C> {
    pub(super) fn new(first: Option<i32>, after: Option<String>) -> Result<Self> {
        let first = match first {
            None => FIRST_DEFAULT,
            Some(first) => usize::try_from(first).map_err(|_| {
                invalid("first", format!("expected a number from 0 to {FIRST_MAX}, found {first}"))
            })?,
        };
        if first > FIRST_MAX {
            let message = format!("expected at most {FIRST_MAX} in `first`, found {first}");
            return Err(beyond("first", message));
        }
        let after = after
            .map(|text| {
                unpack(&text).ok_or_else(|| {
                    invalid(
                        "after",
                        format!("expected a cursor that this list gave, found `{text}`"),
                    )
                })
            })
            .transpose()?;
        Ok(Self { first, after })
    }

    /// How many rows to read: one more than asked, which tells whether there is a next page.
    pub(super) const fn limit(&self) -> usize {
        self.first + 1
    }

    /// Makes a connection of the rows that were read.
    pub(super) fn connection<R, N: async_graphql::OutputType>(
        &self,
        mut rows: Vec<R>,
        cursor: impl Fn(&R) -> C,
        node: impl Fn(R) -> N,
    ) -> Connection<N> {
        let has_next = rows.len() > self.first;
        rows.truncate(self.first);
        let mut connection = Connection::new(self.after.is_some(), has_next);
        connection.edges.extend(rows.into_iter().map(|row| {
            let cursor = URL_SAFE_NO_PAD.encode(cursor(&row).write());
            Edge::new(cursor, node(row))
        }));
        connection
    }
}

fn unpack<C: Cursor>(text: &str) -> Option<C> {
    C::read(&String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?)
}

/// What a list costs: each field below it, as often as the page is long.
pub(super) fn cost(first: Option<i32>, fields: usize) -> usize {
    let first = first.map_or(FIRST_DEFAULT, |first| usize::try_from(first).unwrap_or_default());
    first.min(FIRST_MAX).saturating_mul(fields).saturating_add(1)
}
