//! Functions that an event starts.

pub mod aggregate_stats;
mod batch;
pub mod deliver_mail;
pub mod file_enclosed;
pub mod fill_feed;
pub mod import_users;
pub mod rotate_keys;
pub mod setup;
