//! Codes: what organizations, modules, permissions and roles are called by programs.

use std::{borrow::Borrow, fmt};

use crate::model::violation::Violation;

/// A code: 1 to 64 ASCII letters, digits, `_`, `-` or `.`, a letter or a digit first: `MY_COMPANY`,
/// `pid.create`.
///
/// It has one spelling. Two codes that differ in case alone cannot both exist: nobody mistakes one
/// for the other. The role of one organization alone has two of them with a colon between, the
/// organization's first: `MY_COMPANY:auditor`.
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

    /// Reads the code of a role: a code, or that of an organization's own role. Error:
    /// `invalid_code`.
    pub fn parse_role(text: &str) -> Result<Self, Violation> {
        match text.split_once(':') {
            Some((organization, code)) => {
                Self::parse(organization).and_then(|_| Self::parse(code)).map_err(|_| {
                    Violation::new(
                        "invalid_code",
                        "The code of an organization's own role is the organization's code, a \
                            colon and a code.",
                    )
                })?;
                Ok(Self(text.to_owned()))
            }
            None => Self::parse(text),
        }
    }

    /// Whose role it is the code of, where it is one organization's own.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        organization_of(&self.0)
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

/// Whose role a code names, where it names one organization's own.
#[must_use]
pub fn organization_of(role: &str) -> Option<&str> {
    role.split_once(':').map(|(organization, _)| organization)
}

/// The code of a role, as clients write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleCode(Code);

impl RoleCode {
    /// See [`Code::parse_role`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        Code::parse_role(text).map(Self)
    }
}

impl From<RoleCode> for Code {
    fn from(RoleCode(code): RoleCode) -> Self {
        code
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

    #[test]
    fn an_organizations_own_role_has_two_codes_and_a_colon() {
        let long = format!("{0}:{0}", "x".repeat(64));
        for (text, organization) in
            [("ACME:auditor", Some("ACME")), (&long, Some(&*"x".repeat(64))), ("auditor", None)]
        {
            let code = Code::parse_role(text).unwrap();
            assert_eq!((code.as_str(), code.organization()), (text, organization));
        }
        for bad in [":", "A:", ":a", "A:b:c", "A: b", "A:_b", &format!("{long}x")] {
            assert_eq!(Code::parse_role(bad).unwrap_err().code, "invalid_code", "{bad:?}");
        }
        assert!(Code::parse("ACME:auditor").is_err());
    }
}
