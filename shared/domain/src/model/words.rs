//! Words that people type to be read by people.

use crate::model::violation::Violation;

/// One line of 1 to `MAX` characters, blanks at the ends cut off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Reads a line. Errors: `too_short`, `too_long`, `invalid_characters`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::new(
                "too_short",
                "Leave it out, or give at least one character.",
            ));
        }
        if text.chars().count() > MAX {
            return Err(Violation::new("too_long", format!("At most {MAX} characters.")));
        }
        if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            return Err(Violation::new(
                "invalid_characters",
                "Control characters and line breaks are not allowed.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// A line that this program itself wrote.
    pub(crate) fn known(text: &str) -> Self {
        Self(text.to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Up to 500 characters, lines allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph(String);

impl Paragraph {
    /// Reads a paragraph. Errors: `too_long`, `invalid_characters`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.chars().count() > 500 {
            return Err(Violation::new("too_long", "At most 500 characters."));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(Violation::new(
                "invalid_characters",
                "Control characters other than a line feed are not allowed.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
