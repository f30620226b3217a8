//! From where and with what somebody calls.

mod agent;
mod network;
mod types;

pub use agent::{Agent, DeviceType};
pub use network::Network;
pub use types::Client;
