//! `firebase auth:export`, in JSON or CSV.

use serde::Deserialize;
use serde_json::Value;

use super::Converted;
use crate::import::source_user::{Fields, SourceUser, Status};

/// The columns of its CSV, which has no header; those of other providers are between.
pub(super) const COLUMNS: [(usize, &str); 11] = [
    (0, "localId"),
    (1, "email"),
    (2, "emailVerified"),
    (3, "passwordHash"),
    (4, "salt"),
    (5, "displayName"),
    (23, "createdAt"),
    (24, "lastSignedInAt"),
    (25, "phoneNumber"),
    (26, "disabled"),
    (27, "customAttributes"),
];

/// The password hash parameters of a project, as its console shows them.
#[derive(Debug, Deserialize)]
pub(crate) struct HashConfig {
    pub(crate) base64_signer_key: String,
    pub(crate) base64_salt_separator: String,
    pub(crate) rounds: u32,
    pub(crate) mem_cost: u32,
}

impl HashConfig {
    /// JSON, or the console's `hash_config { algorithm: SCRYPT, … }`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let text = text.strip_prefix("hash_config").unwrap_or(text);
        // What the reader of YAML says would show a part of the file, the key in it.
        serde_saphyr::from_str(text).map_err(|_| {
            "it needs `base64_signer_key`, `base64_salt_separator`, `rounds` and `mem_cost`"
                .to_owned()
        })
    }

    /// The hash of a user, with all that checking it takes.
    pub(crate) fn hash(&self, salt: &str, hash: &str) -> String {
        let Self { base64_signer_key, base64_salt_separator, rounds, mem_cost } = self;
        let [signer, separator, salt, hash] =
            [base64_signer_key, base64_salt_separator, salt, hash].map(usual);
        format!("$firebase-scrypt$ln={mem_cost},r={rounds}${signer}${separator}${salt}${hash}")
    }
}

/// Firebase's own Base64 is that of URLs, and its command line's is the usual one.
fn usual(base64: &str) -> String {
    base64.replace('-', "+").replace('_', "/")
}

pub(super) fn convert(user: &Value, config: Option<&HashConfig>) -> Converted {
    let claims = user.json_in("/customAttributes");
    let mut person = SourceUser {
        id: user.text("/localId"),
        email: user.text("/email"),
        email_verified: user.flag("/emailVerified"),
        full_name: user.text("/displayName"),
        phone_number: user.text("/phoneNumber"),
        created_at: user.instant("/createdAt"),
        roles: claims.texts("/role"),
        ..SourceUser::default()
    };
    person.roles.extend(claims.texts("/roles"));
    if user.flag("/disabled") == Some(true) {
        person.status = Status::Suspended;
    }
    let hash = user.text("/passwordHash").zip(user.text("/salt"));
    match (hash, config) {
        (Some((hash, salt)), Some(config)) => {
            person.password_hash = Some(config.hash(&salt, &hash));
        }
        // An account without a password would be there when the parameters come.
        (Some(_), None) => return Converted::Refused("no_hash_config"),
        (None, _) => {}
    }
    person.into()
}
