//! What the log adds up to: minutes, hours and days of an organization, and of everything.
//!
//! Minutes are counted from the log, hours are folded from minutes and days from hours; only closed
//! periods are written, as whole items, so that counting again is harmless.

mod aggregate;
mod count;
mod latest;
mod period;
mod read;
mod summary;
mod tally;
mod users;

pub use aggregate::{Aggregated, EVERYTHING, aggregate};
pub use count::count;
pub use latest::latest;
pub use period::Period;
pub use read::{ActivityStatsPage, Span, Statistics, statistics};
pub use summary::{Summary, summary};
pub use tally::{Counted, Tally};
pub use users::Users;

#[cfg(test)]
mod tests;
