//! What can be said of a campaign before anybody walks through it: how long that takes, how many
//! messages it brings, what it reads and what it changes. As data, and as text for a terminal.

mod bounds;
mod gather;
mod text;

use std::sync::Arc;

pub use gather::facts;
use serde::Serialize;
pub use text::text;

use crate::graph::Channel;
use crate::time::Length;

/// One campaign. Names stand in the order in which the campaign first says them, each once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignFacts {
    /// Its name.
    pub campaign: Arc<str>,
    /// From entry to the end at the soonest, where nothing ends it early; `None` where that
    /// depends on data of the person.
    pub shortest: Option<Length>,
    /// From entry to the end at the latest.
    pub longest: Longest,
    /// Messages to one person in one run at the fewest, where nothing ends it early.
    pub fewest_messages: u32,
    /// Messages to one person in one run at the most.
    pub most_messages: u32,
    /// The same for each channel that the campaign uses.
    pub channels: Vec<ChannelFacts>,
    /// The messages that it can send.
    pub messages: Vec<MessageFacts>,
    /// Attributes of the person that it reads: `plan`, `address.city`.
    pub attributes: Vec<String>,
    /// Events that begin it, move it or are asked for.
    pub events: Vec<String>,
    /// Segments that it asks for.
    pub segments: Vec<String>,
    /// Attributes of the person that it changes.
    pub writes: Vec<String>,
    /// Campaigns that it can start.
    pub starts: Vec<String>,
    /// Campaigns that can start it.
    pub started_by: Vec<String>,
}

/// The latest end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Longest {
    /// Each way through takes this long, if nothing ends it early.
    Exactly {
        /// From entry.
        length: Length,
    },
    /// No way takes longer.
    AtMost {
        /// From entry.
        length: Length,
    },
    /// It waits for something that may never come, or for a moment that data names.
    Unlimited,
}

/// The messages of one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChannelFacts {
    /// Which way.
    pub channel: Channel,
    /// At the fewest, where nothing ends the run early.
    pub fewest: u32,
    /// At the most.
    pub most: u32,
}

/// A message that a campaign can send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageFacts {
    /// Which way.
    pub channel: Channel,
    /// Its name within the channel.
    pub name: Arc<str>,
}

#[cfg(test)]
mod tests;
