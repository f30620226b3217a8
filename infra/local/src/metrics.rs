use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use hdrhistogram::Histogram;
use rolecall_domain::{clock::Timestamp, meter::Cost};
use serde::Serialize;

/// The requests that the page for people shows.
const RECENT: usize = 50;

/// What each route was asked for and what it cost.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<State>);

#[derive(Default)]
struct State {
    routes: BTreeMap<String, Route>,
    recent: VecDeque<Recent>,
}

struct Route {
    requests: u64,
    micros: Histogram<u64>,
    sum: Cost,
    last: Cost,
}

/// One request, for the page.
#[derive(Clone)]
pub(crate) struct Recent {
    pub(crate) at: Timestamp,
    pub(crate) route: String,
    pub(crate) status: u16,
    pub(crate) millis: f64,
}

/// One route's numbers, as `metrics.json` has them.
#[derive(Serialize)]
pub(crate) struct RouteMetrics {
    route: String,
    requests: u64,
    latency_ms: Latency,
    per_request: Units,
    last_request: Units,
}

#[derive(Serialize)]
struct Latency {
    p50: f64,
    p95: f64,
    p99: f64,
}

/// What a request cost; a mean or a count.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of metrics.json")]
struct Units {
    dynamodb_calls: f64,
    in_sequence: f64,
    read_units: f64,
    write_units: f64,
    argon2: f64,
}

impl Units {
    #[expect(clippy::cast_precision_loss, reason = "a mean over fewer than 2^52 requests")]
    fn mean(sum: &Cost, requests: u64) -> Self {
        let mean = |total: f64| total / requests.max(1) as f64;
        Self {
            dynamodb_calls: mean(f64::from(sum.calls)),
            in_sequence: mean(f64::from(sum.in_sequence)),
            read_units: mean(sum.read_units),
            write_units: mean(sum.write_units),
            argon2: mean(f64::from(sum.hashes)),
        }
    }
}

impl Metrics {
    pub(crate) fn count(&self, recent: Recent, cost: Cost) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(route) = state.route(&recent.route) {
            route.requests += 1;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a latency is small and positive"
            )]
            route.micros.saturating_record((recent.millis * 1000.0) as u64);
            route.sum.calls = route.sum.calls.saturating_add(cost.calls);
            route.sum.in_sequence = route.sum.in_sequence.saturating_add(cost.in_sequence);
            route.sum.hashes = route.sum.hashes.saturating_add(cost.hashes);
            route.sum.read_units += cost.read_units;
            route.sum.write_units += cost.write_units;
            route.last = cost;
        }
        state.recent.push_front(recent);
        state.recent.truncate(RECENT);
    }

    /// The numbers of every route that was asked for.
    pub(crate) fn routes(&self) -> Vec<RouteMetrics> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.routes.iter().map(|(name, route)| route.metrics(name)).collect()
    }

    /// The last requests, newest first.
    pub(crate) fn recent(&self) -> Vec<Recent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).recent.iter().cloned().collect()
    }
}

impl State {
    fn route(&mut self, name: &str) -> Option<&mut Route> {
        if !self.routes.contains_key(name) {
            let micros = Histogram::new_with_bounds(1, 600_000_000, 3).ok()?;
            let new = Route { requests: 0, micros, sum: Cost::default(), last: Cost::default() };
            self.routes.insert(name.to_owned(), new);
        }
        self.routes.get_mut(name)
    }
}

impl Route {
    fn metrics(&self, name: &str) -> RouteMetrics {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of a request fit")]
        let at = |quantile| self.micros.value_at_quantile(quantile) as f64 / 1000.0;
        RouteMetrics {
            route: name.to_owned(),
            requests: self.requests,
            latency_ms: Latency { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
            per_request: Units::mean(&self.sum, self.requests),
            last_request: Units::mean(&self.last, 1),
        }
    }
}
