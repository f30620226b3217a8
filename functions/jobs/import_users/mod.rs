//! Brings users from another system, with the password hashes that it made.

mod input;
mod output;

use std::sync::Arc;

use input::One;
use rolecall_domain::{
    account,
    permission::{self, Catalogue},
};
use rolecall_http::extract;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::Ports;

/// The most that one run takes: Lambda's payload has an end, and so has its time.
const MOST: usize = 500;

#[derive(Deserialize)]
struct Input {
    users: Vec<Map<String, Value>>,
    #[serde(default)]
    dry_run: bool,
}

/// Takes `{"dry_run"?, "users": [{"username", "email", "password_hash"?, "first_name"?,
/// "last_name"?, "phone_number"?, "must_change_password"?, "status"?, "email_verified"?,
/// "external_id"?, "organization"?, "roles"?, "created_at"?}, …]}`, 500 at most, and answers
/// `{"created": n, "results": [{"email", "outcome", …}, …]}` in their order. A second run
/// imports nobody twice, and a dry run nobody. Behind a failure all are `unavailable`.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let Input { users, dry_run } =
        serde_json::from_value(event).map_err(|error| format!("not a list of users: {error}"))?;
    if users.len() > MOST {
        return Err(format!("{} users at once; {MOST} is the most", users.len()));
    }
    let operator = permission::operator(&ports).await.map_err(|error| error.to_string())?;
    let catalogue = operator.catalogue();
    let (mut created, mut results) = (0, Vec::with_capacity(users.len()));
    let mut failed = None;
    for user in users {
        let mut result = json!({ "email": user.get("email") });
        let outcome = match &failed {
            None => bring(&ports, catalogue, user, dry_run).await.unwrap_or_else(|error| {
                tracing::error!(error, "a user could not be imported");
                failed = Some(error);
                output::unavailable()
            }),
            Some(_) => output::unavailable(),
        };
        created += u32::from(outcome.get("outcome") == Some(&json!("created")));
        if let (Some(result), Value::Object(outcome)) = (result.as_object_mut(), outcome) {
            result.extend(outcome);
        }
        results.push(result);
    }
    match failed {
        Some(error) if created == 0 => Err(error),
        _ => Ok(json!({ "created": created, "results": results })),
    }
}

async fn bring(
    ports: &Ports,
    catalogue: &Arc<Catalogue>,
    user: Map<String, Value>,
    is_dry_run: bool,
) -> Result<Value, String> {
    let user = match extract::take::<One>(user) {
        Ok(user) => user.into(),
        Err(problem) => return Ok(json!({ "outcome": "invalid", "errors": problem.errors() })),
    };
    let imported = account::import_user(ports, catalogue, user, is_dry_run).await;
    imported.map(output::result).map_err(|error| error.to_string())
}
