//! Canonical forms of what people type.

use unicode_normalization::UnicodeNormalization;

/// `NFKC_Casefold` (Unicode §3.13): what makes two spellings one email or one username. Invisible
/// characters do not count.
pub(crate) fn canonical(text: &str) -> String {
    let seen: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    caseless::default_case_fold_str(&seen).nfkc().filter(|c| !is_invisible(*c)).collect()
}

/// `Default_Ignorable_Code_Point` (Unicode 16, `DerivedCoreProperties.txt`).
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// NFKC without case folding: what is shown and written to.
pub(crate) fn compatible(text: &str) -> String {
    text.nfkc().collect()
}

/// NFC: the form in which passwords are counted and hashed.
pub(crate) fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// `text` cut to at most `max` characters, with control characters as `U+FFFD`.
pub(crate) fn sanitize(text: &str, max: usize) -> String {
    text.chars()
        .take(max)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}
