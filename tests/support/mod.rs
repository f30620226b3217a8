//! What every test starts from.

mod answer;
mod app;
pub(crate) mod binaries;
pub(crate) mod cable;
mod contract;
mod deployed;
mod keys;
mod logs;
pub(crate) mod runtime_api;
pub(crate) mod ssm;
mod table;

pub(crate) use answer::Answer;
pub(crate) use app::{OTHER_PASSWORD, PASSWORD, TestApp, options, person, token_of};
pub(crate) use contract::{assert_valid, document};
pub(crate) use logs::all as log;
pub(crate) use table::{ask_dynamodb, items, outbox_ids};
