//! What lets people enter, and how often.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::expr::{Activity, Condition, Expr, Key, Path, Value};
use crate::time::{Length, TimeOfDay, Zone};

/// What lets a person enter.
#[expect(clippy::large_enum_variant, reason = "there are few, and none is moved often")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// `on event "x" [where COND]`; the condition reads `event.*` and `customer.*`.
    Activity {
        /// What is done.
        activity: Activity,
        /// Judged once, when it comes.
        filter: Option<Condition>,
    },
    /// `on match COND`: from not matching to matching.
    Match(Condition),
    /// `on enter segment "S"`
    EnterSegment(Arc<str>),
    /// `on leave segment "S"`
    LeaveSegment(Arc<str>),
    /// `on change customer.x [from LIT] [to LIT]`
    Change {
        /// The attribute.
        keys: Vec<Key>,
        /// What it was.
        from: Option<Value>,
        /// What it becomes.
        to: Option<Value>,
    },
    /// `on date MOMENT [yearly|monthly]`
    Date {
        /// Reads `customer.*`.
        moment: Expr,
        /// How often it comes again.
        every: Option<Every>,
    },
    /// `on object "account" …`: the people related to it, one run per person and object.
    Object {
        /// The type of the object.
        object: Arc<str>,
        /// What happens to it.
        on: ObjectTrigger,
        /// `for people where (…)`
        people: Option<Condition>,
    },
    /// `on call`
    Call,
    /// `on schedule every monday at 09:00`
    Schedule {
        /// On which days.
        days: ScheduleDays,
        /// At what time.
        at: TimeOfDay,
        /// Whose clock shows it.
        zone: Zone,
    },
}

/// What happens to an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectTrigger {
    /// `match COND`, on `object.*`.
    Match(Condition),
    /// `change object.plan [from] [to]`
    Change {
        /// The attribute.
        keys: Vec<Key>,
        /// What it was.
        from: Option<Value>,
        /// What it becomes.
        to: Option<Value>,
    },
    /// `date MOMENT [yearly|monthly]`
    Date {
        /// Reads `object.*`.
        moment: Expr,
        /// How often it comes again.
        every: Option<Every>,
    },
    /// `related`: somebody is related to it.
    Related,
    /// `unrelated`
    Unrelated,
}

/// How often a date comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// `yearly`: 29 February becomes the 28th in other years.
    Year,
    /// `monthly`: the 31st becomes the last day of shorter months.
    Month,
}

/// The days of `on schedule every …`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleDays {
    /// `every day`, `every monday, friday`
    Week(crate::time::Days),
    /// `every 1st`, 1 to 31; the last day of shorter months.
    Month(u32),
}

/// How often a person may enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enter {
    /// `once`, `once per D`, `every time`.
    pub how_often: HowOften,
    /// `per trigger.cart_id`: counted for each value, with one live run for each.
    pub per: Option<Path>,
    /// What happens while a run of this campaign is live.
    pub while_active: WhileActive,
    /// `including current`: also those who match when the campaign is activated.
    pub including_current: bool,
}

/// The first half of an `enter` clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HowOften {
    /// `enter once`.
    Once,
    /// `enter once per 30 days`: not while an entry lies less than that back.
    OncePer(Length),
    /// `enter every time`.
    EveryTime,
}

/// The second half of an `enter` clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhileActive {
    /// Another run begins beside the live one (only `every time` on an event).
    Alongside,
    /// `unless active`.
    Refuse,
    /// `replacing active`: the live run ends, then the new one begins.
    Replace,
}
