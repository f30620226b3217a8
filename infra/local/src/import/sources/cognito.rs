//! Cognito's user import CSV, and what `aws cognito-idp list-users` prints. Its hashes never leave
//! it; a column `password_hash` is taken where somebody has added one.

use std::time::{Duration, UNIX_EPOCH};

use rolecall_domain::clock::Timestamp;
use serde_json::{Map, Value};

use super::{Converted, SECOND_FACTOR};
use crate::import::source_user::{Fields, SourceUser, Status};

pub(super) fn convert(record: &Value) -> Converted {
    // Whoever typed the address may be a stranger.
    if record.text("/UserStatus").as_deref() == Some("UNCONFIRMED") {
        return Converted::Skipped("unconfirmed");
    }
    let mut person = user(record);
    let has_second_factor = record.flag("/cognito:mfa_enabled") == Some(true)
        || !record.texts("/UserMFASettingList").is_empty();
    if has_second_factor {
        person.note(SECOND_FACTOR);
    }
    person.into()
}

fn user(record: &Value) -> SourceUser {
    let listed = record.get("Attributes").or_else(|| record.get("UserAttributes"));
    match listed.and_then(Value::as_array) {
        None => of_row(record, record.text("/cognito:username")),
        Some(attributes) => {
            let named = attributes
                .iter()
                .filter_map(|one| Some((one.text("/Name")?, Value::String(one.text("/Value")?))));
            let row = Value::Object(named.collect::<Map<_, _>>());
            let person = of_row(&row, record.text("/Username"));
            let is_disabled = record.flag("/Enabled") == Some(false);
            SourceUser {
                created_at: created_at(record),
                status: if is_disabled { Status::Inactive } else { Status::Active },
                ..person
            }
        }
    }
}

/// Seconds as a number, or RFC 3339, as the command line is set.
fn created_at(record: &Value) -> Option<Timestamp> {
    match record.get("UserCreateDate").and_then(Value::as_f64) {
        Some(seconds) => {
            let since = Duration::try_from_secs_f64(seconds).ok()?;
            Timestamp::try_from(UNIX_EPOCH.checked_add(since)?).ok()
        }
        None => record.instant("/UserCreateDate"),
    }
}

fn of_row(row: &Value, username: Option<String>) -> SourceUser {
    SourceUser {
        id: row.text("/sub").or_else(|| username.clone()),
        email: row.text("/email"),
        email_verified: row.flag("/email_verified"),
        username: row.text("/preferred_username").or(username),
        first_name: row.text("/given_name"),
        last_name: row.text("/family_name"),
        full_name: row.text("/name"),
        phone_number: row.text("/phone_number"),
        password_hash: row.text("/password_hash"),
        ..SourceUser::default()
    }
}
