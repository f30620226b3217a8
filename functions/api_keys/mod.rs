//! API keys: what programs call with.

mod key;
mod owner;

pub mod create_api_key;
pub mod delete_api_key;
pub mod list_api_keys;
pub mod report_api_key;
pub mod rotate_api_key;
