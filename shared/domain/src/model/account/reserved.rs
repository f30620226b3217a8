use std::collections::BTreeSet;

use super::types::Username;
use crate::model::{text::canonical, violation::Violation};

/// Usernames that nobody takes: they could pass for those who run the service. Administrators give
/// them to whom they want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReservedUsernames(BTreeSet<String>);

impl ReservedUsernames {
    /// Reads a list, separated by commas; blanks around a name do not count.
    pub(crate) fn parse(list: &str) -> Self {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        Self(names.map(canonical).collect())
    }

    /// Refuses a username that is on the list, in whatever spelling: `reserved`.
    pub(crate) fn check(&self, username: &Username) -> Result<(), Violation> {
        if self.0.contains(username.key()) {
            return Err(Violation::new(
                "reserved",
                "This username is kept for those who run the service. Choose another one.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_reserved_in_every_spelling_and_alone() {
        let reserved = ReservedUsernames::parse(" Admin,Gro\u{df},, ");
        let check = |name: &str| {
            reserved.check(&Username::parse(name).unwrap()).map_err(|violation| violation.code)
        };
        for name in ["admin", "ADMIN", "\u{ff21}dmin", "gross", "GROSS"] {
            assert_eq!(check(name), Err("reserved"), "{name}");
        }
        for name in ["admin2", "ada.admin", "gros"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }
}
