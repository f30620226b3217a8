//! API keys: what programs call with.

mod scopes;
mod text;
mod types;

pub use scopes::{Networks, Scopes};
pub use text::{KeyText, SecretHash, is_key};
pub use types::{
    ApiKey, DueReminder, FormerSecret, LONGEST_DAYS, MOST_KEYS, OwnedKeys, USUAL_DAYS, ends_after,
};
