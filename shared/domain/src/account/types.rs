use std::fmt;

use crate::{
    Violation,
    clock::Timestamp,
    ids::UserId,
    mail::TokenHash,
    text::{canonical, compatible},
};

/// An email address: how it is written to, and the one form that makes it unique.
///
/// Emails are one account whatever their case or Unicode form: the key is `NFKC_Casefold` of the local part and
/// the IDNA form (UTS 46) of the domain. Quoted local parts, comments and address literals are refused: they
/// are legal in RFC 5321 and in practice only ever an attack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    address: String,
    key: String,
}

impl Email {
    /// Reads an address. Errors: `invalid_email`, `too_long` (over 254 octets, RFC 5321 §4.5.3.1).
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let invalid = || Violation::new("invalid_email", "This is not an email address of the form name@example.com.");
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
    let is_atext = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    (1..=64).contains(&local.len()) && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
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
/// It can be neither an email address nor an id, so that no one can pass for somebody else where either is asked.
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
        if !shown.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) || !shown.starts_with(char::is_alphanumeric) {
            return Err(Violation::new(
                "invalid_characters",
                "A username is made of letters, digits, '.', '_' and '-', and begins with a letter or a digit.",
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

/// A first or last name: 1 to 100 characters of one line, blanks at the ends cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name. Errors: `too_short`, `too_long`, `invalid_characters`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        line(text, 100).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A phone number in E.164 form (`+` and 7 to 15 digits); blanks, dots, dashes and brackets between them are dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a phone number. Error: `invalid_phone_number`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let dense: String = text.chars().filter(|c| !" .-()".contains(*c)).collect();
        let is_e164 = dense.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit()) && !digits.starts_with('0')
        });
        if is_e164 && text.len() <= 40 {
            Ok(Self(dense))
        } else {
            Err(Violation::new("invalid_phone_number", "Write a phone number as +, country code and number: +41 44 668 18 00."))
        }
    }

    /// The number in E.164 form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a user says about themself: up to 500 characters, lines allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bio(String);

impl Bio {
    /// Reads a bio. Errors: `too_long`, `invalid_characters`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.chars().count() > 500 {
            return Err(Violation::new("too_long", "At most 500 characters."));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(Violation::new("invalid_characters", "Control characters other than a line feed are not allowed."));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn line(text: &str, max: usize) -> Result<String, Violation> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Violation::new("too_short", "Leave it out, or write at least one character."));
    }
    if text.chars().count() > max {
        return Err(Violation::new("too_long", format!("At most {max} characters.")));
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(Violation::new("invalid_characters", "Control characters and line breaks are not allowed."));
    }
    Ok(text.to_owned())
}

/// Where an account stands. Only an active one signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// Signed up or invited; the address is not proven yet.
    Pending,
    /// In use.
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
    /// Its id.
    pub id: UserId,
    /// Its username.
    pub username: Username,
    /// Its address.
    pub email: Email,
    /// Whether the owner proved the address.
    pub email_verified: bool,
    /// First name.
    pub first_name: Option<PersonName>,
    /// Last name.
    pub last_name: Option<PersonName>,
    /// Phone number.
    pub phone_number: Option<PhoneNumber>,
    /// About.
    pub bio: Option<Bio>,
    /// Where it stands.
    pub status: AccountStatus,
    /// Locked until then, if that is still to come.
    pub locked_until: Option<Timestamp>,
    /// Counts up when every session must end; a session of an older epoch is dead.
    pub epoch: u64,
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_address_in_every_spelling_has_one_key() {
        let spellings =
            ["ada@example.com", "Ada@Example.COM", "ＡＤＡ@example.com", "ada@ｅｘａｍｐｌｅ.com", "ADA@EXAMPLE。com"];
        for spelling in spellings {
            assert_eq!(Email::parse(spelling).unwrap().key(), "ada@example.com", "{spelling}");
        }
        assert_eq!(
            Email::parse("j\u{f6}@b\u{fc}cher.example").unwrap(),
            Email::parse("jo\u{308}@xn--bcher-kva.example").unwrap()
        );
    }

    #[test]
    fn a_look_alike_is_another_address() {
        assert_ne!(Email::parse("m\u{131}ke@example.com").unwrap().key(), Email::parse("mike@example.com").unwrap().key());
    }

    #[test]
    fn addresses_that_only_attackers_write_are_refused() {
        let bad = [
            "",
            "@",
            "a@",
            "@b.example",
            "a@b",
            "a@@b.example",
            "a@b@c.example",
            "\"victim@x.com evil\"@y.com",
            "a(b)@c.example",
            "a b@c.example",
            "a@c.example\r\nBcc: x@y.example",
            ".a@b.example",
            "a..b@c.example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@-b.example",
            "a@b.example.",
            "a\0@b.example",
            "a,b@c.example",
            "<a@b.example>",
        ];
        for text in bad {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_username_is_neither_an_address_nor_an_id() {
        assert_eq!(Username::parse("ada@example.com").unwrap_err().code, "invalid_characters");
        assert_eq!(Username::parse("0190b5a4-9d5e-7c3a-8a61-3f2d5c6b7a89").unwrap_err().code, "reserved");
        assert_eq!(Username::parse("0190b5a49d5e7c3a8a613f2d5c6b7a89").unwrap_err().code, "reserved");
    }

    #[test]
    fn names_keep_markup_and_refuse_line_breaks() {
        assert_eq!(PersonName::parse(" <script>{{7*7}} ").unwrap().as_str(), "<script>{{7*7}}");
        for text in ["a\r\nb", "a\u{2028}b", "", "  ", "\u{1b}[31m"] {
            assert!(PersonName::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn phone_numbers_become_e164() {
        assert_eq!(PhoneNumber::parse("+41 (44) 668-18.00").unwrap().as_str(), "+41446681800");
        for text in ["0446681800", "+0123456789", "+12", "+1234567890123456", "+41x446681800"] {
            assert!(PhoneNumber::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_what_was_read_changes_nothing(text in "\\PC{1,20}@[a-zA-Z\u{fc}]{1,10}\\.[a-z]{2,5}") {
            if let Ok(email) = Email::parse(&text) {
                let again = Email::parse(email.address()).unwrap();
                prop_assert_eq!(&again, &email);
                let by_key = Email::parse(email.key()).unwrap();
                prop_assert_eq!(by_key.key(), email.key());
            }
        }

        #[test]
        fn usernames_have_one_key_in_every_case(text in "[a-zA-Z0-9][a-zA-Z0-9._-]{2,30}") {
            if let Ok(name) = Username::parse(&text) {
                let upper = Username::parse(&text.to_uppercase()).unwrap();
                prop_assert_eq!(name.key(), upper.key());
            }
        }
    }
}
