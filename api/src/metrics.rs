//! Numbers for operators: what came in, and what was asked of the doors.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry};

use crate::app::App;

/// Buckets of durations, from a millisecond to ten seconds.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];
/// The route of requests that no route takes; their paths are without number.
const NO_ROUTE: &str = "none";

/// What the doors count; clones count together.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    taken: IntCounterVec,
    requests: IntCounterVec,
    seconds: HistogramVec,
    under_way: IntGauge,
}

impl Metrics {
    /// Registers everything; fails where a name is taken.
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let metrics = Self {
            taken: IntCounterVec::new(
                Opts::new("sojourn_intake_items_total", "Activity by kind and what became of it"),
                &["kind", "result"],
            )?,
            requests: IntCounterVec::new(
                Opts::new("sojourn_http_requests_total", "Answered requests"),
                &["method", "route", "status"],
            )?,
            seconds: HistogramVec::new(
                HistogramOpts::new("sojourn_http_request_seconds", "Duration of requests")
                    .buckets(SECONDS.to_vec()),
                &["route"],
            )?,
            under_way: IntGauge::new("sojourn_http_requests_under_way", "Requests under way")?,
        };
        registry.register(Box::new(metrics.taken.clone()))?;
        registry.register(Box::new(metrics.requests.clone()))?;
        registry.register(Box::new(metrics.seconds.clone()))?;
        registry.register(Box::new(metrics.under_way.clone()))?;
        Ok(metrics)
    }

    /// Counts one piece of activity.
    pub(crate) fn took(&self, kind: &str, result: &str) {
        self.taken.with_label_values(&[kind, result]).inc();
    }

    /// How many requests are not answered yet.
    pub(crate) fn under_way(&self) -> i64 {
        self.under_way.get()
    }
}

/// A request under way; it is no longer when this is dropped, however it ended.
struct UnderWay(IntGauge);

impl UnderWay {
    fn begin(gauge: &IntGauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Counts and times every request by its route.
pub(crate) async fn count(
    app: Data<App>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let _under_way = UnderWay::begin(&app.metrics.under_way);
    let response = next.call(request).await?;
    let route = response.request().match_pattern();
    let route = route.as_deref().unwrap_or(NO_ROUTE);
    let method = response.request().method().as_str();
    let status = response.status();
    app.metrics.requests.with_label_values(&[method, route, status.as_str()]).inc();
    app.metrics.seconds.with_label_values(&[route]).observe(started.elapsed().as_secs_f64());
    Ok(response)
}
