//! Clerk's CSV of the dashboard; its JSON has the same names.

use serde_json::Value;

use super::{SECOND_FACTOR, UNKNOWN_HASH, firebase::HashConfig};
use crate::import::source_user::{Fields, SourceUser, Status};

pub(super) fn convert(user: &Value) -> SourceUser {
    let verified = listed(user, "/verified_email_addresses");
    let unverified = listed(user, "/unverified_email_addresses");
    let primary = user.text("/primary_email_address");
    let email = primary.or_else(|| verified.iter().chain(&unverified).next().cloned());
    let mut person = SourceUser {
        id: user.text("/id"),
        email_verified: email.as_ref().map(|email| verified.contains(email)),
        username: user.text("/username"),
        first_name: user.text("/first_name"),
        last_name: user.text("/last_name"),
        phone_number: user.text("/primary_phone_number"),
        created_at: user.instant("/created_at"),
        roles: user.texts("/public_metadata/role"),
        ..SourceUser::default()
    };
    for other in verified.iter().chain(&unverified).filter(|one| Some(*one) != email.as_ref()) {
        person.note(format!("address_not_imported: {other}"));
    }
    person.email = email;
    if user.flag("/banned") == Some(true) {
        person.status = Status::Suspended;
    }
    if user.text("/totp_secret").is_some() {
        person.note(SECOND_FACTOR);
    }
    if let Some(digest) = user.text("/password_digest") {
        person.password_hash = hash(&digest, user.text("/password_hasher").as_deref());
        if person.password_hash.is_none() {
            person.note(UNKNOWN_HASH);
        }
    }
    person
}

/// Several in a field of a CSV stand behind one another.
fn listed(user: &Value, pointer: &str) -> Vec<String> {
    let texts = user.texts(pointer);
    let parts = texts.iter().flat_map(|text| text.split([',', ';', ' ', '|']));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn hash(digest: &str, hasher: Option<&str>) -> Option<String> {
    let fields: Vec<&str> = digest.split('$').collect();
    match (hasher?, fields.as_slice()) {
        (
            "bcrypt"
            | "bcrypt_sha256_django"
            | "argon2i"
            | "argon2id"
            | "pbkdf2_sha256_django"
            | "scrypt_werkzeug"
            | "phpass"
            | "md5_phpass"
            | "ldap_ssha"
            | "md5"
            | "sha256",
            _,
        ) => Some(digest.to_owned()),
        // The salt, which Django has as it is, is Base64 here.
        ("pbkdf2_sha256" | "pbkdf2_sha512", [name, iterations, salt, hash]) => {
            Some(format!("${}$i={iterations}${salt}${hash}", name.replace('_', "-")))
        }
        ("pbkdf2_sha1", [_, iterations, salt, hash]) => {
            Some(format!("pbkdf2:sha1:{iterations}${salt}${}", hash.to_ascii_lowercase()))
        }
        ("scrypt_firebase", [hash, salt, signer_key, separator, rounds, mem_cost]) => {
            let config = HashConfig {
                base64_signer_key: (*signer_key).to_owned(),
                base64_salt_separator: (*separator).to_owned(),
                rounds: rounds.parse().ok()?,
                mem_cost: mem_cost.parse().ok()?,
            };
            Some(config.hash(salt, hash))
        }
        _ => None,
    }
}
