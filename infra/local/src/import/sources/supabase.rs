//! Supabase's table `auth.users`.

use rolecall_domain::clock::Timestamp;
use serde_json::Value;

use super::{Converted, firebase::HashConfig};
use crate::import::source_user::{Fields, SourceUser, Status};

pub(super) fn convert(user: &Value, now: Timestamp) -> Converted {
    let is_confirmed = ["/email_confirmed_at", "/confirmed_at", "/phone_confirmed_at"]
        .iter()
        .any(|at| user.text(at).is_some());
    for (what, is_so) in [
        ("anonymous", user.flag("/is_anonymous") == Some(true)),
        ("single_sign_on", user.flag("/is_sso_user") == Some(true)),
        ("deleted", user.text("/deleted_at").is_some()),
        // Whoever typed the address may be a stranger, and so is the password.
        ("unconfirmed", !is_confirmed),
    ] {
        if is_so {
            return Converted::Skipped(what);
        }
    }
    // A text in CSV, an object in JSON.
    let inner = |name: &str| match user.get(name) {
        Some(object @ Value::Object(_)) => object.clone(),
        _ => user.json_in(&format!("/{name}")),
    };
    let (app, own) = (inner("raw_app_meta_data"), inner("raw_user_meta_data"));
    let is_banned = user.instant("/banned_until").is_some_and(|until| until > now);
    let mut roles = app.texts("/roles");
    roles.extend(app.texts("/role"));
    let person = SourceUser {
        id: user.text("/id"),
        email: user.text("/email"),
        email_verified: Some(user.text("/email_confirmed_at").is_some()),
        username: own.text("/username"),
        first_name: own.text("/first_name"),
        last_name: own.text("/last_name"),
        full_name: own.text("/full_name").or_else(|| own.text("/name")),
        // Written without its sign there.
        phone_number: user
            .text("/phone")
            .map(|digits| format!("+{}", digits.trim_start_matches('+'))),
        created_at: user.instant("/created_at"),
        password_hash: user.text("/encrypted_password").map(hash),
        status: if is_banned { Status::Suspended } else { Status::Active },
        groups: app.texts("/organization"),
        roles,
        ..SourceUser::default()
    };
    person.into()
}

/// Whoever came to Supabase from Firebase has a hash of there, with the project's parameters:
/// `$fbscrypt$v=1,n=14,r=8,p=1,ss=SEPARATOR,sk=KEY$SALT$HASH`.
fn hash(stored: String) -> String {
    let fields: Vec<&str> = stored.split('$').collect();
    let ["", "fbscrypt", params, salt, hash] = *fields.as_slice() else { return stored };
    let of = |name: &str| {
        let mut all = params.split(',');
        all.find_map(|one| one.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    };
    let config = || {
        Some(HashConfig {
            base64_signer_key: of("sk")?,
            base64_salt_separator: of("ss")?,
            rounds: of("r")?.parse().ok()?,
            mem_cost: of("n")?.parse().ok()?,
        })
    };
    config().map_or_else(|| stored.clone(), |config| config.hash(salt, hash))
}
