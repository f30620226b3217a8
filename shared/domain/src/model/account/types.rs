use std::fmt;

use crate::model::{
    clock::Timestamp,
    ids::UserId,
    text::{canonical, compatible, is_invisible},
    token::TokenHash,
    violation::Violation,
    words::{Line, Paragraph},
};

#[cfg(test)]
mod tests;

/// An email address: how it is written to, and the one form that makes it unique.
///
/// Emails are one account whatever their case or Unicode form: the key is `NFKC_Casefold` of the
/// local part and the IDNA form (UTS 46) of the domain. Quoted local parts, comments and address
/// literals are refused: they are legal in RFC 5321 and in practice only ever an attack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    address: String,
    key: String,
}

impl Email {
    /// Reads an address. Errors: `invalid_email`, `too_long` (over 254 octets, RFC 5321 §4.5.3.1).
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let invalid = || {
            Violation::new(
                "invalid_email",
                "This is not an email address of the form name@example.com.",
            )
        };
        if text.len() > 254 {
            return Err(Violation::new("too_long", "An email address has at most 254 characters."));
        }
        let text = compatible(text);
        let (local, domain) = text.split_once('@').ok_or_else(invalid)?;
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| invalid())?;
        if !is_local_part(local) || !is_mail_domain(&domain) || local.len() + domain.len() > 253 {
            return Err(invalid());
        }
        let key = format!("{}@{domain}", canonical(local));
        Ok(Self { address: format!("{local}@{domain}"), key })
    }

    /// What mail is sent to.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The one form that makes it unique.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.key.split('@').next().unwrap_or_default()
    }
}

fn is_local_part(local: &str) -> bool {
    let is_atext = |c: char| is_letter(c) || "!#$%&'*+-/=?^_`{|}~".contains(c);
    (1..=64).contains(&local.len())
        && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// A letter or a digit that can be seen: two names never differ by one that cannot.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_invisible(c)
}

fn is_mail_domain(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.')
        && !last.is_empty()
        && !last.chars().all(|c| c.is_ascii_digit())
        && domain.split('.').all(|label| (1..=63).contains(&label.len()))
}

/// A username: 3 to 50 letters, digits, `.`, `_` or `-`, unique in its `NFKC_Casefold` form.
///
/// It can be neither an email address nor an id, so that no one can pass for somebody else where
/// either is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username {
    shown: String,
    key: String,
}

impl Username {
    /// Reads a username. Errors: `too_short`, `too_long`, `invalid_characters`, `reserved`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.len() > 400 {
            return Err(Violation::new("too_long", "A username has at most 50 characters."));
        }
        let shown = compatible(text);
        let length = shown.chars().count();
        if length < 3 {
            return Err(Violation::new("too_short", "A username has at least 3 characters."));
        }
        if length > 50 {
            return Err(Violation::new("too_long", "A username has at most 50 characters."));
        }
        if !shown.chars().all(|c| is_letter(c) || "._-".contains(c))
            || !shown.starts_with(char::is_alphanumeric)
        {
            return Err(Violation::new(
                "invalid_characters",
                "A username is made of letters, digits, '.', '_' and '-', and begins with a \
                    letter or a digit.",
            ));
        }
        if uuid::Uuid::try_parse(&shown).is_ok() {
            return Err(Violation::new("reserved", "A username cannot have the form of an id."));
        }
        let key = canonical(&shown);
        Ok(Self { shown, key })
    }

    /// How its owner wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The one form that makes it unique.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A first or last name.
pub type PersonName = Line<100>;

/// A phone number in E.164 form (`+` and 7 to 15 digits); blanks, dots, dashes and brackets between
/// them are dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a phone number. Error: `invalid_phone_number`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let dense: String = text.chars().filter(|c| !" .-()".contains(*c)).collect();
        let is_e164 = dense.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len())
                && digits.chars().all(|c| c.is_ascii_digit())
                && !digits.starts_with('0')
        });
        if is_e164 && text.len() <= 40 {
            Ok(Self(dense))
        } else {
            Err(Violation::new(
                "invalid_phone_number",
                "Write a phone number as +, country code and number: +41 44 668 18 00.",
            ))
        }
    }

    /// The number in E.164 form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a user says about themself.
pub type Bio = Paragraph;

/// Where an account stands. Only an active one signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// Signed up or invited; the address is not proven yet.
    Pending,
    Active,
    /// Switched off by an administrator.
    Inactive,
    /// Barred by an administrator.
    Suspended,
    /// Deleted softly: kept for the record, may be restored.
    Deleted,
}

impl AccountStatus {
    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Inactive, Self::Suspended, Self::Deleted]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

impl fmt::Display for AccountStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An account. It holds no credential: the password's hash stays with the login record.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    pub id: UserId,
    pub username: Username,
    pub email: Email,
    /// Whether the owner proved the address.
    pub email_verified: bool,
    pub first_name: Option<PersonName>,
    pub last_name: Option<PersonName>,
    /// Phone number.
    pub phone_number: Option<PhoneNumber>,
    pub bio: Option<Bio>,
    pub status: AccountStatus,
    /// Whether only a change of the password is open to its sessions.
    pub must_change_password: bool,
    /// Whether a program signs in with it: what it tracks is the system's, and no person's.
    pub is_service: bool,
    /// Locked by an administrator until then, if that is still to come. Failed sign-ins do not set
    /// it: they lock out unknown devices alone ([`crate::model::session::FailedLogins`]).
    pub locked_until: Option<Timestamp>,
    /// Counts up when every session must end; a session of an older epoch is dead.
    pub epoch: u64,
    /// Counts the passwords; a reset link for an older one is dead.
    pub credential: u64,
    /// Counts the changes; the `ETag`, and the condition of every write.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// Whether a lock holds at `now`.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }

    /// The account with a new password: every session of before is over.
    #[must_use]
    pub fn with_new_password(&self, now: Timestamp) -> Self {
        let (epoch, credential, version) = (self.epoch + 1, self.credential + 1, self.version + 1);
        Self {
            epoch,
            credential,
            version,
            must_change_password: false,
            updated_at: now,
            ..self.clone()
        }
    }
}

/// A sign-up that waits for its address to be proven. It brings in its own password.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// The hash of its verification token: its key.
    pub token: TokenHash,
    /// The account that it will become, status pending.
    pub user: User,
    /// PHC string of the password's hash.
    pub password_hash: String,
    /// Dead from then on.
    pub expires_at: Timestamp,
}
