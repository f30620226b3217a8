use rolecall_domain::account::Imported;
use rolecall_http::Problem;
use serde_json::{Value, json};

/// What it says of users whom a failure kept from being looked at.
pub(super) fn unavailable() -> Value {
    json!({ "outcome": "unavailable" })
}

/// What the run says of a user.
pub(super) fn result(imported: Imported) -> Value {
    match imported {
        Imported::Created(id) => json!({ "outcome": "created", "id": id.to_string() }),
        Imported::WouldCreate => json!({ "outcome": "would_create" }),
        Imported::AlreadyImported(id) => {
            json!({ "outcome": "already_imported", "id": id.to_string() })
        }
        Imported::EmailTaken => json!({ "outcome": "email_taken" }),
        Imported::EmailNotDeliverable => json!({ "outcome": "email_not_deliverable" }),
        Imported::UsernameTaken => json!({ "outcome": "username_taken" }),
        Imported::UnknownHash => json!({ "outcome": "unknown_hash" }),
        Imported::SlowHash => json!({ "outcome": "slow_hash" }),
        Imported::Invalid(field, violation) => {
            let problem = Problem::field(field, violation);
            json!({ "outcome": "invalid", "errors": problem.errors() })
        }
    }
}
