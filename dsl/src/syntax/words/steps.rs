//! How clauses and steps are written.

use super::{Form, form};
use crate::syntax::grammar::Rule;

/// Clauses in their order, then steps.
pub(super) const FORMS: &[Form] = &[
    form(
        "on",
        Rule::on_any,
        &[
            "on event \"name\" [where CONDITION]",
            "on match CONDITION",
            "on enter segment \"name\"",
            "on leave segment \"name\"",
            "on object \"type\" match CONDITION",
            "on change customer.name [to VALUE]",
            "on date MOMENT [yearly]",
            "on schedule every DAY at 09:00",
            "on call",
        ],
    ),
    form("to", Rule::audience, &["to CONDITION"]),
    form("at", Rule::at_any, &["at MOMENT { … } [late { … }]", "at MOMENT"]),
    form("only", Rule::only_if, &["only if CONDITION"]),
    form(
        "enter",
        Rule::enter,
        &[
            "enter once [per 30 days]",
            "enter every time",
            "enter … [unless active | replacing active]",
        ],
    ),
    form(
        "exit",
        Rule::exit_when,
        &["exit when event \"name\" [where CONDITION]", "exit when CONDITION", "exit"],
    ),
    form(
        "goal",
        Rule::goal,
        &[
            "goal \"name\" when event \"name\" [within 7 days [of entry]]",
            "goal \"name\" when CONDITION",
        ],
    ),
    form("topic", Rule::topic, &["topic \"name\""]),
    form("limit", Rule::limit, &["limit 1000 per hour"]),
    form("holdout", Rule::holdout, &["holdout 5%"]),
    form(
        "send",
        Rule::send_any,
        &[
            "send email \"name\" [to ADDRESS] [with { key: VALUE }]",
            "send only weekdays 09:00..20:00",
        ],
    ),
    form("draft", Rule::send, &["draft email \"name\""]),
    form(
        "wait",
        Rule::wait_any,
        &[
            "wait 2 days",
            "wait until MOMENT",
            "wait for event \"name\" up to 5 days",
            "wait forever { on event \"name\" { … } }",
            "wait up to 5 days { on event \"name\" { … } on timeout { … } }",
        ],
    ),
    form("if", Rule::if_step, &["if CONDITION { … } else if CONDITION { … } else { … }"]),
    form("match", Rule::match_step, &["match VALUE { \"pro\" { … } else { … } }"]),
    form("split", Rule::split, &["split \"name\" { 50% \"a\" { … } 50% \"b\" { … } }"]),
    form(
        "experiment",
        Rule::experiment,
        &["experiment \"name\" winner by opens after 2 days { 10% \"a\" { … } 10% \"b\" { … } }"],
    ),
    form(
        "repeat",
        Rule::repeat,
        &["repeat up to 3 times [every 2 days] [until CONDITION] [as round] { … }"],
    ),
    form("set", Rule::set, &["set customer.name = VALUE", "set journey.name = VALUE"]),
    form("unset", Rule::unset, &["unset customer.name"]),
    form("add", Rule::add_any, &["add VALUE to customer.tags", "add to segment \"name\""]),
    form(
        "remove",
        Rule::remove_any,
        &["remove VALUE from customer.tags", "remove from segment \"name\""],
    ),
    form("subscribe", Rule::subscribe, &["subscribe to topic \"name\""]),
    form("unsubscribe", Rule::unsubscribe, &["unsubscribe from topic \"name\"", "unsubscribe"]),
    form("suppress", Rule::suppress, &["suppress"]),
    form("emit", Rule::emit, &["emit event \"name\" [with { key: VALUE }]"]),
    form("call", Rule::call, &["call POST \"https://…\" { json: { … } } [as reply]"]),
    form(
        "lookup",
        Rule::lookup,
        &["lookup \"collection\" where CONDITION [order by row.name] as name"],
    ),
    form("start", Rule::start_campaign, &["start campaign \"name\" [with { key: VALUE }]"]),
    form("note", Rule::note, &["note \"text\""]),
];
