//! Conditions and clauses, in the words of pictures.

use serde_json::json;

use super::*;
use crate::expr::{Expr, Presence};
use crate::time::{Length, TimeOfDay};

fn enters(how_often: HowOften, while_active: WhileActive) -> Enter {
    Enter { how_often, per: None, while_active, including_current: false }
}

#[test]
fn entry_says_only_what_is_not_understood() {
    let check = |it: Enter, text: &str| assert_eq!(enter(&it), text);
    check(enters(HowOften::Once, WhileActive::Refuse), "once");
    check(enters(HowOften::EveryTime, WhileActive::Alongside), "every time");
    check(enters(HowOften::EveryTime, WhileActive::Refuse), "every time unless active");
    let month = HowOften::OncePer(Length { months: 1, ms: 0 });
    check(enters(month, WhileActive::Replace), "once per 1 month replacing active");
    let per = Path { scope: Scope::Trigger, keys: vec![Key::Name("cart_id".to_owned())] };
    let once = enters(HowOften::Once, WhileActive::Refuse);
    check(
        Enter { per: Some(per), including_current: true, ..once },
        "once per trigger.cart_id including current",
    );
}

#[test]
fn targets_are_paths() {
    let keys = vec![Key::Name("address".to_owned()), Key::Name("odd key".to_owned())];
    assert_eq!(target(&Target::Journey(keys)), "journey.address[\"odd key\"]");
}

#[test]
fn every_trigger_reads_as_it_is_written() {
    let check = |it: Trigger, text: &str| assert_eq!(trigger(&it), text);
    let keys = vec![Key::Name("plan".to_owned())];
    let exists = Condition::Presence {
        path: Path { scope: Scope::Customer, keys: keys.clone() },
        test: Presence::Exists,
    };
    let moment = Expr::Path(Path { scope: Scope::Customer, keys: keys.clone() });
    let page = Activity { kind: crate::expr::ActivityKind::Page, name: "/pricing*".into() };
    check(Trigger::Activity { activity: page, filter: None }, "page \"/pricing*\"");
    check(Trigger::Match(exists.clone()), "match customer.plan exists");
    check(Trigger::EnterSegment("VIP".into()), "enter segment \"VIP\"");
    check(Trigger::LeaveSegment("VIP".into()), "leave segment \"VIP\"");
    let change = |from, to| Trigger::Change { keys: keys.clone(), from, to };
    check(change(None, None), "change customer.plan");
    check(
        change(Some(json!("free")), Some(json!("pro"))),
        "change customer.plan from \"free\" to \"pro\"",
    );
    let date = |every| Trigger::Date { moment: moment.clone(), every };
    check(date(Some(Every::Year)), "date customer.plan yearly");
    check(date(Some(Every::Month)), "date customer.plan monthly");
    check(Trigger::Call, "call");
    let object = |on, people| Trigger::Object { object: "account".into(), on, people };
    check(object(ObjectTrigger::Related, None), "object \"account\" related");
    check(object(ObjectTrigger::Unrelated, None), "object \"account\" unrelated");
    check(
        object(ObjectTrigger::Change { keys, from: None, to: Some(json!(3)) }, Some(exists)),
        "object \"account\" change object.plan to 3 for people where (customer.plan exists)",
    );
}

#[test]
fn schedules_name_days_as_people_do() {
    let nine = TimeOfDay { second: 9 * 3600 };
    let check = |days, text: &str| {
        assert_eq!(trigger(&Trigger::Schedule { days, at: nine, zone: Zone::Customer }), text);
    };
    let zone = Zone::Named("Europe/Paris".to_owned());
    assert_eq!(
        trigger(&Trigger::Schedule { days: ScheduleDays::Week(Days::WEEKDAYS), at: nine, zone }),
        "schedule every weekdays at 09:00 in \"Europe/Paris\""
    );
    check(ScheduleDays::Week(Days::ALL), "schedule every day at 09:00");
    check(ScheduleDays::Week(Days(0b001_0001)), "schedule every monday, friday at 09:00");
    for (day, text) in
        [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (13, "13th"), (22, "22nd")]
    {
        check(ScheduleDays::Month(day), &format!("schedule every {text} at 09:00"));
    }
}

#[test]
fn goals_name_what_they_are_credited_to_unless_it_is_the_message() {
    let goal_of = |of, within| Goal {
        name: "Paid".into(),
        signal: Signal::Activity { activity: Activity::event("paid"), filter: None },
        within,
        of,
    };
    let day = Some(Length::exact(crate::time::DAY));
    assert_eq!(goal(&goal_of(Attribution::Send, None)), "\"Paid\" when event \"paid\"");
    assert_eq!(
        goal(&goal_of(Attribution::Open, day)),
        "\"Paid\" when event \"paid\" within 1 day of open"
    );
}
