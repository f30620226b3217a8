use serde_json::{Map, Value, json};

use super::seat::{Seat, Seats};
use crate::{
    Ports,
    account::User,
    administration::AdministerError,
    clock::{Timestamp, rfc3339},
    code::Code,
    permission::{Catalogue, Permit, Question, Right, Subject, decide, level_of},
    role::{Level, Role},
};

/// An account with its memberships.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The account.
    pub user: User,
    /// Its memberships.
    pub seats: Seats,
    /// Counts the changes of `seats`; the condition of every write of them.
    pub seats_version: u64,
}

impl Person {
    /// Counts every change of account and memberships; the `ETag`.
    #[must_use]
    pub fn etag(&self) -> u64 {
        self.user.version + self.seats_version
    }

    /// The most power that this person has anywhere.
    #[must_use]
    pub fn level(&self, catalogue: &Catalogue, now: Timestamp) -> Level {
        if self.seats.holds_super_admin() {
            return Level::HIGHEST;
        }
        self.seats
            .iter()
            .map(|seat| level_of(seat, catalogue, now))
            .min()
            .unwrap_or(Level::NONE)
    }

    /// The person as `permit` may see them: of an organization that is not the caller's nothing is
    /// told.
    #[must_use]
    pub fn seen_by(&self, permit: &Permit) -> Self {
        if permit.is_super_admin() {
            return self.clone();
        }
        let own = permit
            .organization()
            .and_then(|organization| self.seats.of(organization))
            .cloned();
        Self {
            seats: Seats::new(own.into_iter().collect()),
            ..self.clone()
        }
    }
}

/// A role that a change of a membership gives: it MUST still be the one that it was decided upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleUse {
    /// The role.
    pub role: Code,
    /// Its version.
    pub version: u64,
    /// When it was made: a role that is deleted and made again is another one.
    pub created_at: Timestamp,
    /// Whether the member did not have it before.
    pub is_new: bool,
}

impl RoleUse {
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

/// Whether the caller may change what a person has in an organization: nobody touches a member
/// above their own level.
pub(crate) fn acts_on(
    permit: &Permit,
    person: &Person,
    organization: &str,
    now: Timestamp,
) -> Result<(), AdministerError> {
    let catalogue = permit.catalogue();
    let level = person
        .seats
        .of(organization)
        .map_or(Level::NONE, |seat| level_of(seat, catalogue, now));
    let is_above =
        !permit.authority(catalogue, now).reaches(level) || person.seats.holds_super_admin();
    if is_above && !permit.is_super_admin() {
        Err(AdministerError::AboveYourLevel)
    } else {
        Ok(())
    }
}

/// A seat as records show it.
pub(crate) fn described(seat: &Seat) -> Map<String, Value> {
    let roles: Vec<Value> = seat
        .roles
        .iter()
        .map(|one| {
            json!({
                "role": one.role.as_str(),
                "starts_at": one.starts_at.map(rfc3339),
                "expires_at": one.expires_at.map(rfc3339),
            })
        })
        .collect();
    Map::from_iter([
        ("status".to_owned(), json!(seat.status.as_str())),
        ("roles".to_owned(), roles.into()),
    ])
}

/// Refuses a change by which the caller would take their own administration away: somebody else has
/// to.
pub(crate) async fn keeps_own_power(
    ports: &Ports,
    permit: &Permit,
    person: &Person,
    after: &Seats,
) -> Result<(), AdministerError> {
    let Some(caller) = permit
        .caller()
        .filter(|caller| caller.user().id == person.user.id)
    else {
        return Ok(());
    };
    if person.seats.is_super_admin() && !after.is_super_admin() {
        let is_last = ports.members.super_admins().await? <= 1;
        return Err(if is_last {
            AdministerError::LastSuperAdmin
        } else {
            AdministerError::OwnLastAdminRole
        });
    }
    let organization = caller.organization();
    let administers = |seats: &Seats| {
        let subject = Subject {
            user: &person.user,
            seats,
            organization,
            organization_is_active: organization.is_some(),
        };
        let question = Question::Permission(Right::AssignRoles.code());
        decide(subject, permit.catalogue(), question, ports.clock.now()).is_allowed()
    };
    if administers(&person.seats) && !administers(after) {
        Err(AdministerError::OwnLastAdminRole)
    } else {
        Ok(())
    }
}
