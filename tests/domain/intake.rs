//! Taking activity in: once, in order, or not at all.

use domain::intake::Taken;
use serde_json::json;
use tests::for_each_database;

use tests::side::{Side, identify, track};

#[tokio::test]
async fn a_message_id_is_taken_once() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        let mut first = track("ada", "bought", json!({"n": 1}));
        first.message_id = Some("m1".to_owned());
        let mut other = track("ada", "bought", json!({"n": 2}));
        other.message_id = Some("m1".to_owned());
        let again = first.clone();
        let taken = side.take(vec![first, again.clone()]).await;
        assert!(matches!(taken[..], [Taken::Accepted, Taken::Repeated]), "{taken:?}");
        let taken = side.take(vec![again, other]).await;
        assert!(matches!(&taken[..], [Taken::Repeated, Taken::Refused(_)]), "{taken:?}");
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM event").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_one_database_would_refuse_is_refused_at_the_door() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        let mut late = track("ada", "bought", json!({}));
        late.time = Some(253_400_000_000_000);
        let mut nobody = track("ada", "bought", json!({}));
        nobody.identifiers.clear();
        let deep = (0..20).fold(json!(1), |inner, _| json!([inner]));
        let bad = vec![
            identify("ada", json!({"name": "A\0da"})),
            track("a\0", "bought", json!({})),
            track("ada", "", json!({})),
            track("ada", "bought", json!({"deep": deep})),
            identify("ada", json!({"text": "x".repeat(5_000)})),
            late,
            nobody,
        ];
        let count = bad.len();
        let taken =
            side.take(bad.into_iter().chain([identify("ada", json!({"ok": true}))]).collect());
        let taken = taken.await;
        assert!(taken[..count].iter().all(|one| matches!(one, Taken::Refused(_))), "{taken:?}");
        assert!(matches!(taken[count], Taken::Accepted));
        assert_eq!(side.number("SELECT count(*) FROM inbox").await, 1);
    })
    .await;
}

#[tokio::test]
async fn concurrent_callers_name_one_person() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        let calls = (0..40).map(|n| side.take(vec![track("ada", "bought", json!({"n": n}))]));
        futures::future::join_all(calls).await;
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM identifier").await, 1);
        assert_eq!(side.number("SELECT count(*) FROM person").await, 1);
        assert_eq!(side.number("SELECT count(*) FROM event").await, 40);
    })
    .await;
}
