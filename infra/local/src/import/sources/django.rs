//! `manage.py dumpdata auth`, with any model of users that has a password and an address.

use std::collections::HashMap;

use serde_json::Value;

use super::Converted;
use crate::import::source_user::{Fields, SourceUser, Status};

/// Groups are named by their keys in users, and stand anywhere in the file.
pub(super) fn prepare(record: &Value, groups: &mut HashMap<String, String>) {
    if record.text("/model").as_deref() == Some("auth.group")
        && let (Some(key), Some(name)) = (record.text("/pk"), record.text("/fields/name"))
    {
        groups.insert(key, name);
    }
}

pub(super) fn convert(record: &Value, groups: &HashMap<String, String>) -> Converted {
    let (Some(user), Some(model)) = (record.get("fields"), record.text("/model")) else {
        return Converted::Skipped("not_a_model");
    };
    if user.get("password").is_none() {
        return Converted::Nothing;
    }
    let mut person = SourceUser {
        id: record.text("/pk").map(|key| format!("{model}:{key}")),
        email: user.text("/email"),
        username: user.text("/username"),
        first_name: user.text("/first_name"),
        last_name: user.text("/last_name"),
        created_at: user.instant("/date_joined"),
        // One that begins with `!` is no password there.
        password_hash: user.text("/password").filter(|hash| !hash.starts_with('!')),
        ..SourceUser::default()
    };
    if user.flag("/is_active") == Some(false) {
        person.status = Status::Inactive;
    }
    // A number, or the natural key, which is an array of the name.
    for group in user.get("groups").and_then(Value::as_array).into_iter().flatten() {
        let natural = group.texts("").into_iter().next();
        let named = group.as_i64().and_then(|key| groups.get(&key.to_string()).cloned());
        person.roles.extend(named.or(natural));
    }
    if user.flag("/is_superuser") == Some(true) {
        person.roles.push("is_superuser".to_owned());
    }
    person.into()
}
