//! Keycloak's users, of a realm's export or of a file of its users.

use serde_json::{Value, json};

use super::{Converted, SECOND_FACTOR, UNKNOWN_HASH};
use crate::import::source_user::{Fields, SourceUser, Status};

pub(super) fn convert(user: &Value) -> Converted {
    if user.get("serviceAccountClientId").is_some() {
        return Converted::Skipped("service_account");
    }
    let mut person = SourceUser {
        id: user.text("/id"),
        email: user.text("/email"),
        email_verified: user.flag("/emailVerified"),
        username: user.text("/username"),
        first_name: user.text("/firstName"),
        last_name: user.text("/lastName"),
        phone_number: user.texts("/attributes/phoneNumber").into_iter().next(),
        created_at: user.instant("/createdTimestamp"),
        roles: user.texts("/realmRoles"),
        groups: user.texts("/groups"),
        must_change_password: user
            .texts("/requiredActions")
            .iter()
            .any(|action| action == "UPDATE_PASSWORD"),
        ..SourceUser::default()
    };
    let clients = user.get("clientRoles").and_then(Value::as_object).into_iter().flatten();
    for (client, roles) in clients {
        person.roles.extend(roles.texts("").iter().map(|role| format!("{client}:{role}")));
    }
    if user.flag("/enabled") == Some(false) {
        person.status = Status::Inactive;
    }
    for credential in user.get("credentials").and_then(Value::as_array).into_iter().flatten() {
        match credential.text("/type").as_deref() {
            Some("password") => {}
            Some("password-history") => continue,
            _ => {
                person.note(SECOND_FACTOR);
                continue;
            }
        }
        person.password_hash = hash(credential);
        if person.password_hash.is_none() {
            person.note(UNKNOWN_HASH);
        }
    }
    person.into()
}

fn hash(credential: &Value) -> Option<String> {
    let (secret, data) = match credential.get("hashedSaltedValue") {
        // As it was before Keycloak 8.
        Some(value) => {
            (json!({ "value": value, "salt": credential.get("salt") }), credential.clone())
        }
        None => (credential.json_in("/secretData"), credential.json_in("/credentialData")),
    };
    let (value, salt) = (secret.text("/value")?, secret.text("/salt"));
    let (algorithm, iterations) = (data.text("/algorithm")?, data.number("/hashIterations"));
    match algorithm.as_str() {
        "argon2" => {
            let of = |name: &str| data.texts(&format!("/additionalParameters/{name}"));
            let [kind, version, memory, lanes] = ["type", "version", "memory", "parallelism"]
                .map(|name| of(name).into_iter().next());
            let version = if version.as_deref() == Some("1.0") { 16 } else { 19 };
            let (kind, memory, lanes) = (kind?, memory?, lanes?);
            let salt = salt?;
            let (salt, value) = (unpadded(&salt), unpadded(&value));
            let passes = iterations?;
            Some(format!(
                "$argon2{kind}$v={version}$m={memory},t={passes},p={lanes}${salt}${value}"
            ))
        }
        "pbkdf2" | "pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512" => {
            let name = if algorithm == "pbkdf2" { "pbkdf2-sha1" } else { &algorithm };
            Some(format!("${name}$i={}${}${}", iterations?, unpadded(&salt?), unpadded(&value)))
        }
        "bcrypt" => Some(value),
        _ => None,
    }
}

fn unpadded(base64: &str) -> &str {
    base64.trim_end_matches('=')
}
