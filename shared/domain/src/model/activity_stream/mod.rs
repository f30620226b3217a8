//! The activity stream: the log as people read it.
//!
//! What a group does within an hour is one entry.

mod entry;
mod position;
mod state;
mod template;

pub use entry::{Entry, Shown, belongs};
pub(crate) use entry::{RenderedEntry, group_of};
pub use position::Position;
pub(crate) use position::settled;
pub use state::{ActivityStreamGroup, ActivityStreamHead, Filing, State};
pub use template::{Template, Templates};

#[cfg(test)]
mod tests;
