use sha2::{Digest, Sha256};

use super::membership::{Assignment, Membership, Memberships};
use crate::model::{account::User, clock::Timestamp, code::Code, ids::UserId, role::Role};

/// An account as it was read: what is decided upon it holds only while it is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountState {
    pub user: UserId,
    /// The account's version.
    pub version: u64,
    /// That of its memberships with their roles.
    pub memberships_version: u64,
}

/// An account with its memberships.
#[derive(Debug, Clone, PartialEq)]
pub struct UserWithMemberships {
    pub user: User,
    pub memberships: Memberships,
    /// Counts the changes of `memberships`; the condition of every write of them.
    pub memberships_version: u64,
    /// The day of the last sign-in; none where nobody ever signed in, or before that was noted.
    pub last_login_at: Option<Timestamp>,
}

/// A number that differs wherever one of these does.
fn digest(numbers: impl Iterator<Item = u64>) -> u64 {
    let mut hash = Sha256::new();
    numbers.for_each(|number| hash.update(number.to_be_bytes()));
    hash.finalize().first_chunk().copied().map_or(0, u64::from_be_bytes)
}

impl Membership {
    /// The `ETag`: another one for every change of where a member stands, and of their roles.
    #[must_use]
    pub fn etag(&self) -> u64 {
        let millis = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
        let role = |one: &Assignment| {
            (one.role.to_string(), millis(one.starts_at), millis(one.expires_at))
        };
        let roles: Vec<_> = self.roles.iter().map(role).collect();
        let shown = format!("{} {} {roles:?}", self.organization, self.status.as_str());
        let hash: [u8; 32] = Sha256::digest(shown).into();
        hash.first_chunk().copied().map_or(0, u64::from_be_bytes)
    }
}

impl UserWithMemberships {
    /// The `ETag`: another one for every account and every change of it, or of a membership that is
    /// shown here. What happens in organizations that the reader does not see tells them nothing.
    #[must_use]
    pub fn etag(&self) -> u64 {
        let memberships = self.memberships.iter().map(Membership::etag);
        let id = self.user.id.as_bytes();
        let id = [id.first_chunk(), id.last_chunk()].into_iter().flatten();
        let id = id.map(|half| u64::from_be_bytes(*half));
        digest(id.chain([self.user.version]).chain(memberships))
    }

    #[must_use]
    pub fn state(&self) -> AccountState {
        let (user, version) = (self.user.id, self.user.version);
        AccountState { user, version, memberships_version: self.memberships_version }
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
