//! What Segment's and Customer.io's browser clients ask first: which integrations there are, and
//! where to send. Without an answer they send nothing.

use serde_json::{Value, json};

use crate::app::App;
use crate::auth::{self, Right};
use crate::problem::Problem;

/// The names under which the clients look for the integration that sends to us.
const INTEGRATIONS: [&str; 2] = ["Segment.io", "Customer.io Data Pipelines"];

/// The settings of the source with this key.
pub(super) async fn of(app: &App, key: &str) -> Result<Value, Problem> {
    auth::authenticate(app, key, Right::Track).await?;
    let (protocol, host) = app.public_url.split_once("://").unwrap_or(("http", &app.public_url));
    let integration = json!({
        "apiKey": key,
        "apiHost": format!("{host}/v1"),
        "protocol": protocol,
        "unbundledIntegrations": [],
        "bundledIntegrations": [],
        "addBundledMetadata": true,
        "maybeBundledConfigIds": {},
        "versionSettings": { "version": "4.4.7", "componentTypes": ["browser"] },
    });
    let integrations: serde_json::Map<String, Value> =
        INTEGRATIONS.iter().map(|name| ((*name).to_owned(), integration.clone())).collect();
    let every = json!({ "__default": { "enabled": true, "integrations": {} } });
    Ok(json!({
        "integrations": integrations,
        "plan": { "track": every, "identify": every, "group": every },
        "edgeFunction": {},
        "analyticsNextEnabled": true,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": { "sampleRate": 0 },
        "legacyVideoPluginsEnabled": false,
        "remotePlugins": [],
    }))
}
