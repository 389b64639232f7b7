//! The client of the demo: brings the crowd's doings in over HTTP, as any client would.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::crowd::Crowd;
use crate::output;
use crate::stop::Stop;

/// Between two batches.
const PAUSE: Duration = Duration::from_millis(400);
/// Longest time for one batch.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Failures in a row that are told; the ones after them are the same.
const FAILURES_TOLD_MAX: usize = 3;

/// What was brought in.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Brought {
    /// People who signed up.
    pub(super) people: usize,
    /// Pieces of activity that were taken.
    pub(super) pieces: u64,
}

/// Sends what the crowd does to `base`, until it is time to stop.
pub(super) async fn run(base: &str, key: &str, mut crowd: Crowd, stop: &Stop) -> Result<Brought> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .no_proxy()
        .build()
        .context("cannot make an HTTP client")?;
    let started = Instant::now();
    let (mut pieces, mut failures) = (0, 0);
    let mut left = Vec::new();
    loop {
        if left.is_empty() {
            left = crowd.due(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
        }
        if !left.is_empty() {
            match send(&client, base, key, &left).await {
                Ok(taken) => {
                    (pieces, failures) = (pieces + taken, 0);
                    left.clear();
                }
                Err(error) => {
                    failures += 1;
                    if failures <= FAILURES_TOLD_MAX {
                        output::note(format_args!("cannot bring activity in: {error:#}"));
                    }
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.wanted() => return Ok(Brought { people: crowd.people(), pieces }),
        }
    }
}

async fn send(client: &reqwest::Client, base: &str, key: &str, batch: &[Value]) -> Result<u64> {
    let response = client
        .post(format!("{base}/v1/batch"))
        .basic_auth(key, Some(""))
        .json(&json!({ "batch": batch }))
        .send()
        .await?;
    let status = response.status();
    let answer: Value = response.json().await.context("the answer is no JSON")?;
    if !status.is_success() {
        bail!("{status}: {answer}");
    }
    if let Some([first, ..]) = answer.get("errors").and_then(Value::as_array).map(Vec::as_slice) {
        bail!("refused: {first}");
    }
    Ok(answer.get("accepted").and_then(Value::as_u64).unwrap_or(0))
}
