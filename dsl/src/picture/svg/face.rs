//! What the card of each kind of step shows: an icon, a caption that names the kind, and what it
//! does.

use super::super::words;
use super::icon;
use crate::expr::{Condition, Duration, Expr, Value};
use crate::graph::{Call, Channel, ListenLimit, Share, Step, StepIndex, StepKind, WinnerBy};
use crate::time::Length;

/// The texts and the icon of a card.
pub(super) struct Face {
    pub(super) icon: &'static str,
    pub(super) caption: String,
    pub(super) headline: String,
    /// In small letters below.
    pub(super) detail: Option<String>,
    /// Something is taken away, or does not yet happen.
    pub(super) dashed: bool,
}

impl Face {
    pub(super) fn of(step: &Step) -> Self {
        let face = Self::new;
        match &step.kind {
            StepKind::Send { channel, message, to, with, draft } => {
                let to = to.as_ref().map(|to| format!("to {}", plain(to)));
                let face = face(channel_icon(*channel), sending(*channel, *draft), message);
                Self { dashed: *draft, ..face.with([to, given(with)]) }
            }
            StepKind::Wait(duration) => face(icon::CLOCK, "Wait", &duration.to_string()),
            StepKind::WaitUntil(moment) => face(icon::CALENDAR, "Wait until", &moment.to_string()),
            StepKind::WaitWindow(hours) => face(icon::SUNRISE, "Wait until", &hours.to_string()),
            StepKind::Listen { limit, arms, .. } => listen(limit, arms.len()),
            StepKind::At { moment, .. } => face(icon::PIN, "At", &moment.to_string()),
            StepKind::If { arms, .. } => decide(arms),
            StepKind::Match { value, .. } => face(icon::LIST, "Match", &value.to_string()),
            StepKind::Split { name, fresh: true, .. } => {
                face(icon::SHARES, "Split, drawn anew", name)
            }
            StepKind::Split { name, .. } => face(icon::SHARES, "Split", name),
            StepKind::Experiment { name, by, after, arms } => {
                face(icon::FLASK, "Experiment", name).with([Some(winner(*by, *after, arms)), None])
            }
            StepKind::Repeat { times, every, until, .. } => {
                repeat(*times, every.as_ref(), until.as_ref())
            }
            StepKind::Set { target, value } => {
                face(icon::PENCIL, "Set", &format!("{} = {value}", words::target(target)))
            }
            StepKind::Unset(target) => face(icon::CROSS, "Unset", &words::target(target)).dashed(),
            StepKind::Add { value, target } => {
                face(icon::PLUS, "Add", &format!("{value} to {}", words::target(target)))
            }
            StepKind::Remove { value, target } => {
                let headline = format!("{value} from {}", words::target(target));
                face(icon::MINUS, "Remove", &headline).dashed()
            }
            StepKind::AddToSegment(name) => face(icon::PERSON_IN, "Add to segment", name),
            StepKind::RemoveFromSegment(name) => {
                face(icon::PERSON_OUT, "Remove from segment", name).dashed()
            }
            StepKind::Subscribe(name) => face(icon::TAG_IN, "Subscribe to topic", name),
            StepKind::Unsubscribe(Some(name)) => {
                face(icon::TAG_OUT, "Unsubscribe from topic", name).dashed()
            }
            StepKind::Unsubscribe(None) => {
                face(icon::TAG_OUT, "Unsubscribe", "from everything").dashed()
            }
            StepKind::Suppress => face(icon::BAN, "Suppress", "gets no messages any more").dashed(),
            StepKind::Emit { event, person, with } => {
                let person = person.as_ref().map(|it| format!("for person {}", plain(it)));
                face(icon::WAVES, "Emit event", event).with([person, given(with)])
            }
            StepKind::Call(call) => request(call),
            StepKind::Lookup { collection, filter, name, .. } => {
                let (filter, name) = (format!("where {filter}"), format!("as {name}"));
                face(icon::LENS, "Look up", collection).with([Some(filter), Some(name)])
            }
            StepKind::StartCampaign { campaign, with } => {
                face(icon::PLAY, "Start campaign", campaign).with([given(with), None])
            }
            StepKind::Note(text) => face(icon::QUOTE, "Note", text).dashed(),
            StepKind::Exit => face(icon::DOOR_OUT, "Exit", "leaves here"),
        }
    }

