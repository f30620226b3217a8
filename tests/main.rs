//! The suites: everything over HTTP on the running stack, but for `contracts` (the ports) and
//! `architecture`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "a test fails by panicking"
)]

mod api;
mod architecture;
mod attacks;
mod budgets;
mod client;
mod contracts;
mod coverage;
mod deployed;
mod docs;
mod document;
mod durability;
mod floors;
mod hosts;
mod pending_events;
mod stored;
mod support;
mod template;
mod words;
