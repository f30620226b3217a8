//! What happened: one activity, and the log it is in.

mod audit;
mod erase;
mod log;
mod pending_events;
mod redact;
mod request;
mod types;
mod users;

pub(crate) use audit::{compared, differing};
pub use log::{Filter, LogIndex, LogPage, MOST_LISTED_TYPES, Range};
pub use pending_events::PendingEvents;
pub(crate) use redact::redacted;
pub use request::{Call, Who, of_call};
pub use types::{Activity, AllowedOn, Extra};
pub use users::{LogRole, LoggedUser};
