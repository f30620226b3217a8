use std::fmt;

use unicode_normalization::char::is_combining_mark;

use super::script::may_stand_together;
use crate::model::{
    text::{canonical, compatible, is_invisible},
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
    /// Reads an address, without blanks around it. Errors: `invalid_email`, `too_long` (over 254
    /// octets, RFC 5321 §4.5.3.1).
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let invalid = || {
            Violation::new(
                "invalid_email",
                "This is not an email address of the form name@example.com.",
            )
        };
        let text = text.trim();
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

    /// Whether nobody can ever have it (RFC 2606 §2): no mail goes there.
    #[must_use]
    pub fn is_nobodys(&self) -> bool {
        self.key.ends_with(".invalid")
    }

    /// Whether mail can be sent to it: SES takes ASCII alone before the `@` (API reference of SES
    /// v2, `Destination`). The domain is in its ASCII form here.
    #[must_use]
    pub fn is_deliverable(&self) -> bool {
        self.address.is_ascii()
    }
}

/// An address that somebody is to have: one that mail reaches. An account from before may have
/// another, and signs in with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEmail(Email);

impl NewEmail {
    /// Reads an address as [`Email::parse`] does. Errors: those, and `email_not_deliverable`, also
    /// for what stands before the `@` in other letters and is no local part by RFC 6532 either.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let undeliverable = Violation::new(
            "email_not_deliverable",
            "No mail can be sent to this address: before the @ it may have the letters a to z, \
                digits and signs of ASCII alone.",
        );
        match Email::parse(text) {
            Ok(email) if email.is_nobodys() => Err(Violation::new(
                "email_not_deliverable",
                "No mail can be sent to an address that ends in .invalid.",
            )),
            Ok(email) if email.is_deliverable() => Ok(Self(email)),
            Ok(_) => Err(undeliverable),
            Err(violation) => {
                let local =
                    compatible(text.trim()).split_once('@').map(|(local, _)| local.is_ascii());
                Err(if local == Some(false) { undeliverable } else { violation })
            }
        }
    }
}

impl From<NewEmail> for Email {
    fn from(NewEmail(email): NewEmail) -> Self {
        email
    }
}

fn is_local_part(local: &str) -> bool {
    let is_atext = |c: char| is_letter(c) || is_mark(c) || "!#$%&'*+-/=?^_`{|}~".contains(c);
    (1..=64).contains(&local.len())
        && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// A letter or a digit that can be seen: two names never differ by one that cannot.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_combining_mark(c) && !is_invisible(c)
}

/// A mark on a letter (`General_Category` M). Scripts from Hebrew to Thai and Yoruba write some
/// that no letter includes.
fn is_mark(c: char) -> bool {
    is_combining_mark(c) && !is_invisible(c)
}

fn is_mail_domain(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.')
        && !last.is_empty()
        && !last.chars().all(|c| c.is_ascii_digit())
        && domain.split('.').all(|label| (1..=63).contains(&label.len()))
}

/// The most marks on one letter of a name; nobody writes more (UTS 39 §5.4).
const MOST_MARKS: u32 = 4;

/// Whether a text begins with a letter or a digit and is made of letters with their marks, digits
/// and three signs.
fn is_name(text: &str) -> bool {
    // How many more marks may follow.
    let mut marks = 0;
    let is_one = |c: char| {
        let is_mark = is_mark(c) && marks > 0;
        marks = match c {
            c if is_letter(c) => MOST_MARKS,
            _ if is_mark => marks - 1,
            _ => 0,
        };
        is_letter(c) || is_mark || "._-".contains(c)
    };
    text.starts_with(is_letter) && text.chars().all(is_one)
}

/// A username: 3 to 50 letters with their marks, digits, `.`, `_` or `-`, unique in its
/// `NFKC_Casefold` form, of one script, or of Latin beside one that does not look like it.
///
/// It can be neither an email address nor an id, so that no one can pass for somebody else where
/// either is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username {
    shown: String,
    key: String,
}

impl Username {
    /// Reads a username that somebody is to have, without blanks around it. Errors: `too_short`,
    /// `too_long`, `invalid_characters`, `mixed_scripts`, `reserved`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let username = Self::stored(text)?;
        let shown = username.as_str();
        if !is_name(shown) {
            return Err(Violation::new(
                "invalid_characters",
                "A username is made of letters, digits, '.', '_' and '-', and begins with a \
                    letter or a digit.",
            ));
        }
        if !may_stand_together(shown) {
            return Err(Violation::new(
                "mixed_scripts",
                "A username is written in one script; Latin letters may stand beside those of one \
                    other that do not look like them.",
            ));
        }
        if uuid::Uuid::try_parse(shown).is_ok() {
            return Err(Violation::new("reserved", "A username cannot have the form of an id."));
        }
        Ok(username)
    }

    /// Reads a username that somebody has: it may be from before a rule. Errors: `too_short`,
    /// `too_long`.
    pub fn stored(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
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
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::Active, Self::Inactive, Self::Suspended, Self::Deleted];

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

    /// The status of that name. Error: `unknown_status`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        Self::ALL.into_iter().find(|status| status.as_str() == name).ok_or_else(|| {
            Violation::new(
                "unknown_status",
                "One of: pending, active, inactive, suspended, deleted.",
            )
        })
    }
}

impl fmt::Display for AccountStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
