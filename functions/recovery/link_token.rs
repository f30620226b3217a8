use rolecall_http::input;
use serde_json::{Value, json};

input! {
    /// The token of a mailed link.
    pub struct LinkToken as LinkToken {
        /// The `token` of the mailed link.
        token: String,
    }
}

/// A token for the OpenAPI document.
pub(super) const TOKEN: &str = "AZnB0nqQezKfVAwdLj9KW4m8v0mC4kqK1m4e8n0y8l1c6nD8cQ3q7E0mC4kqK1m4";

/// The same as a body.
pub(super) fn example() -> Value {
    json!({ "token": TOKEN })
}
