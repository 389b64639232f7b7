//! Two generations of message ids: the older is emptied when a period begins, so that an id is
//! remembered for one to two periods.

use sea_orm::Value;

use crate::clock::real_now;
use crate::error::Result;
use crate::store::Session;

/// Length of a period: an id is remembered for 15 to 30 days.
const PERIOD_MS: i64 = 15 * dsl::time::DAY;
const SETTING: &str = "seen_period";

/// The table that takes new ids, and the one with those of the period before.
///
/// A period that has begun once goes on also where a clock stands behind it.
pub(super) async fn tables(session: &Session<'_>) -> Result<(&'static str, &'static str)> {
    let sql = "SELECT value FROM setting WHERE name = $1";
    let known = session.one(sql, vec![SETTING.into()]).await?;
    let known: Option<i64> =
        known.and_then(|row| row.text("value").ok()).and_then(|text| text.parse().ok());
    let period = known.unwrap_or(0).max(real_now() / PERIOD_MS);
    let (current, other) =
        if period % 2 == 0 { ("seen_0", "seen_1") } else { ("seen_1", "seen_0") };
    if known != Some(period) {
        begin(session, period, current).await?;
    }
    Ok((current, other))
}

/// Empties the table of a period that begins. Whoever changes the setting first does it; the rest
/// wait for its row and find it done.
async fn begin(session: &Session<'_>, period: i64, current: &str) -> Result<()> {
    let claim = "INSERT INTO setting (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        WHERE CAST(setting.value AS bigint) < CAST(excluded.value AS bigint)";
    let value: Value = period.to_string().into();
    if session.execute(claim, vec![SETTING.into(), value]).await? > 0 {
        let empty = if session.is_sqlite() { "DELETE FROM" } else { "TRUNCATE" };
        session.execute(&format!("{empty} {current}"), Vec::new()).await?;
    }
    Ok(())
}
