use super::membership::Memberships;
use crate::model::{account::User, clock::Timestamp, code::Code, role::Role};

/// An account with its memberships.
#[derive(Debug, Clone, PartialEq)]
pub struct UserWithMemberships {
    pub user: User,
    pub memberships: Memberships,
    /// Counts the changes of `memberships`; the condition of every write of them.
    pub memberships_version: u64,
}

impl UserWithMemberships {
    /// Counts every change of account and memberships; the `ETag`.
    #[must_use]
    pub fn etag(&self) -> u64 {
        self.user.version + self.memberships_version
    }
}

/// A role that a change of a membership gives: it MUST still be the one that it was decided upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedRole {
    pub role: Code,
    pub version: u64,
    /// When it was made: a role that is deleted and made again is another one.
    pub created_at: Timestamp,
    /// Whether the member did not have it before.
    pub is_new: bool,
}

impl GrantedRole {
    /// That somebody is given this role as it is now.
    #[must_use]
    pub fn of(role: &Role) -> Self {
        Self {
            role: role.code.clone(),
            version: role.version,
            created_at: role.created_at,
            is_new: true,
        }
    }
}
