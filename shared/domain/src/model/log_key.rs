use std::fmt;

use crate::model::ids::OrganizationId;

/// What an organization's log, activity stream and statistics are kept under: its code and, behind
/// an `@`, its id. One that has the same code later has another key. `PLATFORM`, and those from
/// before there were ids, have the code alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogKey(String);

impl LogKey {
    /// Of an organization with this code and id.
    #[must_use]
    pub fn new(code: impl fmt::Display, id: Option<OrganizationId>) -> Self {
        Self(id.map_or_else(|| code.to_string(), |id| format!("{code}@{id}")))
    }

    /// What [`LogKey::as_str`] gave.
    #[must_use]
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The organization's id; none of `PLATFORM` and of those from before there were ids.
    #[must_use]
    pub fn id(&self) -> Option<OrganizationId> {
        self.0.split_once('@')?.1.parse().ok()
    }

    /// The organization's code, as it was when this was written.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

impl fmt::Display for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{code::Code, ids::Id};

    #[test]
    fn a_key_has_its_code_and_two_organizations_of_one_code_have_two_keys() {
        let code = Code::known("ACME");
        let [one, other] = [1, 2].map(|n| LogKey::new(&code, Some(Id::from_bytes([n; 16]))));
        assert_ne!(one, other);
        for key in [&one, &other, &LogKey::new(&code, None)] {
            assert_eq!((key.code(), LogKey::new(&code, key.id())), ("ACME", key.clone()));
            assert_eq!(LogKey::from_stored(key.as_str()), *key);
        }
        assert_eq!(LogKey::new(&code, None).as_str(), "ACME");
        assert!(Code::parse("A@B").is_err(), "no code has the sign");
    }
}
