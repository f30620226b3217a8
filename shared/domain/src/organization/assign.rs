use super::{
    people::{Person, RoleUse, acts_on, described, keeps_own_power},
    seat::{Assignment, Seat},
    types::PLATFORM,
};
use crate::{
    Ports, Violation,
    activity::{Activity, Event},
    administration::{ATTEMPTS, AdministerError, changed_too_often, compared},
    clock::Timestamp,
    code::Code,
    ids::UserId,
    permission::{Permit, matches},
    ports::{MemberWrite, MemberWritten},
    role::SUPER_ADMIN,
    session::Client,
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
    /// Whether it is the primary one.
    pub is_primary: bool,
    /// Whether the member did not have it before.
    pub is_new: bool,
}

/// The seat of a member that the caller may know of.
fn seat_of<'a>(
    permit: &Permit,
    person: Option<&'a Person>,
    organization: &str,
) -> Result<(&'a Person, &'a Seat), AdministerError> {
    let person = person.filter(|_| permit.sees(organization));
    person
        .and_then(|person| Some((person, person.seats.of(organization)?)))
        .ok_or(AdministerError::NotFound("member"))
}

/// A member's seat with its roles, the primary one first, and the user's `ETag`, which moves with
/// them.
pub async fn assigned(
    ports: &Ports,
    permit: &Permit,
    organization: &str,
    user: UserId,
) -> Result<(Seat, u64), AdministerError> {
    let person = if permit.sees(organization) {
        ports.members.person(user).await?
    } else {
        None
    };
    seat_of(permit, person.as_ref(), organization)
        .map(|(person, seat)| (seat.clone(), person.etag()))
}

/// Gives a member a role: none above the caller's level, and none that holds what the caller lacks.
///
/// `person` is what was read beside the gate, so that gate and write are all there is in sequence.
pub async fn assign(
    ports: &Ports,
    permit: &Permit,
    mut person: Option<Person>,
    (organization, role): (&str, &str),
    order: AssignmentOrder,
    if_match: Option<u64>,
    client: &Client,
) -> Result<Assigned, AdministerError> {
    let permit = &mut permit.clone();
    for _ in 0..ATTEMPTS {
        let (before, seat) = seat_of(permit, person.as_ref(), organization)?;
        let now = ports.clock.now();
        let taken = may_assign(permit, before, (organization, role), &order, now)?;
        matches(if_match, before.etag())?;
        let assignment = Assignment {
            role: taken.role.clone(),
            starts_at: order.starts_at,
            expires_at: order.expires_at,
        };
        let after = seat
            .with(assignment.clone(), order.is_primary)
            .map_err(|violation| AdministerError::Invalid("role", violation))?;
        let is_primary = after
            .roles
            .first()
            .is_some_and(|first| first.role == taken.role);
        let is_new = seat.assignment(role).is_none();
        let done = Assigned {
            assignment,
            is_primary,
            is_new,
        };
        if after == *seat {
            return Ok(done);
        }
        let activity = record(
            ports,
            permit,
            Event::RoleAssigned,
            client,
            before,
            (seat, &after),
            role,
        );
        let seats = before.seats.with(after);
        keeps_own_power(ports, permit, before, &seats).await?;
        let takes = [RoleUse { is_new, ..taken }];
        let change = MemberWrite {
            before,
            seats: &seats,
            member: None,
            takes: &takes,
            lets_go: &[],
            activity: &activity,
        };
        let write = ports.id();
        match ports.members.write(&change, now, write).await? {
            MemberWritten::Done => return Ok(done),
            MemberWritten::LastSuperAdmin => return Err(AdministerError::LastSuperAdmin),
            _ => {
                (person, *permit) = again(ports, permit, before.user.id).await?;
            }
        }
    }
    Err(changed_too_often().into())
}

/// What the next try goes by.
async fn again(
    ports: &Ports,
    permit: &Permit,
    id: UserId,
) -> Result<(Option<Person>, Permit), AdministerError> {
    let (person, permit) = futures::join!(ports.members.person(id), permit.renewed(ports));
    Ok((person?, permit?))
}

