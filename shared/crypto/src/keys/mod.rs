//! Where keys come from, and the one place that holds them in memory.

mod known;
mod ring;
mod secret;
mod signer;
mod source;

pub(crate) use known::{Known, KnownKeys, Published};
pub use ring::KeyRing;
pub(crate) use secret::Secret;
pub(crate) use signer::Signer;
pub use source::{DirectoryKeys, KeySource, MemoryKeys, NoKeys};

use rolecall_domain::ports::KeyError;

fn key_error(what: &str) -> KeyError {
    KeyError(what.to_owned())
}
