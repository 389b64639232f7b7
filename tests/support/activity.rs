//! A client of `POST /v1/batch` that keeps at it: it sends the same messages again, with the same
//! ids, until the server says that it has them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::watch;

const PAUSE: Duration = Duration::from_millis(50);
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
const GIVE_UP_AFTER: Duration = Duration::from_secs(60);

/// The client; clones share its connections.
#[derive(Debug, Clone)]
pub struct Activity {
    http: reqwest::Client,
    addresses: watch::Receiver<String>,
    key: String,
}

/// `identify` as the wire has it.
pub fn identify(message_id: &str, person: &str, traits: &Value) -> Value {
    json!({ "type": "identify", "messageId": message_id, "userId": person, "traits": traits })
}

/// `track` as the wire has it.
pub fn track(message_id: &str, person: &str, event: &str, properties: &Value) -> Value {
    json!({
        "type": "track",
        "messageId": message_id,
        "userId": person,
        "event": event,
        "properties": properties,
    })
}

impl Activity {
    /// `addresses` is where the API is now.
    pub fn new(addresses: watch::Receiver<String>, key: &str) -> Self {
        // Whoever comes second finds it done.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(ANSWER_WITHIN).build();
        Self { http: http.expect("a client can be made"), addresses, key: key.to_owned() }
    }

    /// Sends a batch until it is answered with 200, and returns how often it was sent. Fails the
    /// test where the server refuses any of it.
    pub async fn send(&self, batch: &[Value]) -> usize {
        let body = json!({ "batch": batch });
        let started = Instant::now();
        let mut sent = 0;
        loop {
            sent += 1;
            match self.attempt(&body).await {
                Ok(()) => return sent,
                Err(error) => {
                    assert!(started.elapsed() < GIVE_UP_AFTER, "not taken after {sent}: {error}");
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn attempt(&self, body: &Value) -> Result<(), String> {
        let address = format!("{}/v1/batch", self.addresses.borrow().clone());
        let request = self.http.post(address).basic_auth(&self.key, Some("")).json(body);
        let answer = request.send().await.map_err(|error| format!("{error:?}"))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| format!("{error:?}"))?;
        assert!(!status.is_client_error() || status == 429, "refused with {status}: {text}");
        if status != 200 {
            return Err(format!("{status}: {text}"));
        }
        let answer: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let errors = answer.get("errors").and_then(Value::as_array).map_or(0, Vec::len);
        assert_eq!(errors, 0, "some of a batch was refused: {text}");
        Ok(())
    }
}
