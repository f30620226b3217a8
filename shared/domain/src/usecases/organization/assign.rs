use super::people::{acts_on, keeps_power};
use crate::{
    model::{
        activity::{Activity, compared},
        authorization::Authorization,
        client::Client,
        clock::Timestamp,
        code::organization_of,
        event::Event,
        fields::audited,
        ids::UserId,
        organization::{
            Assignment, GrantedRole, MOST_ASSIGNMENTS, Membership, PLATFORM, UserWithMemberships,
        },
        process::Process,
        role::SUPER_ADMIN,
        violation::Violation,
    },
    ports::{Crypto, MemberWrite, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        commit::commit_on,
        permission::{self, renewed},
    },
};

/// How a member is to have a role.
#[derive(Debug, Clone, Copy, Default)]
pub struct AssignmentOrder {
    /// Whether it is to be the primary role; `None` leaves that as it is.
    pub is_primary: Option<bool>,
    /// It gives nothing before.
    pub starts_at: Option<Timestamp>,
    /// It gives nothing from then on.
    pub expires_at: Option<Timestamp>,
}

/// A role that a member has.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// Which role, and when.
    pub assignment: Assignment,
    pub is_primary: bool,
    /// Whether the member did not have it before.
    pub is_new: bool,
}

/// The membership of a member that the caller may know of.
fn membership_of<'a>(
    authorization: &Authorization,
    person: Option<&'a UserWithMemberships>,
    organization: &str,
) -> Result<(&'a UserWithMemberships, &'a Membership), AdministerError> {
    let person = person.filter(|_| authorization.sees(organization));
    person
        .and_then(|person| Some((person, person.memberships.of(organization)?)))
        .ok_or(AdministerRefusal::NotFound("member").into())
}

/// A member's membership with its roles, the primary one first.
pub async fn assigned(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
    user: UserId,
) -> Result<Membership, AdministerError> {
    let person = if authorization.sees(organization) {
        ports.store.user_with_memberships(user).await?
    } else {
        None
    };
    membership_of(authorization, person.as_ref(), organization)
        .map(|(_, membership)| membership.clone())
}

/// Gives a member a role: none above the caller's level, and none that holds what the caller lacks.
///
/// `person` is what was read beside the gate, so that gate and write are all there is in sequence.
pub async fn assign(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    person: Option<UserWithMemberships>,
    organization: &str,
    role: &str,
    order: AssignmentOrder,
) -> Result<Assigned, AdministerError> {
    let user = person.as_ref().map(|person| person.user.id);
    let first = (authorization.clone(), person);
    let load = || again(ports, authorization, user);
    commit_on(first, load, |(authorization, person)| async move {
        let authorization = &within(ports, &authorization, organization, role).await?;
        let (before, membership) = membership_of(authorization, person.as_ref(), organization)?;
        let now = ports.clock.now();
        let taken = may_assign(authorization, before, organization, role, &order, now)?;
        matches(if_match, membership.etag())?;
        let assignment = Assignment {
            role: taken.role.clone(),
            starts_at: order.starts_at,
            expires_at: order.expires_at,
        };
        let after = membership
            .with(assignment.clone(), order.is_primary)
            .map_err(|violation| AdministerRefusal::Invalid("role", violation))?;
        let is_primary = after.roles.first().is_some_and(|first| first.role == taken.role);
        let is_new = membership.assignment(role).is_none();
        let done = Assigned { assignment, is_primary, is_new };
        if after == *membership {
            return Ok(done);
        }
        if is_new {
            has_room(before)?;
        }
        let mut activity = record(
            ports,
            authorization,
            Event::RoleAssigned,
            client,
            before,
            (membership, &after),
            role,
        );
        let memberships = before.memberships.with(after);
        let relied_on = keeps_power(ports, authorization, before, &memberships).await?;
        activity.allowed_on.extend(relied_on);
        let granted_roles = [GrantedRole { is_new, ..taken }];
        let change = MemberWrite {
            before,
            memberships: &memberships,
            member: None,
            granted_roles: &granted_roles,
            revoked_roles: &[],
            accepts: None,
            activity: &activity,
        };
        ports.store.write_membership(&change, ports.id()).await?;
        Ok(done)
    })
    .await
}

/// The same authorization over the own roles of the organization, where the role is one of them.
async fn within(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
    role: &str,
) -> Result<Authorization, AdministerError> {
    match organization_of(role) {
        None => Ok(authorization.clone()),
        Some(own) if own == organization => {
            permission::within(ports, authorization, Some(organization), "member").await
        }
        Some(_) => Err(AdministerRefusal::NotFound("role").into()),
    }
}

