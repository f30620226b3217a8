//! The log: what happened, and what clients tell of.

mod activity;
pub mod activity_summary;
pub mod get_activity;
pub mod latest_stats;
pub mod list_activities;
pub mod list_stats;
mod order;
mod scope;
mod statistics;
pub mod track_activities;
pub mod track_activity;
