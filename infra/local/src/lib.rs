//! The local stack: the whole product in one process.
//!
//! [`Stack::start`] is what `cargo run` and every API test call.

mod chart;
mod clock;
mod cors;
mod data;
mod database;
mod deliveries;
mod first_admin;
pub mod gateway;
mod host;
mod http_server;
mod import;
mod job;
mod local_routes;
mod mailbox;
mod mailers;
mod metrics;
mod options;
mod plain_http;
mod poller;
mod progress;
mod scheduler;
mod ses;
mod setup;
mod stack;
mod welcome;

pub use import::{ImportArguments, ImportError, ImportSummary, Source, import};
pub use job::JobError;
pub use options::{Command, Data, MakeKeys, Options};
pub use plain_http::PlainHttp;
pub use setup::{SetupError, setup};
pub use stack::{Stack, StackError};
