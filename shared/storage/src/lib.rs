//! The one table, and the adapters of the domain's storage ports. The only crate that imports
//! aws-sdk-dynamodb.

mod allowed;
mod condition;
mod items;
mod key_places;
pub mod keys;
mod known_kinds;
mod lists;
mod ops;
mod query;
mod store;
pub mod table;
mod transaction;

pub use store::Store;