fn may_assign(
    permit: &Permit,
    person: &Person,
    (organization, role): (&str, &str),
    order: &AssignmentOrder,
    now: Timestamp,
) -> Result<RoleUse, AdministerError> {
    let catalogue = permit.catalogue();
    let role = catalogue
        .role(role)
        .ok_or(AdministerError::NotFound("role"))?;
    acts_on(permit, person, organization, now)?;
    if !permit
        .authority_until(catalogue, now, order.expires_at)
        .may_give(role)
    {
        return Err(AdministerError::AboveYourLevel);
    }
    let invalid = |field, code, message: &str| {
        Err(AdministerError::Invalid(
            field,
            Violation::new(code, message),
        ))
    };
    if role.code.as_str() == SUPER_ADMIN && organization != PLATFORM {
        return invalid(
            "role",
            "platform_only",
            "This role is assigned in PLATFORM and nowhere else.",
        );
    }
    if role.code.as_str() == SUPER_ADMIN
        && (order.starts_at.is_some() || order.expires_at.is_some())
    {
        return invalid(
            "expires_at",
            "not_for_super_admins",
            "A super admin is one until somebody takes the role away.",
        );
    }
    if order
        .starts_at
        .zip(order.expires_at)
        .is_some_and(|(start, end)| start >= end)
    {
        return invalid("expires_at", "out_of_range", "It ends after it begins.");
    }
    Ok(RoleUse::of(role))
}

/// Takes a role from a member.
pub async fn unassign(
    ports: &Ports,
    permit: &Permit,
    mut person: Option<Person>,
    (organization, role): (&str, &str),
    if_match: Option<u64>,
    client: &Client,
) -> Result<(), AdministerError> {
    let permit = &mut permit.clone();
    for _ in 0..ATTEMPTS {
        let (before, seat) = seat_of(permit, person.as_ref(), organization)?;
        let now = ports.clock.now();
        let held = seat
            .assignment(role)
            .ok_or(AdministerError::NotFound("role"))?
            .role
            .clone();
        acts_on(permit, before, organization, now)?;
        matches(if_match, before.etag())?;
        let after = seat.without(role);
        let seats = before.seats.with(after.clone());
        keeps_own_power(ports, permit, before, &seats).await?;
        let activity = record(
            ports,
            permit,
            Event::RoleUnassigned,
            client,
            before,
            (seat, &after),
            role,
        );
        let lets_go = [held];
        let change = MemberWrite {
            before,
            seats: &seats,
            member: None,
            takes: &[],
            lets_go: &lets_go,
            activity: &activity,
        };
        let write = ports.id();
        match ports.members.write(&change, now, write).await? {
            MemberWritten::Done => return Ok(()),
            MemberWritten::LastSuperAdmin => return Err(AdministerError::LastSuperAdmin),
            _ => {
                (person, *permit) = again(ports, permit, before.user.id).await?;
            }
        }
    }
    Err(changed_too_often().into())
}

/// The record of a role, in the log of the organization. It names the role apart: long lists of
/// roles are cut to what differs.
fn record(
    ports: &Ports,
    permit: &Permit,
    event: Event,
    client: &Client,
    person: &Person,
    (before, after): (&Seat, &Seat),
    role: &str,
) -> Activity {
    let [was, is] = [before, after].map(|seat| {
        let one = Seat {
            roles: seat.assignment(role).cloned().into_iter().collect(),
            ..seat.clone()
        };
        described(&one)
    });
    let primary = |seat: &Seat| seat.roles.first().map(|one| one.role.to_string());
    let with = |mut map: serde_json::Map<String, serde_json::Value>, primary: Option<String>| {
        map.insert("primary".to_owned(), primary.into());
        map
    };
    let (was, is) = (with(was, primary(before)), with(is, primary(after)));
    let organization: &Code = &after.organization;
    let record = permit
        .record_of(ports, event, client, organization.as_str(), person.user.id)
        .with("role", role);
    compared(record, Some(&was), Some(&is))
}
