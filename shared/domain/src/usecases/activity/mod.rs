//! The log: tracking activities and reading them.

mod file;
mod log;
mod track;

pub use file::note;
pub(crate) use log::organizations;
pub use log::{LogError, LogRefusal, Page, Readable, Scope, find, list};
pub use track::{Order, track, track_all};
