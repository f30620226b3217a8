//! One file a URL, and the rules that hold on all of them.

mod auth_register;
mod auth_token;
mod auth_token_refresh;
mod auth_token_revoke;
mod auth_verify_email;
mod local;
mod logs;
mod me;
mod public;
mod rules;
