use std::collections::{BTreeMap, HashMap};

use super::question::Question;
use crate::model::{code::Code, organization::LogKey, role::Role};

/// The roles that an organization has for itself, as they are stored.
#[derive(Debug, Clone)]
pub struct OwnRoles {
    /// Whose they are.
    pub organization: LogKey,
    /// Counts the changes of any of them; 0 where there never was one.
    pub version: u64,
    pub roles: Vec<Role>,
}

/// Roles by code, and by what they give.
#[derive(Debug, Clone, Default)]
pub(super) struct Roles {
    /// By code; the place of a role is its place here.
    pub(super) list: Vec<Role>,
    places: HashMap<Code, usize>,
    /// The places of the roles that grant a permission.
    granting: HashMap<Code, Vec<usize>>,
    /// The places of the roles that open a module.
    opening: HashMap<Code, Vec<usize>>,
}

impl Roles {
    pub(super) fn new(roles: BTreeMap<Code, Role>) -> Self {
        let list: Vec<Role> = roles.into_values().collect();
        let mut roles = Self { list, ..Self::default() };
        for (place, role) in roles.list.iter().enumerate() {
            roles.places.insert(role.code.clone(), place);
            for code in role.permissions.keys() {
                roles.granting.entry(code.clone()).or_default().push(place);
            }
            for code in role.modules.keys() {
                roles.opening.entry(code.clone()).or_default().push(place);
            }
        }
        roles
    }

    pub(super) fn place(&self, role: &str) -> Option<usize> {
        self.places.get(role).copied()
    }

    pub(super) fn by_code(&self) -> BTreeMap<Code, Role> {
        self.list.iter().map(|role| (role.code.clone(), role.clone())).collect()
    }

    pub(super) fn is_taken(&self, folded: &str) -> bool {
        self.places.keys().any(|code| code.folded() == folded)
    }

    /// The places of the roles that give what is asked for.
    pub(super) fn giving(&self, question: Question<'_>) -> &[usize] {
        let places = match question {
            Question::Permission(code) => self.granting.get(code),
            Question::Module(code) => self.opening.get(code),
        };
        places.map_or(&[], Vec::as_slice)
    }
}
