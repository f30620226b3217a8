//! Every endpoint, one folder each, and the route table.
//!
//! To find an endpoint, look for its row in `routes.rs`: its folder has the same name.

pub mod accounts;
pub mod activity;
pub mod api_keys;
pub mod appearance;
pub mod authorizer;
pub mod catalogue;
pub mod jobs;
pub mod members;
pub mod meta;
pub mod operation;
pub mod pages;
pub mod permissions;
pub mod recovery;
pub mod resource;
pub mod routes;
pub mod sessions;

use rolecall_crypto::Crypto;
use rolecall_storage::Store;

/// The ports of a request over the adapters that every function runs on: the one place that names
/// them.
pub type Ports = rolecall_domain::Ports<Store, Crypto<Store>>;

/// What a handler is given beside its request.
pub type Context = rolecall_http::Context<Store, Crypto<Store>>;

/// A row of the route table over these adapters.
pub type Endpoint = rolecall_http::route::Endpoint<Store, Crypto<Store>>;

type Route = rolecall_http::route::Route<Store, Crypto<Store>>;
