//! How the lines of a test are written.

use super::{Form, form};
use crate::syntax::grammar::Rule;

pub(super) const FORMS: &[Form] = &[
    form("campaign", Rule::test_campaign, &["campaign \"name\""]),
    form(
        "given",
        Rule::given_any,
        &[
            "given customer with { … }",
            "given segment \"name\"",
            "given events \"name\" 3 times",
            "given reply 200 with { … }",
            "given row \"collection\" with { … }",
            "given device ios",
            "given related to \"type\" with { … }",
            "given arm \"split\" \"arm\"",
            "given held out",
            "given no email",
            "given unsubscribed",
        ],
    ),
    form("at", Rule::test_at, &["at 2026-03-02T10:00"]),
    form("event", Rule::test_activity, &["event \"name\" [with { key: VALUE }]"]),
    form("page", Rule::test_activity, &["page \"/path\" [with { key: VALUE }]"]),
    form("screen", Rule::test_activity, &["screen \"name\" [with { key: VALUE }]"]),
    form("form", Rule::test_activity, &["form \"name\" [with { key: VALUE }]"]),
    form("customer", Rule::test_customer, &["customer with { key: VALUE }"]),
    form("opens", Rule::test_interaction, &["opens email \"name\""]),
    form("clicks", Rule::test_interaction, &["clicks email \"name\" [link \"https://…\"]"]),
    form("bounces", Rule::test_interaction, &["bounces email \"name\""]),
    form("converts", Rule::test_interaction, &["converts email \"name\""]),
    form("subscribes", Rule::test_subscribes, &["subscribes to topic \"name\""]),
    form("unsubscribes", Rule::test_unsubscribes, &["unsubscribes [from topic \"name\"]"]),
    form("call", Rule::test_call, &["call with { key: VALUE }"]),
    form("object", Rule::test_object, &["object \"type\" with { key: VALUE }"]),
    form("broadcast", Rule::test_broadcast, &["broadcast \"name\""]),
    form("wait", Rule::test_wait_any, &["wait 2 days", "wait until 2026-03-04T10:00"]),
    form(
        "expect",
        Rule::expect_any,
        &[
            "expect [no] email \"name\" [where (CONDITION)] [within 2 days]",
            "expect skipped email \"name\" [because \"…\"]",
            "expect event \"name\"",
            "expect call POST \"https://…\"",
            "expect goal \"name\"",
            "expect exit when event \"name\"",
            "expect finished",
            "expect at step LABEL",
            "expect CONDITION",
        ],
    ),
];
