//! Activity over HTTP, as Segment's clients, servers and browsers send it. Every answer comes after
//! the commit; nothing is ever redirected.

mod cors;
mod segment;
mod settings;

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource};
use domain::WorkspaceId;
use domain::intake::{Activity, Taken};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::auth::{self, Right};
use crate::body;
use crate::problem::{Code, Problem, Reader};
use crate::server;
use segment::Call;

/// Bytes of the body of a single call.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of the body of a batch.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Calls in one batch.
pub(crate) const BATCH_MAX: usize = 1_000;
const WRITE_KEY: &str = "writeKey";

/// Paths of the single calls, each with its short form.
const SINGLE: [(&str, &str, Call); 6] = [
    ("/v1/identify", "/v1/i", Call::Identify),
    ("/v1/track", "/v1/t", Call::Track),
    ("/v1/page", "/v1/p", Call::Page),
    ("/v1/screen", "/v1/s", Call::Screen),
    ("/v1/group", "/v1/g", Call::Group),
    ("/v1/alias", "/v1/a", Call::Alias),
];
const BATCH: [&str; 3] = ["/v1/batch", "/v1/b", "/v1/import"];

/// One piece of a batch that was not taken.
#[derive(Debug, Serialize)]
struct Refusal {
    index: usize,
    code: Code,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

pub(crate) fn routes(config: &mut ServiceConfig) {
    for (path, short, call) in SINGLE {
        for path in [path, short] {
            let single = move |app: Data<App>, request: HttpRequest, payload: Payload| async move {
                cors::open(answer(single(&app, &request, payload, call).await))
            };
            config.service(resource(path, "POST").route(web::post().to(single)));
        }
    }
    for path in BATCH {
        config.service(resource(path, "POST").route(web::post().to(
            |app: Data<App>, request: HttpRequest, payload: Payload| async move {
                cors::open(answer(batch(&app, &request, payload).await))
            },
        )));
    }
    let settings = |app: Data<App>, key: web::Path<String>| async move {
        cors::open(answer(settings::of(&app, &key).await))
    };
    config.service(resource("/v1/projects/{key}/settings", "GET").route(web::get().to(settings)));
}

/// A route that browsers of any origin may call.
fn resource(path: &str, method: &'static str) -> Resource {
    web::resource(path)
        .route(web::method(actix_web::http::Method::OPTIONS).to(cors::preflight))
        .default_service(web::to(move |request: HttpRequest| async move {
            cors::open(server::other_method(method, &request).response(Reader::Client))
        }))
}

fn answer(result: Result<Value, Problem>) -> HttpResponse {
    match result {
        Ok(body) => HttpResponse::Ok().json(body),
        Err(problem) => problem.response(Reader::Client),
    }
}

/// Takes one call.
async fn single(
    app: &App,
    request: &HttpRequest,
    payload: Payload,
    call: Call,
) -> Result<Value, Problem> {
    let (workspace, body) = admit(app, request, payload, BODY_BYTES_MAX).await?;
    let taken = match segment::read(&body, call) {
        Ok(activity) => {
            let intake = app.intake.clone();
            let taken =
                app.work(async move { intake.accept(workspace, vec![activity]).await }).await??;
            taken.into_iter().next().ok_or_else(Problem::internal)?
        }
        Err(problem) => {
            app.metrics.took(call.word(), "refused");
            return Err(problem);
        }
    };
    match taken {
        Taken::Accepted => {
            app.metrics.took(call.word(), "accepted");
            Ok(json!({ "success": true, "accepted": 1, "repeated": 0, "errors": [] }))
        }
        Taken::Repeated => {
            app.metrics.took(call.word(), "repeated");
            Ok(json!({ "success": true, "accepted": 0, "repeated": 1, "errors": [] }))
        }
        Taken::Refused(error) => {
            app.metrics.took(call.word(), "refused");
            Err(segment::in_its_words(Problem::from(error)))
        }
    }
}

/// Takes a batch: what is good is kept, what is not is listed by its index.
async fn batch(app: &App, request: &HttpRequest, payload: Payload) -> Result<Value, Problem> {
    let (workspace, mut body) = admit(app, request, payload, BATCH_BYTES_MAX).await?;
    let calls = match body.remove("batch") {
        Some(Value::Array(calls)) => calls,
        _ => {
            let detail = "expected a list of calls in `batch`, found none";
            return Err(Problem::new(Code::Invalid, detail).at("batch"));
        }
    };
    if calls.len() > BATCH_MAX {
        let detail =
            format!("expected at most {BATCH_MAX} calls in a batch, found {}", calls.len());
        return Err(Problem::new(Code::TooLarge, detail).at("batch"));
    }
    let mut refusals = Vec::new();
    let mut places = Vec::with_capacity(calls.len());
    let mut good = Vec::with_capacity(calls.len());
    for (index, call) in calls.iter().enumerate() {
        match segment::read_any(call) {
            Ok((call, activity)) => {
                places.push((index, call));
                good.push(activity);
            }
            Err((word, problem)) => {
                app.metrics.took(word, "refused");
                refusals.push(refusal(index, problem));
            }
        }
    }
    let (accepted, repeated) = accept(app, workspace, good, &places, &mut refusals).await?;
    refusals.sort_by_key(|refusal| refusal.index);
    Ok(json!({
        "success": true,
        "accepted": accepted,
        "repeated": repeated,
        "errors": refusals,
    }))
}

async fn accept(
    app: &App,
    workspace: WorkspaceId,
    good: Vec<Activity>,
    places: &[(usize, Call)],
    refusals: &mut Vec<Refusal>,
) -> Result<(usize, usize), Problem> {
    if good.is_empty() {
        return Ok((0, 0));
    }
    let intake = app.intake.clone();
    let taken = app.work(async move { intake.accept(workspace, good).await }).await??;
    let (mut accepted, mut repeated) = (0, 0);
    for ((index, call), taken) in places.iter().zip(taken) {
        let result = match taken {
            Taken::Accepted => {
                accepted += 1;
                "accepted"
            }
            Taken::Repeated => {
                repeated += 1;
                "repeated"
            }
            Taken::Refused(error) => {
                refusals.push(refusal(*index, segment::in_its_words(Problem::from(error))));
                "refused"
            }
        };
        app.metrics.took(call.word(), result);
    }
    Ok((accepted, repeated))
}

fn refusal(index: usize, problem: Problem) -> Refusal {
    Refusal { index, code: problem.code, message: problem.detail, field: problem.field }
}

/// Who may bring in activity, and the body. The key may stand in the body alone, so that it is read
/// before the caller is known; a key in the headers is looked at first.
async fn admit(
    app: &App,
    request: &HttpRequest,
    payload: Payload,
    max: usize,
) -> Result<(WorkspaceId, Map<String, Value>), Problem> {
    let in_header = auth::secret_in(request.headers())?;
    let mut key = match &in_header {
        Some(secret) => Some(auth::authenticate(app, secret, Right::Track).await?),
        None => None,
    };
    let bytes = body::read(request, payload.into_inner(), max).await?;
    let Value::Object(body) = body::json::<Value>(&bytes)? else {
        return Err(Problem::new(Code::Invalid, "expected an object, found another kind of JSON"));
    };
    if key.is_none() {
        let secret = body.get(WRITE_KEY).and_then(Value::as_str).ok_or_else(auth::missing)?;
        key = Some(auth::authenticate(app, secret, Right::Track).await?);
    }
    let key = key.ok_or_else(auth::missing)?;
    Ok((key.workspace, body))
}
