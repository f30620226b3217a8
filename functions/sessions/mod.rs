//! Signing in, staying signed in, signing out.

mod pair;
pub mod refresh;
pub mod revoke;
pub mod token;

pub use pair::{Pair, example};
