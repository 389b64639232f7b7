//! What can be read where.

use super::condition::{quoted_list, words_of};
use crate::expr::Scope;

/// A position in the language, by what is known there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The condition of a segment, a filter of the API.
    Segment,
    /// `where` of a trigger.
    Trigger,
    /// `on match`.
    Match,
    /// `on change`.
    Change,
    /// `on date`.
    Date,
    /// `on object … match`.
    ObjectMatch,
    /// `on object … change`.
    ObjectChange,
    /// `on object … date`.
    ObjectDate,
    /// `for people where`.
    People,
    /// `only if`.
    Filter,
    /// `enter … per`.
    Per,
    /// `where` of an event that a clause or a wait listens for.
    Signal,
    /// Conditions and values of steps, `exit when`, `goal`.
    Run,
    /// The address, headers and body of a `call`.
    Call,
    /// `where` of `lookup`.
    Lookup,
    /// `order by` of `lookup`.
    Order,
    /// `where` of `performed`, of totals, of an expected event.
    Behaviour,
    /// `where` of `related to`; what is known around it stays known.
    Related,
    /// `where` of `any`; what is known around it stays known.
    Item,
    /// `to` of a broadcast.
    Audience,
    /// `at` of a broadcast.
    Start,
    /// The fields of a message, and snippets.
    Template,
    /// A layout, which has `content` besides.
    Layout,
    /// `where` of an expected message.
    Message,
    /// A condition that a test expects.
    Expectation,
    /// What a change is compared with: all of it is written out.
    Written,
}

/// One line of the table of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceRow {
    /// The position.
    pub place: Place,
    /// What people call it, with its preposition.
    pub called: &'static str,
    /// What can be read there.
    pub scopes: &'static [Scope],
    /// What else is known there.
    pub knows: Knows,
}

/// Besides data, what can be asked at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knows {
    /// Nothing but the data.
    Data,
    /// Segments, behaviour and whatever else is asked about a person.
    Person,
    /// The person, and the run that has an entry.
    Run,
    /// As much as is known around it.
    Around,
}

const PERSON_AND_RUN: &[Scope] = &[Scope::Customer, Scope::Trigger, Scope::Journey];

const fn row(
    place: Place,
    called: &'static str,
    scopes: &'static [Scope],
    knows: Knows,
) -> PlaceRow {
    PlaceRow { place, called, scopes, knows }
}

/// Every position of the language with what is known there; the language reference prints it.
pub const PLACES: [PlaceRow; 26] = [
    row(Place::Segment, "in a segment", &[Scope::Customer], Knows::Person),
    row(
        Place::Trigger,
        "in the `where` of a trigger",
        &[Scope::Event, Scope::Customer],
        Knows::Person,
    ),
    row(Place::Match, "in `on match`", &[Scope::Customer, Scope::Old], Knows::Person),
    row(Place::Change, "in `on change`", &[Scope::Customer], Knows::Data),
    row(Place::Date, "in `on date`", &[Scope::Customer], Knows::Data),
    row(Place::ObjectMatch, "in `on object … match`", &[Scope::Object, Scope::Old], Knows::Data),
    row(Place::ObjectChange, "in `on object … change`", &[Scope::Object], Knows::Data),
    row(Place::ObjectDate, "in `on object … date`", &[Scope::Object], Knows::Data),
    row(
        Place::People,
        "in `for people where`",
        &[Scope::Relationship, Scope::Object, Scope::Customer],
        Knows::Person,
    ),
    row(Place::Filter, "in `only if`", &[Scope::Customer, Scope::Trigger], Knows::Person),
    row(Place::Per, "in `enter … per`", &[Scope::Trigger, Scope::Customer], Knows::Data),
    row(
        Place::Signal,
        "in the `where` of an event",
        &[Scope::Event, Scope::Customer, Scope::Trigger, Scope::Journey],
        Knows::Run,
    ),
    row(Place::Run, "in a step, a goal or an `exit when`", PERSON_AND_RUN, Knows::Run),
    row(
        Place::Call,
        "in a `call`",
        &[Scope::Customer, Scope::Trigger, Scope::Journey, Scope::Secret],
        Knows::Data,
    ),
    row(
        Place::Lookup,
        "in the `where` of `lookup`",
        &[Scope::Row, Scope::Customer, Scope::Trigger, Scope::Journey],
        Knows::Data,
    ),
    row(Place::Order, "in `order by`", &[Scope::Row], Knows::Data),
    row(Place::Behaviour, "in the `where` of past events", &[Scope::Event], Knows::Data),
    row(
        Place::Related,
        "in the `where` of `related to`",
        &[Scope::Object, Scope::Relationship],
        Knows::Around,
    ),
    row(Place::Item, "in the `where` of `any`", &[Scope::Item], Knows::Around),
    row(Place::Audience, "in the `to` of a broadcast", &[Scope::Customer], Knows::Person),
    row(Place::Start, "in the `at` of a broadcast", &[], Knows::Data),
    row(
        Place::Template,
        "in a message",
        &[Scope::Customer, Scope::Trigger, Scope::Journey, Scope::With],
        Knows::Data,
    ),
    row(
        Place::Layout,
        "in a layout",
        &[Scope::Customer, Scope::Trigger, Scope::Journey, Scope::With],
        Knows::Data,
    ),
    row(Place::Message, "in the `where` of an expected message", &[Scope::Message], Knows::Data),
    row(Place::Expectation, "in an `expect`", PERSON_AND_RUN, Knows::Run),
    row(Place::Written, "where values are written out", &[], Knows::Data),
];

