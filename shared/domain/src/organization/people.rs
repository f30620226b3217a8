use serde_json::{Map, Value, json};

use super::membership::{Membership, Memberships};
use crate::{
    Crypto, Ports, Store,
    account::User,
    administration::AdministerError,
    clock::{Timestamp, rfc3339},
    code::Code,
    permission::{Authorization, Catalogue, Question, Right, Subject, decide, level_of},
    role::{Level, Role},
};

/// An account with its memberships.
#[derive(Debug, Clone, PartialEq)]
pub struct UserWithMemberships {
    pub user: User,
    /// Its memberships.
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

    /// The user as the caller may see them: of an organization that is not the caller's nothing is
    /// told.
    #[must_use]
    pub fn seen_by(&self, authorization: &Authorization) -> Self {
        if authorization.is_super_admin() {
            return self.clone();
        }
        let own = authorization
            .organization()
            .and_then(|organization| self.memberships.of(organization))
            .cloned();
        Self { memberships: Memberships::new(own.into_iter().collect()), ..self.clone() }
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

/// Whether the caller may change what a person has in an organization: nobody touches a member
/// above their own level.
pub(crate) fn acts_on(
    authorization: &Authorization,
    person: &UserWithMemberships,
    organization: &str,
    now: Timestamp,
) -> Result<(), AdministerError> {
    let catalogue = authorization.catalogue();
    let level = person
        .memberships
        .of(organization)
        .map_or(Level::NONE, |membership| level_of(membership, catalogue, now));
    let is_above = !authorization.authority(catalogue, now).reaches(level)
        || person.memberships.holds_super_admin();
    if is_above && !authorization.is_super_admin() {
        Err(AdministerError::AboveYourLevel)
    } else {
        Ok(())
    }
}

/// A membership as records show it.
pub(crate) fn described(membership: &Membership) -> Map<String, Value> {
    let roles: Vec<Value> = membership
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
        ("status".to_owned(), json!(membership.status.as_str())),
        ("roles".to_owned(), roles.into()),
    ])
}

/// Refuses a change by which the caller would take their own administration away: somebody else has
/// to.
pub(crate) async fn keeps_own_power(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    person: &UserWithMemberships,
    after: &Memberships,
) -> Result<(), AdministerError> {
    let Some(caller) = authorization.caller().filter(|caller| caller.user().id == person.user.id)
    else {
        return Ok(());
    };
    if person.memberships.is_super_admin() && !after.is_super_admin() {
        let is_last = ports.store.super_admins().await? <= 1;
        return Err(if is_last {
            AdministerError::LastSuperAdmin
        } else {
            AdministerError::OwnLastAdminRole
        });
    }
    let organization = caller.organization();
    let administers = |memberships: &Memberships| {
        let subject = Subject {
            user: &person.user,
            memberships,
            organization,
            organization_is_active: organization.is_some(),
        };
        let question = Question::Permission(Right::AssignRoles.code());
        decide(subject, authorization.catalogue(), question, ports.clock.now()).is_allowed()
    };
    if administers(&person.memberships) && !administers(after) {
        Err(AdministerError::OwnLastAdminRole)
    } else {
        Ok(())
    }
}
