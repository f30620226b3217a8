//! What can happen: the events, and what each of them is.

mod kind;
mod retention;
mod types;
mod what;

pub use kind::{Category, Severity};
pub use retention::RetentionPolicy;
pub use types::{Display, Event};
pub use what::{API_REQUEST, What, any_type, described, is_reported, tracked_type, usual};
