//! Service accounts: what programs call as.

use super::{
    profile::Profile,
    types::{AccountStatus, Email, PersonName, Username},
    user::User,
};
use crate::model::{
    clock::Timestamp, ids::UserId, log_key::LogKey, text::canonical, violation::Violation,
};

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    Human,
    /// A program's.
    Service,
}

impl UserKind {
    pub const ALL: [Self; 2] = [Self::Human, Self::Service];

    /// Its name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "person",
            Self::Service => "service",
        }
    }

    /// The kind of that name. Error: `unknown_kind`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| Violation::new("unknown_kind", "One of: person, service."))
    }
}

impl User {
    /// Whose account it is.
    #[must_use]
    pub fn kind(&self) -> UserKind {
        if self.is_service { UserKind::Service } else { UserKind::Human }
    }

    /// A program's account, active from the start. It has a name and neither address nor password:
    /// it calls with keys. No errors but of a bug: name and id make its username, and the id what
    /// stands for an address.
    pub fn service(
        id: UserId,
        name: PersonName,
        organization: LogKey,
        now: Timestamp,
    ) -> Result<Self, Violation> {
        let dense = id.to_string().replace('-', "");
        let username = Username::parse(&format!("{}-{}", slug(name.as_str()), tail(&dense)))?;
        // No mail goes there (RFC 2606 §2).
        let email = Email::parse(&format!("{dense}@service.invalid"))?;
        Ok(Self {
            profile: Profile { first_name: Some(name), ..Profile::default() },
            status: AccountStatus::Active,
            is_service: true,
            invited_by: Some(organization),
            ..Self::new(id, username, email, now)
        })
    }

    /// Whether nobody signs in to it: a program calls with keys. Not so a service user with an
    /// address, which `setup` makes.
    #[must_use]
    pub fn is_service_account(&self) -> bool {
        self.is_service && self.mail_address().is_none()
    }

    /// Where mail to its owner goes; nowhere for a service account and one that is erased.
    #[must_use]
    pub fn mail_address(&self) -> Option<&Email> {
        Some(&self.email).filter(|email| !email.is_nobodys())
    }
}

/// The letters and digits of a name in ASCII, as a username may begin.
fn slug(name: &str) -> String {
    let plain = canonical(name);
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(40).collect();
    if slug.is_empty() { "service".to_owned() } else { slug }
}

/// The last eight digits of an id: they are random.
fn tail(dense: &str) -> &str {
    dense.get(dense.len().saturating_sub(8)..).unwrap_or(dense)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{clock::from_millis, code::Code, ids::Id};

    #[test]
    fn a_service_account_has_a_username_of_its_name_and_no_address() {
        for (name, username) in [
            ("Nightly Backup", "nightly-backup-07070707"),
            ("Пётр", "service-07070707"),
            ("  x  ", "x-07070707"),
            (&"word ".repeat(20), "word-word-word-word-word-word-word-word--07070707"),
        ] {
            let log = LogKey::new(Code::known("ACME"), None);
            let (id, now) = (Id::from_bytes([7; 16]), from_millis(0).unwrap());
            let user = User::service(id, PersonName::parse(name).unwrap(), log, now).unwrap();
            assert_eq!(user.username.as_str(), username);
            assert_eq!(user.mail_address(), None);
            assert!(user.is_service && user.status == AccountStatus::Active);
        }
    }
}
