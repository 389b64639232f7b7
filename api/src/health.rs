//! What operators and their programs ask: alive, ready, and the numbers.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use domain::store::SchemaState;
use prometheus::{Encoder, TextEncoder};
use serde_json::json;

use crate::app::App;
use crate::problem::{Code, Problem, Reader};

/// A database that takes longer than this is not ready.
const READY_WITHIN: Duration = Duration::from_secs(5);

/// The process answers.
pub(crate) async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The database can be reached, and its schema is what this program expects.
pub(crate) async fn ready(app: Data<App>) -> HttpResponse {
    match find_out(&app).await {
        Ok(()) => HttpResponse::Ok().json(json!({ "status": "ok" })),
        Err(problem) => problem.response(Reader::Plain),
    }
}

async fn find_out(app: &App) -> Result<(), Problem> {
    let store = app.store.clone();
    let schema = app
        .work(async move { tokio::time::timeout(READY_WITHIN, store.schema()).await })
        .await?
        .map_err(|_| Problem::new(Code::Unavailable, "the database does not answer"))??;
    match schema {
        SchemaState::Current => Ok(()),
        SchemaState::Behind(missing) => {
            let detail =
                format!("the schema is behind by {}; run `sojourn migrate`", missing.join(", "));
            Err(Problem::new(Code::Unavailable, detail))
        }
    }
}

/// Everything that is counted, as Prometheus reads it.
pub(crate) async fn metrics(app: Data<App>) -> HttpResponse {
    let mut text = Vec::new();
    let encoder = TextEncoder::new();
    match encoder.encode(&app.registry.gather(), &mut text) {
        Ok(()) => {
            HttpResponse::Ok().insert_header((CONTENT_TYPE, encoder.format_type())).body(text)
        }
        Err(error) => {
            tracing::error!(%error, "the numbers cannot be written");
            Problem::internal().response(Reader::Plain)
        }
    }
}
