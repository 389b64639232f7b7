//! Counters: appended as differences by ticks and deliveries, folded once a minute, read as the
//! sum of both.

use std::collections::BTreeMap;

use crate::WorkspaceId;
use crate::error::Result;
use crate::store::Store;

/// Differences folded in one transaction.
const FOLDED_AT_ONCE_MAX: i64 = 20_000;

/// The counters of a workspace whose name begins with `prefix`, over all days.
pub async fn read(store: &Store, w: WorkspaceId, prefix: &str) -> Result<BTreeMap<String, i64>> {
    let sql = "SELECT metric, CAST(sum(value) AS bigint) AS value FROM (
            SELECT metric, value FROM counter WHERE w = $1 AND metric >= $2 AND metric < $3
            UNION ALL
            SELECT metric, delta AS value FROM counter_delta
            WHERE w = $1 AND metric >= $2 AND metric < $3) AS sums
        GROUP BY metric";
    let end = format!("{prefix}\u{10ffff}");
    let rows = store.read().all(sql, vec![w.into(), prefix.into(), end.into()]).await?;
    rows.iter().map(|row| Ok((row.text("metric")?, row.int("value")?))).collect()
}

/// Folds differences into the counters; answers whether some are left.
pub async fn fold(store: &Store) -> Result<bool> {
    store
        .write(|session| {
            Box::pin(async move {
                if !session.is_sqlite() {
                    // One process folds; the others find nothing to do.
                    let lock = "SELECT pg_advisory_xact_lock(hashtext('sojourn.counters'))";
                    session.all(lock, Vec::new()).await?;
                }
                let sql = "SELECT max(seq) AS last, count(*) AS count FROM (
                    SELECT seq FROM counter_delta ORDER BY seq LIMIT $1) AS oldest";
                let oldest = session.one(sql, vec![FOLDED_AT_ONCE_MAX.into()]).await?;
                let Some(last) = oldest.as_ref().and_then(|row| row.int("last").ok()) else {
                    return Ok(false);
                };
                let count = oldest.map_or(Ok(0), |row| row.int("count"))?;
                let sql = "INSERT INTO counter (w, metric, day, value)
                    SELECT w, metric, day, CAST(sum(delta) AS bigint) FROM counter_delta
                    WHERE seq <= $1 GROUP BY w, metric, day ORDER BY w, metric, day
                    ON CONFLICT (w, metric, day) DO UPDATE SET value = counter.value + excluded.value";
                if session.is_sqlite() {
                    session.execute(sql, vec![last.into()]).await?;
                    let gone = "DELETE FROM counter_delta WHERE seq <= $1";
                    session.execute(gone, vec![last.into()]).await?;
                    return Ok(count >= FOLDED_AT_ONCE_MAX);
                }
                // A difference that commits late has a smaller number: only what is deleted counts.
                let sql = "WITH gone AS (DELETE FROM counter_delta WHERE seq <= $1
                        RETURNING w, metric, day, delta)
                    INSERT INTO counter (w, metric, day, value)
                    SELECT w, metric, day, sum(delta)::bigint FROM gone
                    GROUP BY w, metric, day ORDER BY w, metric, day
                    ON CONFLICT (w, metric, day) DO UPDATE SET value = counter.value + excluded.value";
                session.execute(sql, vec![last.into()]).await?;
                Ok(count >= FOLDED_AT_ONCE_MAX)
            })
        })
        .await
}
