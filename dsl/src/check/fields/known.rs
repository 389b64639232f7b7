//! Which fields there are, and which may not be absent.

use super::{Known, Takes};
use crate::graph::Channel;
use crate::resolve::Place;

const RICH: Takes = Takes::Content(&["file", "mjml", "html", "markdown", "text"]);
const PLAIN: Takes = Takes::Content(&["file", "text"]);
const AFTER_CRASH: Takes = Takes::Word(&["retry", "leave"]);

pub(in super::super) const WORKSPACE: Known = Known {
    of: "the workspace",
    place: Place::Template,
    fields: &[("timezone", Takes::Text), ("from", Takes::Text), ("language", Takes::Text)],
};
pub(in super::super) const TOPIC: Known = Known {
    of: "a topic",
    place: Place::Template,
    fields: &[("default", Takes::Word(&["subscribed", "unsubscribed"]))],
};
pub(in super::super) const LAYOUT: Known =
    Known { of: "a layout", place: Place::Layout, fields: &[("body", RICH)] };
pub(in super::super) const SNIPPET: Known =
    Known { of: "a snippet", place: Place::Template, fields: &[("body", RICH)] };

const EMAIL: Known = Known {
    of: "an e-mail",
    place: Place::Template,
    fields: &[
        ("from", Takes::Template),
        ("to", Takes::Template),
        ("reply_to", Takes::Template),
        ("cc", Takes::Template),
        ("bcc", Takes::Template),
        ("subject", Takes::Template),
        ("preheader", Takes::Template),
        ("topic", Takes::Text),
        ("layout", Takes::Text),
        ("body", RICH),
        ("text", PLAIN),
        ("headers", Takes::Headers),
        ("tracking", Takes::Word(&["opens", "clicks", "both", "none"])),
        ("after_crash", AFTER_CRASH),
    ],
};
const SMS: Known = Known {
    of: "an SMS",
    place: Place::Template,
    fields: &[
        ("from", Takes::Template),
        ("to", Takes::Template),
        ("topic", Takes::Text),
        ("body", PLAIN),
        ("after_crash", AFTER_CRASH),
    ],
};
const PUSH: Known = Known {
    of: "a push",
    place: Place::Template,
    fields: &[
        ("title", Takes::Template),
        ("topic", Takes::Text),
        ("body", PLAIN),
        ("link", Takes::Template),
        ("after_crash", AFTER_CRASH),
    ],
};
const IN_APP: Known = Known {
    of: "an in-app message",
    place: Place::Template,
    fields: &[
        ("title", Takes::Template),
        ("topic", Takes::Text),
        ("body", RICH),
        ("link", Takes::Template),
        ("expires", Takes::Duration),
    ],
};
const SLACK: Known = Known {
    of: "a Slack message",
    place: Place::Template,
    fields: &[("channel", Takes::Template), ("text", PLAIN), ("after_crash", AFTER_CRASH)],
};

/// The fields of a message.
pub(in super::super) const fn known_of(channel: Channel) -> Known {
    match channel {
        Channel::Email => EMAIL,
        Channel::Sms => SMS,
        Channel::Push => PUSH,
        Channel::InApp => IN_APP,
        Channel::Slack => SLACK,
    }
}

/// What a message of the channel is called, and the fields it cannot do without.
pub(in super::super) const fn needs(
    channel: Channel,
) -> (&'static str, &'static [(&'static str, &'static str)]) {
    match channel {
        Channel::Email => {
            ("e-mail", &[("subject", "subject: \"…\""), ("body", "body: file \"….html\"")])
        }
        Channel::Sms => ("SMS", &[("body", "body: \"…\"")]),
        Channel::Push => ("push", &[("body", "body: \"…\"")]),
        Channel::InApp => ("in-app message", &[("body", "body: \"…\"")]),
        Channel::Slack => {
            ("Slack message", &[("channel", "channel: \"#sales\""), ("text", "text: \"…\"")])
        }
    }
}
