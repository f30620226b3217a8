//! What every test starts from.

mod app;
pub(crate) mod binaries;
mod contract;
mod deployed;
pub(crate) mod flaky_proxy;
mod keys;
mod logs;
mod response;
pub(crate) mod runtime_api;
pub(crate) mod ssm;
mod table;

pub(crate) use app::{OTHER_PASSWORD, PASSWORD, TestApp, options, person, token_of};
pub(crate) use contract::{assert_valid, document};
pub(crate) use logs::all as log;
pub(crate) use response::Response;
pub(crate) use table::{ask_dynamodb, items, outbox_ids};
