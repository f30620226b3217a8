//! Filing activities in the activity stream, and reading it.

mod change;
mod file;
mod read;

pub use change::{EntryPatch, update};
pub use file::file;
pub use read::{ActivityStreamScope, Page, find, page};
