//! A text in the forms in which it is compared: who guesses tries these together.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::model::text::canonical;

/// So many characters are looked at: Unicode has characters that are eighteen others.
const MOST: usize = 160;

/// A text without case, accents and Unicode forms, and the same with letters in the place of the
/// digits and signs that usually stand for them.
pub(super) struct Spelling {
    /// With digits and signs as they were typed.
    pub(super) plain: String,
    /// With letters in their place: `1`, `!` and `|` as i, and as l. What stands for a letter is
    /// ASCII like the letter, so that the bytes of all three forms lie at the same places.
    pub(super) letters: [String; 2],
}

impl Spelling {
    pub(super) fn of(text: &str) -> Self {
        let text: String = text.nfkc().take(MOST).collect();
        let plain: String =
            canonical(&text).nfd().filter(|c| !is_combining_mark(*c)).nfc().collect();
        let letters = ['i', 'l']
            .map(|one| plain.chars().map(|c| letter_for(c, one).unwrap_or(c)).collect::<String>());
        Self { plain, letters }
    }

    /// Where its words lie, which signs part.
    pub(super) fn words(&self) -> impl Iterator<Item = Range<usize>> {
        let is_sign = |c: char| !c.is_alphanumeric();
        self.plain.split_inclusive(is_sign).scan(0, move |end, word| {
            let start = *end;
            *end += word.len();
            Some(start..start + word.trim_end_matches(is_sign).len())
        })
    }
}

/// The letter that a digit or a sign usually stands for; `one` is what `1` does.
fn letter_for(c: char, one: char) -> Option<char> {
    Some(match c {
        '4' | '@' => 'a',
        '8' => 'b',
        '(' => 'c',
        '3' => 'e',
        '9' => 'g',
        '1' | '!' | '|' => one,
        '0' => 'o',
        '5' | '$' => 's',
        '7' | '+' => 't',
        _ => return None,
    })
}

/// Whether a digit or a sign usually stands for a letter.
pub(super) fn stands_for_letter(c: char) -> bool {
    letter_for(c, 'i').is_some()
}
