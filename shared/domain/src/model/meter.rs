//! What one request cost: counted by the adapters, read by logs, metrics and the budget tests.

use std::{sync::Mutex, time::Duration};

/// Counts the DynamoDB calls, request units and Argon2 runs of one request.
#[derive(Debug, Default)]
pub struct Meter(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    cost: Cost,
    in_flight: u32,
}

/// A reading of a [`Meter`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cost {
    /// DynamoDB calls, retries of a lost conflict included.
    pub calls: u32,
    /// Round trips that waited for each other: calls that overlap count once.
    pub in_sequence: u32,
    /// Consumed read request units.
    pub read_units: f64,
    /// Consumed write request units.
    pub write_units: f64,
    /// Argon2 runs.
    pub hashes: u32,
    /// How long they waited for their turn.
    pub hash_wait: Duration,
}

impl Meter {
    /// A call to the store leaves.
    pub fn call_starts(&self) {
        self.change(|state| {
            state.cost.calls += 1;
            if state.in_flight == 0 {
                state.cost.in_sequence += 1;
            }
            state.in_flight += 1;
        });
    }

    /// A call to the store came back, having consumed this many units.
    pub fn call_ends(&self, read_units: f64, write_units: f64) {
        self.change(|state| {
            state.in_flight = state.in_flight.saturating_sub(1);
            state.cost.read_units += read_units;
            state.cost.write_units += write_units;
        });
    }

    /// One run of Argon2, which waited so long for its turn.
    pub fn hashed(&self, waited: Duration) {
        self.change(|state| {
            state.cost.hashes += 1;
            state.cost.hash_wait += waited;
        });
    }

    /// What was counted so far.
    pub fn cost(&self) -> Cost {
        self.0.lock().map_or_else(|broken| broken.into_inner().cost, |state| state.cost)
    }

    fn change(&self, with: impl FnOnce(&mut State)) {
        with(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_calls_are_one_step_in_sequence() {
        let meter = Meter::default();
        meter.call_starts();
        meter.call_starts();
        meter.call_ends(1.0, 0.0);
        meter.call_ends(0.5, 0.0);
        meter.call_starts();
        meter.call_ends(0.0, 2.0);
        let cost = meter.cost();
        assert_eq!((cost.calls, cost.in_sequence), (3, 2));
        assert!(
            (cost.read_units - 1.5).abs() < f64::EPSILON
                && (cost.write_units - 2.0).abs() < f64::EPSILON
        );
    }
}
