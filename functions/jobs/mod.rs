//! Functions that an event starts.

pub mod aggregate_stats;
mod batch;
pub mod deliver_mail;
pub mod erase_users;
pub mod fill_people_lists;
pub mod import_users;
mod mailing;
pub mod note_mail_events;
pub mod relay;
pub mod remind_key_owners;
pub mod rotate_keys;
pub mod seal_passwords;
pub mod setup;
pub mod sign_out_everyone;
pub mod sweep_mail;
mod table;

pub use table::{Job, MAIL_EVENTS, RunningJob, Trigger, all};
