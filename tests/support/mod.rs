//! What every test starts from.

mod actor;
mod app;
pub(crate) mod authority;
pub(crate) mod binaries;
mod browser;
mod call;
mod contract;
pub(crate) mod counting_proxy;
mod deployed;
mod failing_proxy;
mod firm;
pub(crate) mod flaky_proxy;
pub(crate) mod holding_proxy;
mod in_process;
mod json;
mod keys;
mod logs;
mod mailbox;
pub(crate) mod raw;
mod response;
pub(crate) mod runtime_api;
pub(crate) mod smtp;
pub(crate) mod ssm;
mod table;
mod wire;

/// A PNG of one pixel, in Base64.
pub(crate) const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q\
    DwADhgGAWjR9awAAAABJRU5ErkJggg==";

pub(crate) use actor::Actor;
pub(crate) use app::{OTHER_PASSWORD, PASSWORD, TestApp, options, person};
pub(crate) use browser::Browser;
pub(crate) use call::{Body, Call, at_once, both};
pub(crate) use contract::{assert_valid, document, resolved};
pub(crate) use failing_proxy::FailingProxy;
pub(crate) use firm::{Firm, credentials};
pub(crate) use in_process::{
    InProcess, Shifted, in_process, in_process_at, in_process_with, in_process_without_a_store,
};
pub(crate) use json::Json;
pub(crate) use logs::all as log;
pub(crate) use mailbox::token_of;
pub(crate) use response::Response;
pub(crate) use table::{
    ask_dynamodb, items, outbox_ids, partition, record_of_before, size_of, table_of, update_item,
};
