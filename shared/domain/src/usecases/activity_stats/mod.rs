//! Statistics: minutes are counted from the log, hours are folded from minutes and days from hours.
//!
//! Only closed periods are written, as whole items, so that counting again is harmless.

mod aggregate;
mod count;
mod latest;
mod read;
mod summary;

pub use aggregate::{Aggregated, aggregate};
pub use count::count;
pub use latest::latest;
pub use read::{ActivityStatsPage, Span, statistics};
pub use summary::{Summary, summary};
