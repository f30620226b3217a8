//! The rules of Rolecall: types that parse, decisions that are pure, use cases over ports.
//!
//! Nothing here knows of AWS, HTTP, JSON on the wire or an async runtime. A host builds a [`Ports`]
//! and calls a use case; a use case that needs a caller takes a [`session::Caller`], which only the
//! gate can make.

pub mod account;
pub mod activity;
pub mod activity_stats;
pub mod activity_stream;
pub mod administration;
pub mod clock;
pub mod code;
pub mod ids;
pub mod mail;
pub mod meter;
pub mod organization;
mod patch;
pub mod permission;
pub mod ports;
mod process;
pub mod recovery;
pub mod rng;
pub mod role;
pub mod session;
pub mod settings;
pub mod setup;
pub mod signing;
mod text;
pub mod throttle;
mod violation;
pub mod words;

pub use patch::Patch;
pub use process::{Crypto, Ports, Process, Store};
pub use violation::Violation;
