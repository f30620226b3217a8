//! The log: what happened, and what clients tell of.

mod activity;
pub mod activity_summary;
mod feed_entry;
pub mod get_activity;
pub mod get_feed_entry;
pub mod latest_stats;
pub mod list_activities;
pub mod list_feed;
pub mod list_stats;
mod order;
mod scope;
mod statistics;
pub mod track_activities;
pub mod track_activity;
pub mod update_feed_entry;