    fn new(icon: &'static str, caption: &str, headline: &str) -> Self {
        let (caption, headline) = (caption.to_owned(), headline.to_owned());
        Self { icon, caption, headline, detail: None, dashed: false }
    }

    fn dashed(self) -> Self {
        Self { dashed: true, ..self }
    }

    fn with(self, details: [Option<String>; 2]) -> Self {
        let details: Vec<String> = details.into_iter().flatten().collect();
        Self { detail: (!details.is_empty()).then(|| details.join(" ")), ..self }
    }
}

const fn channel_icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => icon::ENVELOPE,
        Channel::Sms => icon::BUBBLE,
        Channel::Push => icon::BELL,
        Channel::InApp => icon::WINDOW,
        Channel::Slack => icon::HASH,
    }
}

const fn sending(channel: Channel, draft: bool) -> &'static str {
    match (channel, draft) {
        (Channel::Email, false) => "Send email",
        (Channel::Sms, false) => "Send SMS",
        (Channel::Push, false) => "Send push",
        (Channel::InApp, false) => "Send in-app message",
        (Channel::Slack, false) => "Send to Slack",
        (Channel::Email, true) => "Draft email",
        (Channel::Sms, true) => "Draft SMS",
        (Channel::Push, true) => "Draft push",
        (Channel::InApp, true) => "Draft in-app message",
        (Channel::Slack, true) => "Draft for Slack",
    }
}

fn listen(limit: &ListenLimit, arms: usize) -> Face {
    let limit = match limit {
        ListenLimit::Forever => "as long as it takes".to_owned(),
        ListenLimit::UpTo(duration) => format!("up to {}", duration),
        ListenLimit::Until(moment) => format!("until {moment}"),
    };
    let first = if arms > 1 { "what comes first, " } else { "" };
    Face::new(icon::PULSE, "Wait for", &format!("{first}{limit}"))
}

fn decide(arms: &[(Condition, Option<StepIndex>)]) -> Face {
    match arms {
        [(condition, _)] => Face::new(icon::FORK, "If", &condition.to_string()),
        _ => Face::new(icon::FORK, "Decide", "the first that holds"),
    }
}

fn winner(by: WinnerBy, after: Length, arms: &[Share]) -> String {
    let rest = 100.0 - arms.iter().map(|arm| arm.percent).sum::<f64>();
    // Sums of decimals have tails.
    let rest = (rest * 100.0).round() / 100.0;
    format!("{rest}% get the winner by {} after {after}", by.word())
}

fn repeat(times: u32, every: Option<&Duration>, until: Option<&Condition>) -> Face {
    let every = every.map(|every| format!(", every {}", every));
    let ending = if times == 1 { "" } else { "s" };
    let headline = format!("up to {times} time{ending}{}", every.unwrap_or_default());
    let until = until.map(|until| format!("until {until}"));
    Face::new(icon::ROUNDS, "Repeat", &headline).with([until, None])
}

fn request(call: &Call) -> Face {
    let caption = format!("Call {}", call.method.word());
    let reply = call.reply.as_ref().map(|name| format!("waits for the answer as {name}"));
    Face::new(icon::PLUG, &caption, &plain(&call.url)).with([reply, None])
}

/// Names of the data that is handed over; the values would be too long.
fn given(with: &[(String, Expr)]) -> Option<String> {
    let names: Vec<&str> = with.iter().map(|(name, _)| &**name).collect();
    (!names.is_empty()).then(|| format!("with {}", names.join(", ")))
}

/// Texts without their quotes.
fn plain(value: &Expr) -> String {
    match value {
        Expr::Literal(Value::String(text)) | Expr::Template(text) => text.clone(),
        other => other.to_string(),
    }
}
