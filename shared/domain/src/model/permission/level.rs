use super::catalogue::Catalogue;
use crate::model::{
    clock::Timestamp,
    organization::{Membership, UserWithMemberships},
    role::Level,
};

impl UserWithMemberships {
    /// The most power that this person has anywhere.
    #[must_use]
    pub fn level(&self, catalogue: &Catalogue, now: Timestamp) -> Level {
        if self.memberships.holds_super_admin() {
            return Level::HIGHEST;
        }
        self.memberships
            .iter()
            .map(|membership| level_of(membership, catalogue, now))
            .min()
            .unwrap_or(Level::NONE)
    }
}

/// The most power that a membership stands for: of every role whose time is not over, active or
/// not. One that the catalogue does not know is newer than it, and may be anything.
#[must_use]
pub fn level_of(membership: &Membership, catalogue: &Catalogue, now: Timestamp) -> Level {
    let roles = membership.roles.iter().filter(|one| !one.is_over(now));
    roles
        .map(|one| catalogue.role(one.role.as_str()).map_or(Level::HIGHEST, |role| role.level))
        .min()
        .unwrap_or(Level::NONE)
}
