//! The cases of `attacks.md`, one test each, over HTTP on the running stack.

mod access_tokens;
mod existence;
mod input;
pub(crate) mod refresh_tokens;
mod reset;
mod rights;
mod sign_up;
