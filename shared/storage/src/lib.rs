//! The one table, and the adapters of the domain's storage ports. The only crate that imports
//! aws-sdk-dynamodb.

mod announced;
mod items;
pub mod keys;
mod ops;
mod store;
pub mod table;

pub use store::Store;
