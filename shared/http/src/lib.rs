//! HTTP without a server: what every handler is given and gives back, whatever host runs it.
//!
//! Only the `http` and `bytes` types are known here. A host turns its event into a [`Request`],
//! calls [`serve()`], and turns the [`Response`] back.

pub mod access;
mod context;
pub mod cookies;
pub mod csv;
pub mod extract;
pub mod fields;
pub mod gateway;
pub mod guard;
pub mod headers;
pub mod idempotency;
pub mod language;
pub mod openapi;
pub mod page;
mod problem;
mod recorder;
pub mod response;
pub mod route;
mod serve;
pub mod values;
pub mod words;

pub use context::Context;
pub use extract::WithQuery;
pub use gateway::Gateway;
pub use guard::spend;
pub use problem::{ErrorCode, FieldError, Problem, ProblemBody};
pub use recorder::Recorder;
pub use serve::{Served, serve};

/// A request with its whole body.
pub type Request = http::Request<bytes::Bytes>;
/// A response with its whole body.
pub type Response = http::Response<bytes::Bytes>;
