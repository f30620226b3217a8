//! What the log adds up to.

mod period;
mod statistics;
mod tally;
mod types;
mod users;

pub use period::Period;
pub use statistics::{EVERYTHING, Statistics};
pub use tally::{Counted, Tally};
pub use types::{MOST_TYPES, Types};
pub use users::Users;

#[cfg(test)]
mod tests;
