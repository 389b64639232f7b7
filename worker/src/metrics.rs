//! Numbers for operators, in the registry that `/metrics` shows.

use std::time::Duration;

use domain::deliveries::State;
use domain::tick::Report;
use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
};

/// Buckets of durations, from half a millisecond to a minute.
const SECONDS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0, 60.0];

/// What the background half counts; clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    tick_seconds: Histogram,
    tick_inputs: IntCounter,
    steps: IntCounter,
    due_lag: Histogram,
    segment_changes: IntCounter,
    quarantined: IntCounter,
    deliveries: IntCounterVec,
    delivery_seconds: Histogram,
    inbox_depth: IntGauge,
    outgoing_depth: IntGauge,
    journeys: IntGaugeVec,
    stuck: IntGauge,
}

impl Metrics {
    /// Registers everything; fails where a name is taken.
    pub fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let histogram = |name: &str, help: &str| {
            Histogram::with_opts(HistogramOpts::new(name, help).buckets(SECONDS.to_vec()))
        };
        let metrics = Self {
            tick_seconds: histogram("sojourn_tick_seconds", "Duration of ticks")?,
            tick_inputs: IntCounter::new("sojourn_tick_inputs", "Pieces taken from the inbox")?,
            steps: IntCounter::new("sojourn_steps_total", "Lines of history written")?,
            due_lag: histogram("sojourn_due_lag_seconds", "How late wake-ups were taken")?,
            segment_changes: IntCounter::new(
                "sojourn_segment_changes_total",
                "People who entered or left a segment",
            )?,
            quarantined: IntCounter::new(
                "sojourn_quarantined_total",
                "People put into quarantine",
            )?,
            deliveries: IntCounterVec::new(
                Opts::new("sojourn_deliveries_total", "Deliveries by what became of them"),
                &["channel", "state"],
            )?,
            delivery_seconds: histogram("sojourn_delivery_seconds", "Duration of hand-overs")?,
            inbox_depth: IntGauge::new("sojourn_inbox_depth", "Pieces waiting in the inbox")?,
            outgoing_depth: IntGauge::new("sojourn_outgoing_depth", "Deliveries waiting")?,
            journeys: IntGaugeVec::new(
                Opts::new("sojourn_journeys", "Journeys by state"),
                &["state"],
            )?,
            stuck: IntGauge::new("sojourn_stuck", "Live journeys that nothing will wake")?,
        };
        registry.register(Box::new(metrics.tick_seconds.clone()))?;
        registry.register(Box::new(metrics.tick_inputs.clone()))?;
        registry.register(Box::new(metrics.steps.clone()))?;
        registry.register(Box::new(metrics.due_lag.clone()))?;
        registry.register(Box::new(metrics.segment_changes.clone()))?;
        registry.register(Box::new(metrics.quarantined.clone()))?;
        registry.register(Box::new(metrics.deliveries.clone()))?;
        registry.register(Box::new(metrics.delivery_seconds.clone()))?;
        registry.register(Box::new(metrics.inbox_depth.clone()))?;
        registry.register(Box::new(metrics.outgoing_depth.clone()))?;
        registry.register(Box::new(metrics.journeys.clone()))?;
        registry.register(Box::new(metrics.stuck.clone()))?;
        Ok(metrics)
    }

    pub(crate) fn ticked(&self, report: &Report, took: Duration) {
        self.tick_seconds.observe(took.as_secs_f64());
        self.tick_inputs.inc_by(count(report.inputs));
        self.steps.inc_by(count(report.steps));
        self.segment_changes.inc_by(count(report.segment_changes));
        self.quarantined.inc_by(count(report.quarantined));
        if report.due_lag_ms > 0 {
            let lag = u64::try_from(report.due_lag_ms).unwrap_or(0);
            self.due_lag.observe(Duration::from_millis(lag).as_secs_f64());
        }
    }

    pub(crate) fn delivered(&self, state: State) {
        self.deliveries.with_label_values(&["email", state.word()]).inc();
    }

    pub(crate) fn handed_over(&self, took: Duration) {
        self.delivery_seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn depths(&self, inbox: i64, outgoing: i64) {
        self.inbox_depth.set(inbox);
        self.outgoing_depth.set(outgoing);
    }

    pub(crate) fn journeys(&self, live: i64, stuck: i64) {
        self.journeys.with_label_values(&["live"]).set(live);
        self.stuck.set(stuck);
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
