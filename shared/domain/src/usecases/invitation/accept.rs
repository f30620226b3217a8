use futures::future::try_join_all;

use super::rights::InviterRights;
use crate::{
    model::{
        account::User,
        activity::{Activity, PendingEvents},
        client::Client,
        clock::Timestamp,
        event::Event,
        ids::InvitationId,
        invitation::{Invitation, InvitationOrder},
        organization::{Assignment, MOST_MEMBERSHIPS, Membership, MembershipStatus, Organization},
        session::Caller,
        violation::Violation,
        words::Line,
    },
    ports::{Crypto, MemberWrite, Ports, Refused, Store, StoreError, Unique},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        commit::commit,
        organization::MemberWithUser,
    },
};

/// So many invitations of an address are shown, and may wait.
const MOST_OWN: usize = 200;

/// An invitation as whoever is invited sees it.
#[derive(Debug, Clone)]
pub struct OwnInvitation {
    pub invitation: Invitation,
    /// What the organization is called.
    pub organization_name: Line<100>,
}

/// The invitations to the caller's own address, if it is proven; oldest first.
pub async fn own_invitations(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
) -> Result<Vec<OwnInvitation>, AdministerError> {
    let user = caller.user();
    if !user.email_verified {
        return Ok(Vec::new());
    }
    let (all, ended_before) = futures::join!(
        ports.store.invitations_of(&user.email, MOST_OWN),
        ports.crypto.ended_before()
    );
    let (mut all, ended_before, now) = (all?, ended_before?, ports.clock.now());
    all.retain(|one| one.is_good(now, ended_before));
    all.sort_by_key(|one| one.id);
    let organizations = all.iter().map(|one| ports.store.organization(one.organization.as_str()));
    let organizations = try_join_all(organizations).await?;
    let with_name = |(invitation, organization): (Invitation, Option<Organization>)| {
        // One that is gone, and what has its code now, have another id.
        let organization = organization.filter(|one| one.log_key() == invitation.log)?;
        Some(OwnInvitation { invitation, organization_name: organization.fields.name })
    };
    Ok(all.into_iter().zip(organizations).filter_map(with_name).collect())
}

/// An invitation to the caller's own proven address that is good now.
async fn own(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
    id: InvitationId,
) -> Result<Invitation, AdministerError> {
    let (found, ended_before) =
        futures::join!(ports.store.invitation(id), ports.crypto.ended_before());
    let (ended_before, now) = (ended_before?, ports.clock.now());
    let is_own = |one: &Invitation| {
        user.email_verified
            && one.order.email.key() == user.email.key()
            && one.is_good(now, ended_before)
    };
    found?.filter(is_own).ok_or(AdministerRefusal::NotFound("invitation").into())
}

/// Makes the caller a member, with the roles of the invitation, on the rights that its inviter has
/// now.
pub async fn accept(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    id: InvitationId,
    client: &Client,
) -> Result<MemberWithUser, AdministerError> {
    let missing = || AdministerRefusal::NotFound("invitation");
    let load = || async move {
        let person = ports.store.user_with_memberships(caller.user().id).await?;
        let person = person.ok_or_else(missing)?;
        let invitation = own(ports, &person.user, id).await?;
        Ok::<_, AdministerError>((person, invitation))
    };
    commit(load, |(person, mut invitation)| async move {
        let now = ports.clock.now();
        let organization = invitation.organization.as_str();
        if person.memberships.of(organization).is_some() {
            return Err(AdministerRefusal::AlreadyMember.into());
        }
        if person.memberships.count() >= MOST_MEMBERSHIPS {
            let message = format!("A user belongs to at most {MOST_MEMBERSHIPS} organizations.");
            let violation = Violation::new("too_many", message);
            return Err(AdministerRefusal::Invalid("organization", violation).into());
        }
        let rights = InviterRights::of(ports, &invitation, now).await?.ok_or_else(missing)?;
        let memberships = person.memberships.with(membership(&invitation, &rights, now));
        let activity = accepted(ports, &invitation, &rights, &person.user, client);
        loop {
            let member = invitation.member(person.user.id, now);
            let change = MemberWrite {
                before: &person,
                memberships: &memberships,
                member: Some((None, Some(&member))),
                granted_roles: &rights.granted_roles,
                revoked_roles: &[],
                accepts: Some(&invitation),
                activity: &activity,
            };
            match ports.store.write_membership(&change, ports.id()).await {
                Err(error) if is_taken(&error, &invitation) => {
                    invitation = without_employee_id(&invitation);
                }
                written => {
                    written?;
                    return Ok(MemberWithUser { member, user: Some(person.user) });
                }
            }
        }
    })
    .await
}

/// Whether another member has the employee id by now. It is no reason to stay out.
pub(super) fn is_taken(error: &StoreError, invitation: &Invitation) -> bool {
    matches!(error, StoreError::Refused(Refused::Taken(Unique::EmployeeId)))
        && invitation.order.employee_id.is_some()
}

pub(super) fn without_employee_id(invitation: &Invitation) -> Invitation {
    let order = InvitationOrder { employee_id: None, ..invitation.order.clone() };
    Invitation { order, ..invitation.clone() }
}

/// The membership that an invitation makes.
pub(super) fn membership(
    invitation: &Invitation,
    rights: &InviterRights,
    now: Timestamp,
) -> Membership {
    let roles = rights.granted_roles.iter().map(|granted| Assignment {
        role: granted.role.clone(),
        starts_at: None,
        expires_at: None,
    });
    let code = invitation.organization.clone();
    Membership {
        id: invitation.log.id(),
        since: Some(now),
        roles: roles.collect(),
        ..Membership::new(code, MembershipStatus::Active)
    }
}

/// The record, which is made while the inviter may still give what they invited to.
pub(super) fn accepted(
    ports: &Ports<impl Store, impl Crypto>,
    invitation: &Invitation,
    rights: &InviterRights,
    user: &User,
    client: &Client,
) -> Activity {
    let activity = Activity::new(ports, Event::InvitationAccepted, client)
        .of_self(user)
        .in_log(&invitation.log)
        .with("invitation", invitation.id.to_string())
        .with("invited_by", invitation.invited_by.id.to_string());
    Activity { allowed_on: rights.allowed_on.clone(), ..activity }
}

/// Ends an invitation to the caller.
pub async fn decline(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    id: InvitationId,
    client: &Client,
) -> Result<(), AdministerError> {
    let load = || own(ports, caller.user(), id);
    commit(load, |invitation| async move {
        let record = Activity::new(ports, Event::InvitationDeclined, client)
            .of_self(caller.user())
            .in_session(caller.session().id);
        let record = record.in_log(&invitation.log).with("invitation", invitation.id.to_string());
        let events = PendingEvents::new(record);
        Ok(ports.store.end_invitation(&invitation, &events, ports.id()).await?)
    })
    .await
}
