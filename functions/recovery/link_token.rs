use rolecall_http::extract::{self, Fields};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// The token of a mailed link.
#[derive(ToSchema)]
pub struct LinkToken {
    /// What stands behind `token=` in the mail.
    pub(crate) token: String,
}

impl extract::Input for LinkToken {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { token: fields.required("token", |text| Ok(text.to_owned()))? })
    }
}

/// A token for the OpenAPI document.
pub(super) fn example() -> Value {
    json!({ "token": "AZnB0nqQezKfVAwdLj9KW4m8v0mC4kqK1m4e8n0y8l1c6nD8cQ3q7E0mC4kqK1m4" })
}
