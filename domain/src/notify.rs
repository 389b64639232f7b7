//! Word between processes on PostgreSQL: which lanes have something new. Sent after the commit and
//! at most so many times a second; what is lost is found by the look each second.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::{broadcast, mpsc};

use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::intake::Arrival;
use crate::store::Store;

const CHANNEL: &str = "sojourn_lanes";
/// Pause between two words of one process: at most 20 a second.
const PAUSE: Duration = Duration::from_millis(50);
/// Bytes of a bitmap of 256 lanes.
const BITMAP_BYTES: usize = 32;
/// Arrivals that may wait for a listener.
const HEARD_WAITING_MAX: usize = 64;

/// Tells other processes what came in here, until `arrivals` is closed. Does nothing on SQLite,
/// where one process does everything.
pub async fn publish(store: Store, mut arrivals: broadcast::Receiver<Arrival>) {
    if store.is_sqlite() {
        return;
    }
    let mut lanes: BTreeMap<WorkspaceId, [u8; BITMAP_BYTES]> = BTreeMap::new();
    loop {
        match arrivals.recv().await {
            Ok(arrival) => note(&mut lanes, &arrival),
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
        tokio::time::sleep(PAUSE).await;
        while let Ok(arrival) = arrivals.try_recv() {
            note(&mut lanes, &arrival);
        }
        for (workspace, bitmap) in std::mem::take(&mut lanes) {
            let word = format!("{workspace}:{}", crate::settings::hex(&bitmap));
            let sql = "SELECT pg_notify($1, $2)";
            if let Err(error) = store.read().all(sql, vec![CHANNEL.into(), word.into()]).await {
                tracing::warn!(%error, "could not tell other processes of new activity");
            }
        }
    }
}

/// Hears what other processes tell. Ends with an error when the connection is lost for good.
pub async fn listen(store: &Store) -> Result<mpsc::Receiver<Arrival>> {
    let mut listener =
        PgListener::connect_with(store.postgres_pool()?).await.map_err(Error::internal)?;
    listener.listen(CHANNEL).await.map_err(Error::internal)?;
    let (heard, hearing) = mpsc::channel(HEARD_WAITING_MAX);
    tokio::spawn(async move {
        // The listener connects again by itself; an error is final.
        while let Ok(word) = listener.recv().await {
            let Some(arrival) = read(word.payload()) else { continue };
            if heard.send(arrival).await.is_err() {
                return;
            }
        }
    });
    Ok(hearing)
}

fn note(lanes: &mut BTreeMap<WorkspaceId, [u8; BITMAP_BYTES]>, arrival: &Arrival) {
    let bitmap = lanes.entry(arrival.workspace).or_default();
    for lane in &arrival.lanes {
        let Ok(lane) = usize::try_from(*lane) else { continue };
        if let Some(byte) = bitmap.get_mut(lane / 8) {
            *byte |= 1 << (lane % 8);
        }
    }
}

fn read(word: &str) -> Option<Arrival> {
    let (workspace, bitmap) = word.split_once(':')?;
    let mut lanes = Vec::new();
    for (at, pair) in bitmap.as_bytes().chunks(2).enumerate() {
        let byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        let first = i64::try_from(at * 8).ok()?;
        lanes.extend((0..8).filter(|bit| byte & (1 << bit) != 0).map(|bit| first + bit));
    }
    Some(Arrival { workspace: workspace.parse().ok()?, lanes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_heard() {
        let mut lanes = BTreeMap::new();
        note(&mut lanes, &Arrival { workspace: 7, lanes: vec![0, 9, 255] });
        let word = format!("7:{}", crate::settings::hex(&lanes[&7]));
        let heard = read(&word).expect("a word of ours can be read");
        assert_eq!((heard.workspace, heard.lanes), (7, vec![0, 9, 255]));
    }
}
