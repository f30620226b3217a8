//! The activity stream: the log as people read it. What a group does within an hour is one entry.

mod change;
mod entry;
mod file;
mod read;
mod template;

pub use change::{EntryPatch, update};
pub use entry::{Entry, Shown, belongs};
pub use file::{State, file};
pub use read::{ActivityStreamScope, Page, Position, find, page};
pub use template::{Template, Templates};

#[cfg(test)]
mod tests;