/// Refuses one role more than a user may have.
fn has_room(person: &UserWithMemberships) -> Result<(), AdministerError> {
    if person.memberships.assignments() < MOST_ASSIGNMENTS {
        return Ok(());
    }
    let message =
        format!("A user has at most {MOST_ASSIGNMENTS} roles in all organizations together.");
    Err(AdministerRefusal::Invalid("role", Violation::new("too_many", message)).into())
}

/// What an attempt after the first goes by.
async fn again(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    user: Option<UserId>,
) -> Result<(Authorization, Option<UserWithMemberships>), AdministerError> {
    let person = async {
        match user {
            Some(user) => ports.store.user_with_memberships(user).await,
            None => Ok(None),
        }
    };
    let (authorization, person) = futures::join!(renewed(ports, authorization), person);
    Ok((authorization?, person?))
}

fn may_assign(
    authorization: &Authorization,
    person: &UserWithMemberships,
    organization: &str,
    role: &str,
    order: &AssignmentOrder,
    now: Timestamp,
) -> Result<GrantedRole, AdministerError> {
    let catalogue = authorization.catalogue();
    let role = catalogue.role(role).ok_or(AdministerRefusal::NotFound("role"))?;
    acts_on(authorization, person, organization, now)?;
    if !authorization.authority_until(catalogue, now, order.expires_at).may_give(role) {
        return Err(AdministerRefusal::AboveYourLevel.into());
    }
    let invalid = |field, code, message: &str| {
        Err(AdministerRefusal::Invalid(field, Violation::new(code, message)).into())
    };
    if role.code.as_str() == SUPER_ADMIN && organization != PLATFORM {
        return invalid("role", "platform_only", "This role can only be assigned in PLATFORM.");
    }
    if role.code.as_str() == SUPER_ADMIN && person.user.is_service_account() {
        return invalid("role", "not_possible", "A program is no super admin.");
    }
    if role.code.as_str() == SUPER_ADMIN
        && (order.starts_at.is_some() || order.expires_at.is_some())
    {
        return invalid(
            "expires_at",
            "not_for_super_admins",
            "The role super_admin cannot have an end.",
        );
    }
    if order.starts_at.zip(order.expires_at).is_some_and(|(start, end)| start >= end) {
        return invalid("expires_at", "out_of_range", "The end must be after the start.");
    }
    Ok(GrantedRole::of(role))
}

/// Takes a role from a member.
pub async fn unassign(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    person: Option<UserWithMemberships>,
    organization: &str,
    role: &str,
) -> Result<(), AdministerError> {
    let user = person.as_ref().map(|person| person.user.id);
    let first = (authorization.clone(), person);
    let load = || again(ports, authorization, user);
    commit_on(first, load, |(authorization, person)| async move {
        let authorization = &authorization;
        let (before, membership) = membership_of(authorization, person.as_ref(), organization)?;
        let now = ports.clock.now();
        let revoked =
            membership.assignment(role).ok_or(AdministerRefusal::NotFound("role"))?.role.clone();
        acts_on(authorization, before, organization, now)?;
        matches(if_match, membership.etag())?;
        let after = membership.without(role);
        let memberships = before.memberships.with(after.clone());
        let relied_on = keeps_power(ports, authorization, before, &memberships).await?;
        let mut activity = record(
            ports,
            authorization,
            Event::RoleUnassigned,
            client,
            before,
            (membership, &after),
            role,
        );
        activity.allowed_on.extend(relied_on);
        let revoked_roles = [revoked];
        let change = MemberWrite {
            before,
            memberships: &memberships,
            member: None,
            granted_roles: &[],
            revoked_roles: &revoked_roles,
            accepts: None,
            activity: &activity,
        };
        ports.store.write_membership(&change, ports.id()).await?;
        Ok(())
    })
    .await
}

/// The record of a role, in the log of the organization. It names the role apart: long lists of
/// roles are cut to what differs.
fn record(
    process: &Process,
    authorization: &Authorization,
    event: Event,
    client: &Client,
    person: &UserWithMemberships,
    (before, after): (&Membership, &Membership),
    role: &str,
) -> Activity {
    let [was, is] = [before, after].map(|membership| {
        let one = Membership {
            roles: membership.assignment(role).cloned().into_iter().collect(),
            ..membership.clone()
        };
        audited(&one)
    });
    let primary =
        |membership: &Membership| membership.roles.first().map(|one| one.role.to_string());
    let with = |mut map: serde_json::Map<String, serde_json::Value>, primary: Option<String>| {
        map.insert("primary".to_owned(), primary.into());
        map
    };
    let (was, is) = (with(was, primary(before)), with(is, primary(after)));
    let record = authorization
        .record_of(process, event, client, &after.log_key(), &person.user)
        .with("role", role);
    compared(record, Some(&was), Some(&is))
}
