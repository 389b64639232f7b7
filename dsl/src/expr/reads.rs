//! What can touch a condition: the data it reads, and whether time alone can change it.

use std::sync::Arc;

use super::{
    Activity, Atom, Condition, Duration, Expr, Interaction, Key, MomentTest, Path, Scope, Window,
};
use crate::graph::Channel;
use crate::time::{Length, Unit};

/// The attribute by which calendars and clocks depend on a person.
const ZONE_ATTRIBUTE: &str = "timezone";

/// Everything a condition or a value reads. Nothing else can change it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reads {
    /// First keys of the paths behind `customer`.
    pub attributes: Vec<String>,
    /// `customer` as a whole is read.
    pub all_attributes: bool,
    /// Names of the events behind `performed`, totals and single events.
    pub events: Vec<Arc<str>>,
    /// Pages, screens and forms behind `viewed` and the like.
    pub activities: Vec<Activity>,
    /// Names of segments.
    pub segments: Vec<Arc<str>>,
    /// Names of campaigns whose runs are asked about.
    pub campaigns: Vec<Arc<str>>,
    /// Names of topics.
    pub topics: Vec<Arc<str>>,
    /// Messages whose fate is asked about; without a name any of that channel.
    pub messages: Vec<(Channel, Option<Arc<str>>)>,
    /// Types of objects.
    pub objects: Vec<Arc<str>>,
    /// Whether the person can be reached at all: `unsubscribed`, `suppressed`.
    pub consent: bool,
    /// The person's devices are asked about.
    pub devices: bool,
    /// `journey.*` is read.
    pub journey: bool,
    /// Time alone can change the answer.
    pub clock: bool,
}

impl Reads {
    /// What `condition` reads.
    #[must_use]
    pub fn of(condition: &Condition) -> Self {
        let mut reads = Self::default();
        reads.condition(condition);
        reads
    }

    /// Adds what `condition` reads.
    pub fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            Condition::Not(part) => self.condition(part),
            Condition::Compare { left, right, .. } | Condition::Text { left, right, .. } => {
                self.exprs([left, right]);
            }
            Condition::Between { value, low, high } => self.exprs([value, low, high]),
            Condition::In { value, list, .. } => self.exprs(list.iter().chain([value])),
            Condition::Presence { path, .. } => self.path(path),
            Condition::InSegment(name) => push(&mut self.segments, name),
            Condition::Performed { atom, window, .. } => self.behaviour(atom, window),
            Condition::Moment { value, test } => self.moment(value, test),
            Condition::AnyItem { path, filter } => {
                self.path(path);
                self.condition(filter);
            }
            Condition::Interaction(interaction) => self.interaction(interaction),
            Condition::InCampaign(name)
            | Condition::EnteredCampaign(name)
            | Condition::FinishedCampaign(name) => push(&mut self.campaigns, name),
            Condition::SubscribedTo(name) => push(&mut self.topics, name),
            Condition::Unsubscribed | Condition::Suppressed => self.consent = true,
            Condition::HasDevice(_) => self.devices = true,
            Condition::RelatedTo { object, filter } => {
                push(&mut self.objects, object);
                filter.iter().for_each(|filter| self.condition(filter));
            }
            Condition::Random { .. } => {}
        }
    }

    /// Adds what `expr` reads.
    pub fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(path) => self.path(path),
            Expr::List(members) => self.exprs(members),
            Expr::Object(entries) => self.exprs(entries.iter().map(|(_, value)| value)),
            Expr::Arithmetic { left, right, .. } => self.exprs([&**left, &**right]),
            Expr::Default { value, .. } => self.expr(value),
            Expr::Duration(duration) => self.duration(duration),
            Expr::Moment(_) => self.calendar(),
            Expr::At { day, .. } => {
                self.expr(day);
                self.calendar();
            }
            Expr::Total(total) => self.behaviour(&total.atom, &total.window),
            Expr::Occurrence(occurrence) => push(&mut self.events, &occurrence.event),
            Expr::Template(text) => self.template(text),
            Expr::Literal(_) => {}
        }
    }

    /// Adds what a length of time reads.
    pub fn duration(&mut self, duration: &Duration) {
        match duration {
            Duration::Fixed(length) => self.length(*length),
            Duration::Computed { amount, unit } => {
                self.expr(amount);
                if matches!(unit, Unit::Month | Unit::Year) {
                    push(&mut self.attributes, &ZONE_ATTRIBUTE.to_owned());
                }
            }
        }
    }

    /// Adds the attributes that a text with Liquid in it names; one that is no template reads
    /// nothing.
    pub fn template(&mut self, text: &str) {
        let Ok(template) = liquid::Template::parse(text) else { return };
        for read in template.paths() {
            let mut keys = read.keys.iter();
            match (keys.next(), keys.next()) {
                (Some(liquid::Key::Name(scope)), Some(liquid::Key::Name(first)))
                    if scope == "customer" =>
                {
                    push(&mut self.attributes, first);
                }
                (Some(liquid::Key::Name(scope)), _) if scope == "customer" => {
                    self.all_attributes = true;
                }
                (Some(liquid::Key::Name(scope)), _) if scope == "journey" => self.journey = true,
                _ => {}
            }
        }
    }

    fn moment(&mut self, value: &Expr, test: &MomentTest) {
        self.expr(value);
        self.calendar();
        match test {
            MomentTest::Before(mark) | MomentTest::After(mark) => self.expr(mark),
            MomentTest::Between(low, high) => self.exprs([low, high]),
            MomentTest::InTheLast(_)
            | MomentTest::InTheNext(_)
            | MomentTest::MoreThanAgo(_)
            | MomentTest::MoreThanFromNow(_) => {}
        }
    }

    fn interaction(&mut self, asked: &Interaction) {
        push(&mut self.messages, &(asked.channel, asked.message.clone()));
        self.window(&asked.window);
    }

    fn behaviour(&mut self, atom: &Atom, window: &Window) {
        match atom.activity.event_name() {
            Some(name) => push(&mut self.events, name),
            None => push(&mut self.activities, &atom.activity),
        }
        self.window(window);
    }

    fn window(&mut self, window: &Window) {
        match window {
            Window::Ever | Window::SinceEntry => {}
            Window::Last(length) => {
                self.clock = true;
                self.length(*length);
            }
            Window::Before(mark) | Window::After(mark) => {
                self.expr(mark);
                self.calendar();
            }
        }
    }

    /// What a moment depends on besides its parts.
    fn calendar(&mut self) {
        self.clock = true;
        push(&mut self.attributes, &ZONE_ATTRIBUTE.to_owned());
    }

    fn length(&mut self, length: Length) {
        if length.months > 0 {
            push(&mut self.attributes, &ZONE_ATTRIBUTE.to_owned());
        }
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn path(&mut self, path: &Path) {
        match (path.scope, path.keys.first()) {
            (Scope::Customer, Some(Key::Name(name))) => push(&mut self.attributes, name),
            (Scope::Customer, None) => self.all_attributes = true,
            (Scope::Journey, _) => self.journey = true,
            (Scope::Customer, Some(Key::Index(_)))
            | (
                Scope::Event
                | Scope::Trigger
                | Scope::With
                | Scope::Message
                | Scope::Row
                | Scope::Item
                | Scope::Object
                | Scope::Relationship
                | Scope::Old
                | Scope::Secret,
                _,
            ) => {}
        }
    }
}

fn push<T: Clone + PartialEq>(list: &mut Vec<T>, value: &T) {
    if !list.contains(value) {
        list.push(value.clone());
    }
}
