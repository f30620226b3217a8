//! API keys: making, rotating and ending them, and telling their owners of their end.

mod create;
mod owner;
mod remind;
mod revoke;
mod rotate;

pub use create::{IssuedKey, NewKey, create};
pub use owner::{KeyOwner, list};
pub use remind::remind;
pub use revoke::{ReportError, report, revoke};
pub use rotate::rotate;
