//! Bringing in activity.

use async_graphql::{Context, InputObject, Json, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::Identifier;
use domain::intake::{Activity, ActivityKind, Taken};
use serde_json::Value;

use super::call::{Call, Needs};
use super::fail::{beyond, failed};
use super::person::IdentifierInput;
use crate::auth::Right;
use crate::intake::BATCH_MAX;
use crate::problem::{Code, Problem};

/// What intake calls a field, and what it is here.
const FIELDS: [(&str, &str); 7] = [
    ("id", "identifiers"),
    ("email", "identifiers"),
    ("anonymous_id", "identifiers"),
    ("userId", "identifiers"),
    ("traits", "attributes"),
    ("event", "name"),
    ("properties", "data"),
];

/// Attributes to write to one person, who is made where it is not known.
#[derive(Debug, InputObject)]
struct PersonInput {
    /// Its names, the strongest first.
    identifiers: Vec<IdentifierInput>,
    /// What to write; null removes, a dotted name is a path.
    #[graphql(default)]
    attributes: Json<dsl::expr::Object>,
    /// When it was so; now, if nothing is said.
    timestamp: Option<DateTime<Utc>>,
    /// The sender's id of this message: it is taken once, however often it is sent.
    message_id: Option<String>,
}

/// Something a person did.
#[derive(Debug, InputObject)]
struct EventInput {
    /// The person's names, the strongest first.
    identifiers: Vec<IdentifierInput>,
    /// Name of the event.
    name: String,
    /// Its data.
    #[graphql(default)]
    data: Json<dsl::expr::Object>,
    /// When it happened; now, if nothing is said.
    timestamp: Option<DateTime<Utc>>,
    /// The sender's id of this message: it is taken once, however often it is sent.
    message_id: Option<String>,
}

#[derive(Debug, InputObject)]
struct IdentifyPeopleInput {
    /// Up to 1,000.
    people: Vec<PersonInput>,
    /// The same call with the same key is taken once; it stands for the message ids that are not given.
    idempotency_key: Option<String>,
}

#[derive(Debug, InputObject)]
struct TrackEventsInput {
    /// Up to 1,000.
    events: Vec<EventInput>,
    /// The same call with the same key is taken once; it stands for the message ids that are not given.
    idempotency_key: Option<String>,
}

/// One entry of the input that was not taken; the others were.
#[derive(Debug, SimpleObject)]
struct Refusal {
    /// Its place in the input, from 0.
    index: usize,
    /// A stable code, with a page at `/errors/CODE`.
    code: &'static str,
    /// What was expected and what was found.
    message: String,
    /// The field at fault.
    field: Option<String>,
}

#[derive(Debug, SimpleObject)]
struct IdentifyPeoplePayload {
    /// How many were taken in. A person's attributes change within moments.
    accepted: usize,
    /// How many were known by their message id, and not taken again.
    repeated: usize,
    /// Those that were not taken.
    errors: Vec<Refusal>,
}

#[derive(Debug, SimpleObject)]
struct TrackEventsPayload {
    /// How many were taken in.
    accepted: usize,
    /// How many were known by their message id, and not taken again.
    repeated: usize,
    /// Those that were not taken.
    errors: Vec<Refusal>,
}

#[derive(Debug, Default)]
pub(crate) struct ActivityMutation;

#[Object]
impl ActivityMutation {
    /// Writes attributes of people.
    #[graphql(guard = "Needs(Right::Track)")]
    async fn identify_people(
        &self,
        context: &Context<'_>,
        input: IdentifyPeopleInput,
    ) -> Result<IdentifyPeoplePayload> {
        let key = input.idempotency_key;
        let people = input.people.into_iter().map(|one| Piece {
            identifiers: one.identifiers,
            kind: ActivityKind::Identify { patch: one.attributes.0 },
            timestamp: one.timestamp,
            message_id: one.message_id,
        });
        let Outcome { accepted, repeated, errors } =
            Batch { kind: "identify", field: "input.people", key }.take(context, people).await?;
        Ok(IdentifyPeoplePayload { accepted, repeated, errors })
    }

    /// Brings in events.
    #[graphql(guard = "Needs(Right::Track)")]
    async fn track_events(
        &self,
        context: &Context<'_>,
        input: TrackEventsInput,
    ) -> Result<TrackEventsPayload> {
        let key = input.idempotency_key;
        let events = input.events.into_iter().map(|one| Piece {
            identifiers: one.identifiers,
            kind: ActivityKind::Event { name: one.name, data: Value::Object(one.data.0) },
            timestamp: one.timestamp,
            message_id: one.message_id,
        });
        let Outcome { accepted, repeated, errors } =
            Batch { kind: "track", field: "input.events", key }.take(context, events).await?;
        Ok(TrackEventsPayload { accepted, repeated, errors })
    }
}

struct Piece {
    identifiers: Vec<IdentifierInput>,
    kind: ActivityKind,
    timestamp: Option<DateTime<Utc>>,
    message_id: Option<String>,
}

/// What is said once for all pieces.
struct Batch {
    kind: &'static str,
    field: &'static str,
    key: Option<String>,
}

#[derive(Default)]
struct Outcome {
    accepted: usize,
    repeated: usize,
    errors: Vec<Refusal>,
}

impl Batch {
    async fn take(
        self,
        context: &Context<'_>,
        pieces: impl ExactSizeIterator<Item = Piece>,
    ) -> Result<Outcome> {
        let call = Call::of(context)?;
        if pieces.len() > BATCH_MAX {
            let message =
                format!("expected at most {BATCH_MAX} in one call, found {}", pieces.len());
            return Err(beyond(self.field, message));
        }
        let activities = pieces.enumerate().map(|(index, piece)| self.read(index, piece)).collect();
        let taken = call.intake.accept(call.workspace, activities).await.map_err(failed)?;
        let mut outcome = Outcome::default();
        for (index, taken) in taken.into_iter().enumerate() {
            let result = match taken {
                Taken::Accepted => {
                    outcome.accepted += 1;
                    "accepted"
                }
                Taken::Repeated => {
                    outcome.repeated += 1;
                    "repeated"
                }
                Taken::Refused(error) => {
                    outcome.errors.push(refusal(index, Problem::from(error)));
                    "refused"
                }
            };
            call.metrics.took(self.kind, result);
        }
        Ok(outcome)
    }

    fn read(&self, index: usize, piece: Piece) -> Activity {
        let of_key = || self.key.as_ref().map(|key| format!("{key}/{index}"));
        Activity {
            identifiers: piece.identifiers.into_iter().map(Identifier::from).collect(),
            message_id: piece.message_id.or_else(of_key),
            kind: piece.kind,
            time: piece.timestamp.map(|time| time.timestamp_millis()),
        }
    }
}

/// A refusal in the words of this schema.
fn refusal(index: usize, problem: Problem) -> Refusal {
    let is_nameless = problem.field.as_deref() == Some("userId");
    let message = if is_nameless && problem.code == Code::Invalid {
        "expected at least one identifier, found none".to_owned()
    } else {
        problem.detail
    };
    let field = problem.field.map(|field| {
        let (head, rest) =
            field.split_once('.').map_or((field.as_str(), None), |(head, rest)| (head, Some(rest)));
        let ours = FIELDS.iter().find(|(theirs, _)| *theirs == head).map_or(head, |(_, ours)| ours);
        rest.map_or_else(|| ours.to_owned(), |rest| format!("{ours}.{rest}"))
    });
    Refusal { index, code: problem.code.word(), message, field }
}
