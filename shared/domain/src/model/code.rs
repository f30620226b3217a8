//! Codes: what organizations, modules, permissions and roles are called by programs.

use std::{borrow::Borrow, fmt};

use crate::model::violation::Violation;

/// A code: 1 to 64 ASCII letters, digits, `_`, `-` or `.`, a letter or a digit first: `MY_COMPANY`,
/// `pid.create`.
///
/// It has one spelling. Two codes that differ in case alone cannot both exist: nobody mistakes one
/// for the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

impl Code {
    /// Reads a code. Error: `invalid_code`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if (1..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.chars().all(is_part)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(Violation::new(
                "invalid_code",
                "A code has 1 to 64 ASCII letters, digits, '_', '-' or '.', and begins with a \
                    letter or a digit.",
            ))
        }
    }

    /// A code that this program itself wrote.
    pub(crate) fn known(text: &str) -> Self {
        Self(text.to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one form of all spellings that cannot exist beside it.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl Borrow<str> for Code {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_one_spelling_and_no_surprises() {
        for good in ["a", "MY_COMPANY", "pid.create", "7-up", &"x".repeat(64)] {
            assert_eq!(Code::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "*", " a", "a ", "a\0", ".a", "_a", "a#b", "a/b", "ä", &"x".repeat(65)] {
            assert_eq!(Code::parse(bad).unwrap_err().code, "invalid_code", "{bad:?}");
        }
    }
}
