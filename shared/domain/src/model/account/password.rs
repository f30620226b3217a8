//! What a password may be (NIST SP 800-63B §5.1.1.2, OWASP ASVS 6.2).

use std::fmt;

use zxcvbn::{Score, zxcvbn};

use super::{
    types::{Email, Username},
    user::User,
};
use crate::model::{
    text::{canonical, composed},
    violation::Violation,
};

/// The product's own name, refused as a password's whole substance.
pub const PRODUCT_NAME: &str = "rolecall";

/// A bound before anything is composed: 128 characters that come apart into many (NFD) are less.
const MAX_BYTES: usize = 4096;

const MAX_CHARS: usize = 128;

const MIN_CHARS: usize = 8;

/// A password on its way to be checked against a hash: NFC, bounded, of any strength.
#[derive(Clone)]
pub struct PlainPassword(String);

/// A password on its way to be hashed: NFC, 8 to 128 characters. See [`check_policy`] for its
/// strength.
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
        if text.chars().count() < MIN_CHARS {
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
    if text.chars().count() > MAX_CHARS { Err(too_long()) } else { Ok(text) }
}

/// Refuses a password that is easy to guess, for anybody (`password_too_common`) or for those who
/// know whose it is (`password_too_similar`).
///
/// zxcvbn knows the common passwords, keyboard walks, dates and substitutions; a score of 3 means
/// about 10^8 guesses.
pub fn check_policy(
    password: &NewPassword,
    username: &Username,
    email: &Email,
    names: &[&str],
) -> Result<(), Violation> {
    let mut own: Vec<String> = [username.key(), email.local_part(), email.key(), PRODUCT_NAME]
        .into_iter()
        .chain(email.key().split(['@', '.']).filter(|part| part.chars().count() >= 4))
        .map(str::to_owned)
        .collect();
    own.extend(names.iter().map(|name| canonical(name)));
    if is_made_of(password, &own) {
        return Err(too_similar());
    }
    let inputs: Vec<&str> = own.iter().map(String::as_str).collect();
    let judged = zxcvbn(password.reveal(), &inputs);
    if judged.score() >= Score::Three {
        return Ok(());
    }
    if zxcvbn(password.reveal(), &[]).score() >= Score::Three {
        return Err(too_similar());
    }
    let reason = judged
        .feedback()
        .and_then(zxcvbn::feedback::Feedback::warning)
        .map_or_else(|| "It follows a common pattern.".to_owned(), |warning| warning.to_string());
    Err(Violation::new(
        "password_too_common",
        format!(
            "This password is too easy to guess: {reason} Capital letters, digits and signs added \
                to a word do not help; three or four unrelated words do."
        ),
    ))
}

/// [`check_policy`] for the password that an account is to have.
pub fn check_policy_of(user: &User, password: &NewPassword) -> Result<(), Violation> {
    let names: Vec<&str> = user.profile.names().collect();
    check_policy(password, &user.username, &user.email, &names)
}

fn too_similar() -> Violation {
    Violation::new(
        "password_too_similar",
        "This password is made of your username, your email address, your name or the product's \
            name.",
    )
}

/// Whether less than four characters are left when somebody's own words are taken out.
fn is_made_of(password: &NewPassword, own: &[String]) -> bool {
    let password = canonical(password.reveal());
    own.iter().filter(|word| word.chars().count() >= 3).any(|word| {
        password.contains(word.as_str()) && password.replace(word.as_str(), "").chars().count() < 4
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(password: &str) -> Result<(), &'static str> {
        let username = Username::parse("ada.lovelace").unwrap();
        let email = Email::parse("countess@analytical.example").unwrap();
        NewPassword::parse(password)
            .and_then(|password| check_policy(&password, &username, &email, &["Ada", "Lovelace"]))
            .map_err(|violation| violation.code)
    }

    #[test]
    fn every_refusal_has_its_code() {
        assert_eq!(check("Sh0rt!"), Err("password_too_short"));
        assert_eq!(check(&"x".repeat(129)), Err("password_too_long"));
        assert_eq!(check(&"\u{1f600}".repeat(1025)), Err("password_too_long"));
        for common in
            ["password1", "qwertyuiop", "Password123!", "Passw0rd!2024", "12345678", "aaaaaaaaaaaa"]
        {
            assert_eq!(check(common), Err("password_too_common"), "{common}");
        }
        for own in [
            "ada.lovelace",
            "Ada.Lovelace1!",
            "countess@analytical.example",
            "rolecall123",
            "RoleCall!",
        ] {
            assert_eq!(check(own), Err("password_too_similar"), "{own}");
        }
        for good in
            ["correct horse battery staple", "violet-anchor-mosaic-91", "päßwörter sind wörter"]
        {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_refusal_says_why() {
        let refusal = check_policy(
            &NewPassword::parse("Password123!").unwrap(),
            &Username::parse("ada").unwrap(),
            &Email::parse("ada@example.com").unwrap(),
            &[],
        )
        .unwrap_err();
        assert!(
            refusal.message.contains("do not help; three or four unrelated words do"),
            "{}",
            refusal.message
        );
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

    proptest! {
        // zxcvbn takes its time.
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_password_makes_the_check_panic(text in "\\PC{0,140}") {
            let _ = check(&text);
        }
    }
}
