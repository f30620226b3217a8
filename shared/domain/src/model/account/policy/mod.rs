//! Which passwords are too easy to guess (NIST SP 800-63B §5.1.1.2, OWASP ASVS 6.2).

mod common;
mod pattern;
mod spelling;

use std::ops::Range;

use super::{
    password::NewPassword,
    types::{Email, Username},
    user::User,
};
use crate::model::violation::Violation;

pub use common::common_password_forms;

use pattern::{is_run, repeated, weight};
use spelling::Spelling;

/// What is enough beside somebody's own words; half as much as they have letters is, too: short
/// ones are in random texts.
const LEAST_BESIDE: usize = 4;

/// Words of fewer letters are in too many texts.
const SHORTEST_WORD: usize = 3;

/// So are parts of words.
const SHORTEST_PART: usize = 4;

/// The longest piece that is weak when it is repeated: as a password of its own it would be too
/// short.
const SHORT_PIECE: usize = 7;

/// Refuses a password that is easy to guess, for anybody (`password_too_common`) or for those who
/// know whose it is (`password_too_similar`).
///
/// `names` are the owner's; `product` is what the service is called.
pub fn check_policy(
    password: &NewPassword,
    username: &Username,
    email: &Email,
    names: &[&str],
    product: &str,
) -> Result<(), Violation> {
    let email = email.key().split('@');
    // The short words of a name count where they are typed as one: `GoDo` of "Go Do".
    let joined: String = product.chars().filter(|c| c.is_alphanumeric()).collect();
    let own: Vec<&str> = [username.key(), product, &joined]
        .into_iter()
        .chain(email)
        .chain(names.iter().copied())
        .collect();
    judge(password, &own)
}

/// [`check_policy`] for the password that an account is to have.
pub fn check_policy_of(
    user: &User,
    password: &NewPassword,
    product: &str,
) -> Result<(), Violation> {
    let names: Vec<&str> = user.profile.names().collect();
    check_policy(password, &user.username, &user.email, &names, product)
}

/// Holds a password against the list, the patterns, and the words that are the owner's own. The
/// work grows with the length of the password and of the words, and with nothing else.
fn judge(password: &NewPassword, own: &[&str]) -> Result<(), Violation> {
    let spelling = Spelling::of(password.reveal());
    if is_made_of(&spelling, own) {
        return Err(Violation::new(
            "password_too_similar",
            "This password is made of your username, your email address, your name or the \
                product's name.",
        ));
    }
    let is_repetition = |text: &str| repeated(text, SHORT_PIECE).is_some();
    // As typed, too: of invisible characters the other spelling keeps none.
    if is_repetition(&spelling.plain) || is_repetition(password.reveal()) {
        Err(too_common("repeats one character or a short piece"))
    } else if is_run(&spelling.plain) {
        Err(too_common("is a run of neighbouring keys, letters or digits"))
    } else if common::is_common(&spelling) {
        Err(too_common("is a common password, or hides one"))
    } else {
        Ok(())
    }
}

fn too_common(why: &str) -> Violation {
    Violation::new(
        "password_too_common",
        format!(
            "This password is too easy to guess: it {why}. Capital letters, digits and signs added \
                to a word do not help; three or four unrelated words do."
        ),
    )
}

/// Whether little is left when somebody's own words and the parts of them are taken out, or the
/// password is itself a part of one.
fn is_made_of(password: &Spelling, own: &[&str]) -> bool {
    let mut found: Vec<Range<usize>> = Vec::new();
    for own in own.iter().map(|word| Spelling::of(word)) {
        for (text, word) in password.letters.iter().zip(&own.letters) {
            if !text.is_empty() && word.contains(text.as_str()) {
                return true;
            }
            let parts = own.words().filter_map(|part| word.get(part));
            let parts = parts.filter(|part| part.chars().count() >= SHORTEST_PART);
            let whole = Some(word.as_str()).filter(|word| word.chars().count() >= SHORTEST_WORD);
            for word in parts.chain(whole) {
                found.extend(text.match_indices(word).map(|(at, hit)| at..at + hit.len()));
            }
        }
    }
    found.sort_unstable_by_key(|hit| hit.start);
    let (mut own, mut beside, mut end) = (0, 0, 0);
    for hit in &found {
        beside += password.plain.get(end..hit.start).map_or(0, weight);
        own +=
            password.plain.get(hit.start.max(end)..hit.end).map_or(0, |text| text.chars().count());
        end = end.max(hit.end);
    }
    beside += password.plain.get(end..).map_or(0, weight);
    own > 0 && beside < LEAST_BESIDE && beside * 2 <= own + 1
}

#[cfg(test)]
mod tests;
