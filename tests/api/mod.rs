//! One file a URL, and beside them what is about many URLs or about none.

mod active_users;
mod activities;
pub(crate) mod activity_stats;
mod activity_streams;
mod auth_email_change;
mod auth_password_change;
mod auth_password_reset;
mod auth_register;
mod auth_token;
mod auth_token_refresh;
mod auth_token_revoke;
mod auth_verify_email;
mod me;
mod members;
mod modules;
mod organizations;
mod permissions;
mod relay;
mod roles;
mod user_sessions;
mod users;

mod api_requests;
mod authorizer;
mod cors;
mod events;
mod fields;
mod front_door;
mod imported_users;
mod local;
mod lockout;
mod logs;
mod public;
mod rules;
mod seed;
mod setup;
mod signing_keys;
