//! What the converters make of a record, and what `import_users` takes.

use std::collections::BTreeSet;

use rolecall_domain::{
    account::Username,
    clock::{Timestamp, from_millis, rfc3339},
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::mapping::Mapping;

/// Where an account stood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Status {
    #[default]
    Active,
    Inactive,
    Suspended,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Suspended => "suspended",
        }
    }
}

/// A user as another system has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SourceUser {
    /// What the other system calls them, for good.
    pub(crate) id: Option<String>,
    pub(crate) email: Option<String>,
    /// Whether the other system proved the address; it may not say.
    pub(crate) email_verified: Option<bool>,
    pub(crate) username: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    /// Both in one, where there are no two.
    pub(crate) full_name: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) status: Status,
    pub(crate) must_change_password: bool,
    pub(crate) created_at: Option<Timestamp>,
    /// A spelling that `import_users` reads.
    pub(crate) password_hash: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) groups: Vec<String>,
    /// What of them is not imported, for the report.
    pub(crate) notes: BTreeSet<String>,
}

impl SourceUser {
    pub(crate) fn note(&mut self, what: impl Into<String>) {
        self.notes.insert(what.into());
    }

    /// What `import_users` takes.
    pub(crate) fn user(&mut self, mapping: &Mapping) -> Map<String, Value> {
        if let Some(name) = self.full_name.take()
            && self.first_name.is_none()
            && self.last_name.is_none()
        {
            let (first, last) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
            self.first_name = Some(first.to_owned());
            self.last_name = Some(last.trim().to_owned());
        }
        let email = self.email.clone().unwrap_or_default();
        let proven = self.email_verified.unwrap_or(mapping.email_verified);
        let mut user = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            value.map(|value| user.insert(name.to_owned(), value));
        };
        let text = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(Value::from)
        };
        let username = self.likely_username(&email);
        if self.username.as_ref().is_some_and(|own| own.trim() != username) {
            self.note("username_changed");
        }
        put("username", Some(json!(username)));
        put("email", Some(json!(email)));
        put("email_verified", Some(json!(proven)));
        // A second run knows them by it.
        put("external_id", text(&self.id).or_else(|| text(&self.email)));
        put("first_name", text(&self.first_name));
        put("last_name", text(&self.last_name));
        put("phone_number", text(&self.phone_number));
        put("status", Some(json!(self.status.as_str())));
        put("must_change_password", self.must_change_password.then_some(Value::Bool(true)));
        put("created_at", self.created_at.map(|at| json!(rfc3339(at))));
        put("password_hash", text(&self.password_hash));
        let (organization, roles) = mapping.place(&self.groups, &self.roles, &mut self.notes);
        put("organization", organization.map(Value::from));
        put("roles", (!roles.is_empty()).then(|| json!(roles)));
        user
    }

    /// The username of the other system, or one that the address gives.
    fn likely_username(&self, email: &str) -> String {
        let own = self.username.as_deref().map(str::trim);
        let own = own.filter(|name| Username::parse(name).is_ok());
        own.map_or_else(|| username_of(email), str::to_owned)
    }
}

/// A username of the letters and digits before the `@`.
pub(crate) fn username_of(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default();
    let is_taken = |one: &char| one.is_ascii_alphanumeric() || matches!(one, '.' | '_' | '-');
    let name: String = local.chars().filter(is_taken).take(40).collect();
    let name = name.trim_start_matches(['.', '_', '-']);
    if Username::parse(name).is_ok() { name.to_owned() } else { another_username(name, email) }
}

/// The same every time, and nobody else's: with six digits of the address's SHA-256.
pub(crate) fn another_username(name: &str, email: &str) -> String {
    let digest = Sha256::digest(email.to_lowercase());
    let digits: String = hex::encode(digest).chars().take(6).collect();
    let name: String = name.chars().take(40).collect();
    let name =
        if Username::stored(&format!("{name}--")).is_ok() { name } else { "user".to_owned() };
    format!("{name}-{digits}")
}

/// Fields of a record by their names.
pub(crate) trait Fields {
    /// A text; none where it is empty.
    fn text(&self, pointer: &str) -> Option<String>;
    /// `true` and `TRUE` are texts, too, in CSV.
    fn flag(&self, pointer: &str) -> Option<bool>;
    /// Numbers are texts, too, in CSV.
    fn number(&self, pointer: &str) -> Option<i64>;
    /// The texts of an array, or one text alone.
    fn texts(&self, pointer: &str) -> Vec<String>;
    /// An instant: RFC 3339, as `PostgreSQL` writes it, or milliseconds.
    fn instant(&self, pointer: &str) -> Option<Timestamp>;
    /// An object in a text.
    fn json_in(&self, pointer: &str) -> Value;
}

impl Fields for Value {
    fn text(&self, pointer: &str) -> Option<String> {
        match self.pointer(pointer)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn flag(&self, pointer: &str) -> Option<bool> {
        match self.pointer(pointer)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "t" | "1" => Some(true),
                "false" | "f" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn number(&self, pointer: &str) -> Option<i64> {
        match self.pointer(pointer)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn texts(&self, pointer: &str) -> Vec<String> {
        match self.pointer(pointer) {
            Some(Value::Array(all)) => all.iter().filter_map(|one| one.text("")).collect(),
            Some(one) => one.text("").into_iter().collect(),
            None => Vec::new(),
        }
    }

    fn instant(&self, pointer: &str) -> Option<Timestamp> {
        match self.number(pointer) {
            Some(millis) => from_millis(millis),
            None => self.text(pointer)?.parse().ok(),
        }
    }

    fn json_in(&self, pointer: &str) -> Value {
        let text = self.pointer(pointer).and_then(Value::as_str);
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_come_from_addresses_and_are_the_same_every_time() {
        for (email, username) in [
            ("ada.lovelace@example.com", "ada.lovelace"),
            ("Ada+news@example.com", "Adanews"),
            ("_x@example.com", "x-cb9ab3"),
        ] {
            assert_eq!(username_of(email), username);
        }
        for email in ["bo@example.com", "_@example.com", "é@example.com", "", &"a".repeat(300)] {
            let username = username_of(email);
            assert!(Username::parse(&username).is_ok(), "{username}");
            assert!(Username::parse(&another_username(&username, email)).is_ok(), "{username}");
            assert_eq!(username_of(email), username);
        }
        assert_ne!(another_username("ada", "a@b.org"), another_username("ada", "b@b.org"));
    }

    #[test]
    fn instants_are_read_in_the_spellings_of_exports() {
        let at = Some("2025-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
        for value in [
            json!("2025-01-01T00:00:00Z"),
            json!("2025-01-01T00:00:00.000Z"),
            json!("2025-01-01 00:00:00+00"),
            json!("2025-01-01 02:00:00.000000+02:00"),
            json!("1735689600000"),
            json!(1_735_689_600_000_i64),
        ] {
            assert_eq!(value.instant(""), at, "{value}");
        }
        assert_eq!(json!("yesterday").instant(""), None);
    }
}
