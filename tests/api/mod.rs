//! One file a URL, and the rules that hold on all of them.

mod active_users;
mod activities;
mod activity_stats;
mod activity_streams;
mod api_requests;
mod auth_email_change;
mod auth_password_change;
mod auth_password_reset;
mod auth_register;
mod auth_token;
mod auth_token_refresh;
mod auth_token_revoke;
mod auth_verify_email;
mod authorizer;
mod events;
mod imported_users;
mod local;
mod lockout;
mod logs;
mod me;
mod public;
mod rights;
mod rules;
mod seed;
mod setup;
mod signing_keys;
mod user_sessions;
mod users;

pub(crate) use rights::Firm;