/// [`PLACES`] as a table in Markdown.
#[must_use]
pub fn table() -> String {
    let mut table = "| where | what can be read |\n|---|---|\n".to_owned();
    for row in PLACES {
        let words = words_of(row.scopes);
        let read = match (words.as_slice(), row.knows) {
            ([], _) => "nothing".to_owned(),
            (words, Knows::Around) => {
                format!("{}, and what is known around it", quoted_list(words))
            }
            (words, _) => quoted_list(words),
        };
        table.push_str(&format!("| {} | {read} |\n", row.called));
    }
    table
}

impl Place {
    /// Its line of the table.
    #[must_use]
    pub fn row(self) -> PlaceRow {
        PLACES.into_iter().find(|row| row.place == self).unwrap_or(row(
            self,
            "here",
            &[],
            Knows::Data,
        ))
    }
}

/// Where a path or a question stands: a position, and those around it that stay known.
#[derive(Debug, Clone)]
pub(crate) struct Position {
    innermost: PlaceRow,
    scopes: Vec<Scope>,
    knows: Knows,
}

impl From<Place> for Position {
    fn from(place: Place) -> Self {
        let innermost = place.row();
        Self { innermost, scopes: innermost.scopes.to_vec(), knows: innermost.knows }
    }
}

impl Position {
    /// The position inside this one.
    pub(crate) fn inside(&self, place: Place) -> Self {
        let mut inner = Self::from(place);
        if inner.knows == Knows::Around {
            inner
                .scopes
                .extend(self.scopes.iter().filter(|scope| !place.row().scopes.contains(scope)));
            inner.knows = self.knows;
        }
        inner
    }

    pub(crate) const fn place(&self) -> Place {
        self.innermost.place
    }

    pub(crate) const fn called(&self) -> &'static str {
        self.innermost.called
    }

    pub(crate) fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// Whether segments and behaviour can be asked about.
    pub(crate) const fn has_person(&self) -> bool {
        matches!(self.knows, Knows::Person | Knows::Run)
    }

    /// Whether a run exists whose entry can be asked about.
    pub(crate) const fn has_run(&self) -> bool {
        matches!(self.knows, Knows::Run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_has_its_own_line() {
        for (index, row) in PLACES.iter().enumerate() {
            assert_eq!(row.place as usize, index, "{:?}", row.place);
        }
        assert_eq!(Place::Written as usize + 1, PLACES.len());
    }

    #[test]
    fn the_page_of_the_error_shows_the_table() {
        assert!(crate::diagnostic::Code::J0306.page().contains(&table()), "{}", table());
    }

    #[test]
    fn members_of_a_list_are_judged_beside_what_is_known_around_them() {
        let inner = Position::from(Place::Segment).inside(Place::Item);
        assert_eq!(inner.scopes(), [Scope::Item, Scope::Customer]);
        assert!(inner.has_person() && !inner.has_run());
        let closed = Position::from(Place::Run).inside(Place::Behaviour);
        assert_eq!(closed.scopes(), [Scope::Event]);
        assert!(!closed.has_person());
    }
}
