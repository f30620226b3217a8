use serde::{Serialize, Serializer};

use super::types::{MembershipStatus, PLATFORM};
use crate::model::{
    clock::{Timestamp, rfc3339},
    code::Code,
    ids::OrganizationId,
    log_key::LogKey,
    role::SUPER_ADMIN,
    violation::Violation,
};

/// That a member has a role, between two instants if they are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assignment {
    pub role: Code,
    /// It gives nothing before.
    #[serde(serialize_with = "rfc3339_if_any")]
    pub starts_at: Option<Timestamp>,
    /// It gives nothing from then on.
    #[serde(serialize_with = "rfc3339_if_any")]
    pub expires_at: Option<Timestamp>,
}

#[expect(clippy::ref_option, reason = "serde hands out the field itself")]
fn rfc3339_if_any<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(rfc3339).serialize(serializer)
}

impl Assignment {
    /// Whether its time has come.
    #[must_use]
    pub fn has_started(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| start <= now)
    }

    /// Whether its time is over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// A membership as the gate reads it: what it gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    #[serde(skip)]
    pub organization: Code,
    /// The organization's id; none of one from before there were ids.
    #[serde(skip)]
    pub id: Option<OrganizationId>,
    /// Only an active one gives anything.
    pub status: MembershipStatus,
    /// The roles; the first one is the primary role.
    pub roles: Vec<Assignment>,
    /// When it began, where it may not be the first one: sessions of a membership of before are
    /// over.
    #[serde(skip)]
    pub since: Option<Timestamp>,
}

/// The most roles that one member has: they are read on every call.
pub const MOST_ROLES: usize = 80;

/// The most roles that one user has in all organizations together: they are one item.
pub const MOST_ASSIGNMENTS: usize = 400;

/// The most organizations that one user belongs to.
pub const MOST_MEMBERSHIPS: usize = 50;

/// The most active super admins: their ids are one item, and each of them can do everything.
pub const MOST_SUPER_ADMINS: usize = 100;

impl Membership {
    /// A membership without roles.
    #[must_use]
    pub fn new(organization: Code, status: MembershipStatus) -> Self {
        Self { organization, id: None, status, roles: Vec::new(), since: None }
    }

    /// What the organization's log is kept under.
    #[must_use]
    pub fn log_key(&self) -> LogKey {
        LogKey::new(&self.organization, self.id)
    }

    /// What is said of a role of this member.
    #[must_use]
    pub fn assignment(&self, role: &str) -> Option<&Assignment> {
        self.roles.iter().find(|one| one.role.as_str() == role)
    }

    /// The membership with this role given or given anew. `is_primary` moves it to the front, or
    /// from there to the second place; without it, it stays where it is, and a new one comes last.
    /// Error: `too_many`.
    pub fn with(
        &self,
        assignment: Assignment,
        is_primary: Option<bool>,
    ) -> Result<Self, Violation> {
        let mut roles = self.roles.clone();
        let place = roles.iter().position(|one| one.role == assignment.role);
        if let Some(place) = place {
            roles.remove(place);
        } else if roles.len() >= MOST_ROLES {
            return Err(Violation::new(
                "too_many",
                format!("A member has at most {MOST_ROLES} roles."),
            ));
        }
        let stays = place.unwrap_or(roles.len());
        let to = match is_primary {
            Some(true) => 0,
            Some(false) => stays.max(1).min(roles.len()),
            None => stays,
        };
        roles.insert(to, assignment);
        Ok(Self { roles, ..self.clone() })
    }

    /// The membership without this role; the next one is the primary role if it was.
    #[must_use]
    pub fn without(&self, role: &str) -> Self {
        let roles = self.roles.iter().filter(|one| one.role.as_str() != role).cloned().collect();
        Self { roles, ..self.clone() }
    }
}

/// The memberships of one user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memberships(Vec<Membership>);

impl Memberships {
    /// These memberships, oldest first.
    #[must_use]
    pub fn new(memberships: Vec<Membership>) -> Self {
        Self(memberships)
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Membership> {
        self.0.iter()
    }

    /// The membership in an organization.
    #[must_use]
    pub fn of(&self, organization: &str) -> Option<&Membership> {
        self.0.iter().find(|membership| membership.organization.as_str() == organization)
    }

    /// All of them, or the one in an organization.
    #[must_use]
    pub fn within(&self, organization: Option<&str>) -> Self {
        match organization {
            Some(organization) => Self(self.of(organization).cloned().into_iter().collect()),
            None => self.clone(),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many roles there are in all of them.
    #[must_use]
    pub fn assignments(&self) -> usize {
        self.0.iter().map(|membership| membership.roles.len()).sum()
    }

    /// Whether an active membership of `PLATFORM` holds the role `super_admin`.
    #[must_use]
    pub fn is_super_admin(&self) -> bool {
        self.of(PLATFORM).is_some_and(|membership| {
            membership.status == MembershipStatus::Active
                && membership.assignment(SUPER_ADMIN).is_some()
        })
    }

    /// Whether a membership of `PLATFORM`, active or not, holds the role `super_admin`.
    #[must_use]
    pub fn holds_super_admin(&self) -> bool {
        self.of(PLATFORM).is_some_and(|membership| membership.assignment(SUPER_ADMIN).is_some())
    }

    /// With this membership in the place of the one in its organization, or last.
    #[must_use]
    pub fn with(&self, membership: Membership) -> Self {
        let mut memberships = self.0.clone();
        match memberships.iter_mut().find(|one| one.organization == membership.organization) {
            Some(one) => *one = membership,
            None => memberships.push(membership),
        }
        Self(memberships)
    }

    /// Without the membership in an organization.
    #[must_use]
    pub fn without(&self, organization: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter(|membership| membership.organization.as_str() != organization)
                .cloned()
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assignment(role: u8) -> Assignment {
        Assignment { role: Code::known(&format!("r{role}")), starts_at: None, expires_at: None }
    }

    proptest! {
        #[test]
        fn there_is_one_primary_role_while_there_is_any(steps in prop::collection::vec((0u8..5,
            prop::option::of(any::<bool>()), any::<bool>()), 0..20)) {
            let mut membership = Membership::new(Code::known("ACME"), MembershipStatus::Active);
            for (role, is_primary, gives) in steps {
                let code = format!("r{role}");
                let before = membership.clone();
                membership = if gives { membership.with(assignment(role),
                    is_primary).unwrap() } else { membership.without(&code) };
                let mut codes: Vec<&str> =
                    membership.roles.iter().map(|one| one.role.as_str()).collect();
                prop_assert_eq!(codes.iter().filter(|one| **one == code).count(),
                    usize::from(gives));
                if gives && is_primary == Some(true) {
                    prop_assert_eq!(codes[0], &code);
                }
                if gives && is_primary == Some(false) && codes.len() > 1 {
                    prop_assert_ne!(codes[0], &code);
                }
                if gives && is_primary.is_none() && before.assignment(&code).is_some() {
                    prop_assert_eq!(&membership, &before);
                }
                codes.sort_unstable();
                codes.dedup();
                prop_assert_eq!(codes.len(), membership.roles.len());
            }
        }
    }
}
