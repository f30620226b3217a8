//! How long a password may be (NIST SP 800-63B §5.1.1.2, OWASP ASVS 6.2).

use std::fmt;

use crate::model::{text::composed, violation::Violation};

/// A bound before anything is composed: 128 characters that come apart into many (NFD) are less.
const MAX_BYTES: usize = 4096;

/// The most characters of a password.
pub const LONGEST_PASSWORD: usize = 128;

/// The fewest characters of a new password.
pub const SHORTEST_PASSWORD: usize = 8;

/// A password on its way to be checked against a hash: NFC, bounded, of any strength.
#[derive(Clone)]
pub struct PlainPassword(String);

/// A password on its way to be hashed: NFC, 8 to 128 characters. See
/// [`check_policy`](super::check_policy) for its strength.
#[derive(Clone)]
pub struct NewPassword(String);

impl PlainPassword {
    /// Reads a password. Error: `password_too_long`, over 4 KiB or over 128 characters after NFC,
    /// before any hashing.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        bounded(text).map(Self)
    }

    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl NewPassword {
    /// Reads a password. Errors: `password_too_long`, `password_too_short`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = bounded(text)?;
        if text.chars().count() < SHORTEST_PASSWORD {
            return Err(Violation::new(
                "password_too_short",
                "A password has at least 8 characters.",
            ));
        }
        Ok(Self(text))
    }

    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PlainPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordAttempt(…)")
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

fn bounded(text: &str) -> Result<String, Violation> {
    let too_long = || Violation::new("password_too_long", "A password has at most 128 characters.");
    if text.len() > MAX_BYTES {
        return Err(too_long());
    }
    let text = composed(text);
    if text.chars().count() > LONGEST_PASSWORD { Err(too_long()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_8_to_128_characters() {
        let refused = |text: &str| NewPassword::parse(text).map(|_| ()).map_err(|why| why.code);
        assert_eq!(refused("Sh0rt!x"), Err("password_too_short"));
        assert_eq!(refused("Sh0rt!xy"), Ok(()));
        assert_eq!(refused(&"x".repeat(128)), Ok(()));
        assert_eq!(refused(&"x".repeat(129)), Err("password_too_long"));
        assert_eq!(refused(&"\u{1f600}".repeat(1025)), Err("password_too_long"));
    }

    #[test]
    fn both_unicode_forms_are_one_password_of_128_characters() {
        let composed = "\u{e9}".repeat(128);
        let decomposed = "e\u{301}".repeat(128);
        assert_eq!(
            NewPassword::parse(&composed).unwrap().reveal(),
            NewPassword::parse(&decomposed).unwrap().reveal()
        );
        let hangul = "\u{1100}\u{1161}\u{11a8}".repeat(128);
        assert_eq!(NewPassword::parse(&hangul).unwrap().reveal(), "\u{ac01}".repeat(128));
        assert_eq!(NewPassword::parse("12345678\0tail").unwrap().reveal(), "12345678\0tail");
    }

    #[test]
    fn a_password_is_never_printed() {
        assert!(
            !format!("{:?}", NewPassword::parse("violet-anchor-mosaic").unwrap())
                .contains("violet")
        );
    }
}
