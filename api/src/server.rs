//! The HTTP server: routes, opening, and closing without leaving a request unanswered.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpServer, guard};
use tokio::sync::watch;

use crate::app::App;
use crate::problem::{Code, Problem, Reader};
use crate::{Config, Error, assets, graphql, health, intake, metrics, pages, tls};

/// How long requests under way may take when the server stops.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(10);
/// Connections without a request are closed after this when the server stops, in seconds.
const IDLE_CLOSED_AFTER: u64 = 1;
/// Characters of an unknown path in an answer.
const PATH_SHOWN_MAX: usize = 100;
/// How long an idle connection is kept otherwise.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Serves until `stop` turns true.
pub(crate) async fn serve(
    config: &Config,
    app: App,
    stop: watch::Receiver<bool>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Error> {
    let cannot_listen = |source| Error::Listen { listen: config.listen.clone(), source };
    let listener = TcpListener::bind(&config.listen).map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let app = Data::new(app);
    let counted = app.clone();
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(app.clone())
            .wrap(from_fn(metrics::count))
            .configure(routes)
            .default_service(web::to(not_found))
    })
    .workers(config.workers.max(1))
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(IDLE_CLOSED_AFTER)
    .disable_signals();
    let server = match &config.tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls::server_config(tls)?),
        None => server.listen(listener),
    };
    let server = server.map_err(cannot_listen)?.run();
    let stopper = tokio::spawn(close(server.handle(), counted, stop));
    ready(address);
    let ended = server.await;
    stopper.abort();
    ended.map_err(Error::Serve)
}

/// Waits for the word to stop, takes no new connections, lets what is under way be answered.
async fn close(server: ServerHandle, app: Data<App>, mut stop: watch::Receiver<bool>) {
    // A sender that is gone can never say stop; then whoever awaits the server ends it.
    if stop.wait_for(|stopped| *stopped).await.is_err() {
        std::future::pending::<()>().await;
    }
    server.pause().await;
    let began = Instant::now();
    while app.metrics.under_way() > 0 && began.elapsed() < ANSWERED_WITHIN {
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
    server.stop(true).await;
}

fn routes(config: &mut ServiceConfig) {
    let get = |path: &str| web::resource(path).default_service(web::to(use_get));
    config
        .service(get("/healthz").route(web::get().to(health::alive)))
        .service(get("/readyz").route(web::get().to(health::ready)))
        .service(get("/metrics").route(web::get().to(health::metrics)))
        .service(get("/errors/{code}").route(web::get().to(pages::error)))
        .service(get("/").route(web::get().to(assets::console)))
        .service(get("/console/{path:.*}").route(web::get().to(assets::part)))
        .service(
            web::resource("/graphql")
                .route(web::post().to(graphql::execute))
                .route(web::route().guard(guard::Get()).to(assets::graphiql))
                .default_service(web::to(use_post)),
        )
        .configure(intake::routes);
}

async fn not_found(request: HttpRequest) -> HttpResponse {
    let path: String = request.path().chars().take(PATH_SHOWN_MAX).collect();
    Problem::new(Code::NotFound, format!("there is no route `{path}`")).response(Reader::Plain)
}

async fn use_get(request: HttpRequest) -> HttpResponse {
    other_method("GET", &request).response(Reader::Plain)
}

async fn use_post(request: HttpRequest) -> HttpResponse {
    other_method("POST", &request).response(Reader::Plain)
}

/// What is said to a request of another method than `wanted`.
pub(crate) fn other_method(wanted: &str, request: &HttpRequest) -> Problem {
    let detail = format!("expected the method {wanted}, found {}", request.method());
    Problem::new(Code::MethodNotAllowed, detail)
}
