//! The log: what happened, and what clients tell of.

mod activity;
pub mod get_activity;
pub mod list_activities;
mod order;
mod scope;
pub mod track_activities;
pub mod track_activity;
