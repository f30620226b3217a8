//! The log: what happened, and what clients tell of.

mod activity_item;
mod activity_page;
mod activity_stream_entry;
pub mod export_activities;
pub mod get_activity;
pub mod get_activity_stream;
pub mod get_activity_summary;
pub mod get_latest_activity_stats;
pub mod list_activities;
pub mod list_activity_stats;
pub mod list_activity_streams;
mod order;
mod scope;
mod statistics;
pub mod track_activities;
pub mod track_activity;
pub mod update_activity_stream;
