//! Auth0's bulk import schema, and its export, which spells `passwordHash`.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::Value;

use super::{SECOND_FACTOR, UNKNOWN_HASH};
use crate::import::source_user::{Fields, SourceUser, Status};

pub(super) fn convert(user: &Value) -> SourceUser {
    // The file of hashes, which support sends, has the address here.
    let identifiers = user.get("identifiers").and_then(Value::as_array);
    let identifier = identifiers
        .and_then(|all| all.iter().find(|one| one.text("/type").as_deref() == Some("email")));
    let mut person = SourceUser {
        id: user.text("/user_id").or_else(|| user.text("/id")).or_else(|| id_of_hash_file(user)),
        email: user.text("/email").or_else(|| identifier.and_then(|one| one.text("/value"))),
        email_verified: user
            .flag("/email_verified")
            .or_else(|| identifier.and_then(|one| one.flag("/verified"))),
        username: user.text("/username"),
        first_name: user.text("/given_name"),
        last_name: user.text("/family_name"),
        // A user without a name is named by the address there.
        full_name: user.text("/name").filter(|name| !name.contains('@')),
        phone_number: user.text("/phone_number"),
        created_at: user.instant("/created_at"),
        roles: user.texts("/app_metadata/roles"),
        groups: user.texts("/app_metadata/organization"),
        ..SourceUser::default()
    };
    if user.flag("/blocked") == Some(true) {
        person.status = Status::Suspended;
    }
    person.groups.extend(user.texts("/app_metadata/organizations"));
    if user.get("mfa_factors").and_then(Value::as_array).is_some_and(|all| !all.is_empty()) {
        person.note(SECOND_FACTOR);
    }
    let bcrypt = user.text("/password_hash").or_else(|| user.text("/passwordHash"));
    person.password_hash = match (bcrypt, user.get("custom_password_hash")) {
        (Some(hash), _) => Some(hash),
        (None, Some(custom)) => custom_hash(custom),
        (None, None) => return person,
    };
    if person.password_hash.is_none() {
        person.note(UNKNOWN_HASH);
    }
    person
}

/// What `user_id` is in the other exports.
fn id_of_hash_file(user: &Value) -> Option<String> {
    let id = user.text("/alt_id").or_else(|| user.text("/_id/$oid"))?;
    Some(format!("auth0|{id}"))
}

fn custom_hash(custom: &Value) -> Option<String> {
    let encoding = custom.text("/password/encoding");
    if encoding.is_some_and(|encoding| !matches!(encoding.as_str(), "utf8" | "ascii")) {
        return None;
    }
    let algorithm = custom.text("/algorithm")?;
    match algorithm.as_str() {
        "argon2" | "bcrypt" | "pbkdf2" | "ldap" => custom.text("/hash/value"),
        "scrypt" => {
            let or = |name: &str, usual: i64| custom.number(name).unwrap_or(usual);
            let cost = u64::try_from(or("/cost", 16384)).ok()?;
            let (r, p) = (or("/blockSize", 8), or("/parallelization", 1));
            let log_n = cost.is_power_of_two().then(|| cost.ilog2())?;
            let (salt, hash) = (base64(custom, "/salt")?, base64(custom, "/hash")?);
            Some(format!("$scrypt$ln={log_n},r={r},p={p}${salt}${hash}"))
        }
        "md5" | "sha1" | "sha256" | "sha512" => {
            let hash = base64(custom, "/hash")?;
            let salt = match custom.get("salt") {
                Some(_) => base64(custom, "/salt")?,
                None => String::new(),
            };
            let place = custom.text("/salt/position").unwrap_or_else(|| "prefix".to_owned());
            Some(format!("$digest-{algorithm}${place}${salt}${hash}"))
        }
        "hmac" if custom.get("salt").is_none() => {
            let (function, key) = (custom.text("/hash/digest")?, base64(custom, "/hash/key")?);
            Some(format!("$digest-{function}$key${key}${}", base64(custom, "/hash")?))
        }
        _ => None,
    }
}

/// The bytes of `value`, of the `encoding` beside it, in Base64.
fn base64(custom: &Value, pointer: &str) -> Option<String> {
    // Blanks of a salt belong to it.
    let text = custom.pointer(&format!("{pointer}/value"))?.as_str()?;
    let encoding = custom.text(&format!("{pointer}/encoding"));
    let bytes = match encoding.as_deref().unwrap_or("utf8") {
        "hex" => hex::decode(text).ok()?,
        "base64" => {
            let usual = text.trim_end_matches('=').replace('-', "+").replace('_', "/");
            STANDARD_NO_PAD.decode(usual).ok()?
        }
        "utf8" | "ascii" => text.as_bytes().to_vec(),
        _ => return None,
    };
    Some(STANDARD_NO_PAD.encode(bytes))
}
