//! The list of common passwords.

use std::collections::BTreeSet;

use fst::Set;

use super::{
    pattern::{repeated, weight},
    spelling::{Spelling, stands_for_letter},
};

/// What [`common_password_forms`] makes of the lists that `shared/domain/data/README.md` names, as
/// a finite state transducer.
const LIST: &[u8] = include_bytes!("../../../../data/common-passwords.fst");

/// The least that is a word of its own: three letters are in too many texts.
const SHORTEST: usize = 4;

/// From here on no random text is a word by chance, whatever stands for its letters.
const LONG: usize = 8;

/// So many digits and signs at an end are looked at as letters.
const MOST_STANDING: usize = 4;

/// The most that is looked at as a piece that is repeated.
const LONGEST_PIECE: usize = 16;

/// The forms under which a common password is on the list, none where it is too short to be told
/// from chance. With letters for its digits it is there where it is a word: letters are no digits.
#[must_use]
pub fn common_password_forms(password: &str) -> BTreeSet<String> {
    let Spelling { plain, letters: [letters, _] } = Spelling::of(password);
    let (length, of_letters) =
        (plain.chars().count(), plain.chars().filter(|c| c.is_alphabetic()).count());
    let forms =
        [(plain, length >= SHORTEST), (letters, length >= SHORTEST && of_letters * 2 > length)];
    forms.into_iter().filter(|(_, is_one)| *is_one).map(|(form, _)| form).collect()
}

/// Whether a text is a common password, alone or between digits and signs.
///
/// What stands around it is at most half as heavy as the password itself: where much is stripped,
/// little is left, and that is on the list by chance. For the same reason a password of fewer than
/// eight characters has one letter replaced for each that it has beyond five. So one random text of
/// eight characters in a million is refused; see decision 0022.
pub(super) fn is_common(text: &Spelling) -> bool {
    let plain = &text.plain;
    let starts = edges(plain.char_indices(), 0);
    let ends = edges(plain.char_indices().rev().map(|(at, c)| (at + c.len_utf8(), c)), plain.len());
    starts.iter().any(|start| ends.iter().any(|end| is_common_between(text, *start, *end)))
}

/// Where a password may begin, or seen from the other side may end: at the edge, after signs, after
/// digits and signs, or at one of those beside a letter that stand for letters themselves.
fn edges(from_outside: impl Iterator<Item = (usize, char)>, outermost: usize) -> BTreeSet<usize> {
    let (mut edges, mut standing_for_letters) = (BTreeSet::from([outermost]), Vec::new());
    let mut is_after_signs = false;
    for (at, c) in from_outside {
        if c.is_alphanumeric() && !is_after_signs {
            is_after_signs = true;
            edges.insert(at);
        }
        if c.is_alphabetic() {
            edges.insert(at);
            edges.extend(standing_for_letters.iter().rev().take(MOST_STANDING));
            break;
        }
        if stands_for_letter(c) {
            standing_for_letters.push(at);
        } else {
            standing_for_letters.clear();
        }
    }
    edges
}

fn is_common_between(text: &Spelling, start: usize, end: usize) -> bool {
    let Some(core) = text.plain.get(start..end) else { return false };
    let length = core.chars().count();
    if length < SHORTEST {
        return false;
    }
    let is_whole = core.len() == text.plain.len();
    let replaced = core.chars().filter(|c| stands_for_letter(*c)).count();
    let reads_letters = is_whole || length >= LONG || replaced + 5 <= length;
    let [with_i, with_l] = text.letters.each_ref().map(|letters| letters.get(start..end));
    let forms = [Some(core), with_i.filter(|_| reads_letters), with_l.filter(|_| reads_letters)];
    let is_listed = forms
        .into_iter()
        .flatten()
        .any(|form| is_listed(form) || repeated(form, LONGEST_PIECE).is_some_and(is_listed));
    is_listed && {
        let around = [text.plain.get(..start), text.plain.get(end..)];
        around.into_iter().flatten().map(weight).sum::<usize>() * 2 <= length
    }
}

/// A list that cannot be read has everything on it.
fn is_listed(form: &str) -> bool {
    Set::new(LIST).map_or(true, |list| list.contains(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_read_and_is_long() {
        let list = Set::new(LIST).unwrap();
        assert!(list.len() > 30_000, "{}", list.len());
        assert!(LIST.len() < 300_000, "{}", LIST.len());
        assert!(list.as_fst().verify().is_ok());
    }

    #[test]
    fn a_password_is_listed_in_every_form() {
        let forms = |text| common_password_forms(text).into_iter().collect::<Vec<_>>();
        assert_eq!(forms("Trustno1"), ["trustno1", "trustnoi"]);
        assert_eq!(forms("Pässword"), ["password"]);
        assert_eq!(forms("135799"), ["135799"], "letters are no digits");
        assert_eq!(forms("abc"), [""; 0]);
    }

    #[test]
    fn digits_and_signs_around_it_and_for_its_letters_hide_no_common_password() {
        for common in [
            "password",
            "Password1",
            "P@ssw0rd",
            "pa$$word",
            "PASSWORD!!",
            "1password1",
            "(password)",
            "passwörd99",
            "ｐａｓｓｗｏｒｄ",
            "trustn01",
            "7rustno1",
            "l3tme1n!",
            "1l0vey0u",
            "!loveyou2",
            "dragon12",
            "dr4gon12",
            "monkey1!",
            "#monkey#",
            "12dragon",
            "love2024",
            "love1234!",
            "hello123!",
            "Admin2024!",
            "lovelovelove",
            "passwordpassword1",
            "football1985",
            "$unsh1ne",
            "abc123!!",
        ] {
            assert!(is_common(&Spelling::of(common)), "{common}");
        }
        for other in [
            "password8f2Kx",
            "fl0w3r%?",
            "dragon8f3K",
            "p4ss8f2K",
            "love8f2K",
            "correct horse battery",
            "violet-anchor-mosaic-91",
            "7392password8461",
            "",
            "!",
        ] {
            assert!(!is_common(&Spelling::of(other)), "{other}");
        }
    }
}
