//! Functions that an event starts.

mod batch;
pub mod deliver_mail;
pub mod file_enclosed;
pub mod rotate_keys;
