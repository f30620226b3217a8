//! Canonical forms of what people type.

use unicode_normalization::UnicodeNormalization;

/// `NFKC_Casefold` (Unicode §3.13): what makes two spellings one email or one username.
pub(crate) fn canonical(text: &str) -> String {
    let folded = caseless::default_case_fold_str(&text.nfkc().collect::<String>());
    folded.nfkc().collect()
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
pub(crate) fn tame(text: &str, max: usize) -> String {
    text.chars().take(max).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
