use std::fmt;

/// Why a value was refused, for the person who sent it.
///
/// `code` is stable and `snake_case`; `message` is one English sentence and never repeats the
/// value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Stable, for programs: `too_long`, `password_too_common`, …
    pub code: &'static str,
    /// One sentence, for people.
    pub message: String,
}

impl Violation {
    /// A violation with its code and its sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
