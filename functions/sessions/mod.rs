//! Signing in, staying signed in, signing out, and who is.

pub mod create_token;
pub mod end_session;
pub mod end_sessions;
pub mod list_active_users;
pub mod list_sessions;
mod pair;
pub mod refresh_token;
pub mod revoke_token;
pub mod switch_organization;
mod whose;

use pair::forget_session;
pub use pair::{Delivery, Pair, example as pair_example};
