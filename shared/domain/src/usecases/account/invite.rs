use std::sync::Arc;

use super::{
    administer::{again, find, may_change, may_revive_all, told_of_deleted},
    register::blank_user,
};
use crate::{
    model::{
        account::{AccountStatus, Email, Profile, User, Username},
        activity::PendingEvents,
        authorization::Authorization,
        client::Client,
        clock::after,
        code::Code,
        event::Event,
        idempotency::Idempotency,
        ids::UserId,
        mail::{MailRequest, OutboxMail},
        organization::{
            Assignment, GrantedRole, Member, Membership, MembershipStatus, Memberships, PLATFORM,
            UserWithMemberships,
        },
        permission::Right,
        recovery::{OneTimeToken, Requested},
        role::SUPER_ADMIN,
        throttle::TooMany,
        token::Purpose,
        violation::Violation,
    },
    ports::{Crypto, KeyError, NewAccount, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        commit::{Created, commit_on},
        idempotency,
        permission::{catalogue_of, renewed},
        token_secret::TokenSecret,
    },
};

/// Somebody who is to be invited.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub username: Username,
    /// Where the invitation goes.
    pub email: Email,
    pub profile: Profile,
    /// Where they are to belong; the caller's own organization, if that is not `PLATFORM`.
    pub organization: Option<Code>,
    /// The role that they are to have there.
    pub role: Option<Code>,
    /// Whether the account is a program's: only an operator makes those.
    pub is_service: bool,
}

/// Makes a pending account with a membership and mails the link by which its owner chooses a
/// password: nobody else ever sees or sets one (OWASP ASVS 6.4.1).
pub async fn invite(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    invitation: &Invitation,
    idempotency: Option<&Idempotency<'_, UserWithMemberships>>,
    client: &Client,
) -> Result<Created<UserWithMemberships>, AdministerError> {
    let load = || renewed(ports, authorization);
    let invited = commit_on(authorization.clone(), load, |authorization| async move {
        if !authorization.is_super_admin() {
            let why = "Only super admins make accounts. Invite: POST \
                /organizations/{code}/invitations.";
            return Err(AdministerRefusal::Forbidden(why).into());
        }
        let membership = membership(ports, &authorization, invitation).await?;
        let granted_roles: Vec<GrantedRole> =
            membership.as_ref().map(|(_, granted_roles)| granted_roles.clone()).unwrap_or_default();
        let membership = membership.map(|(membership, _)| membership);
        let user = User {
            profile: invitation.profile.clone(),
            is_service: invitation.is_service,
            invited_by: membership.as_ref().map(Membership::log_key),
            ..blank_user(ports, invitation.username.clone(), invitation.email.clone())
        };
        let (id, now) = (user.id, user.created_at);
        let log = membership.as_ref().map_or_else(|| authorization.log(), Membership::log_key);
        let organization =
            membership.as_ref().map(|membership| membership.organization.to_string());
        let record = authorization.record_of(ports, Event::UserInvited, client, &log, &user);
        let record = record
            .with("username", user.username.as_str())
            .with("role", invitation.role.as_ref().map(Code::as_str));
        let (one_time_token, mail) = invitation_mail(ports, &user, organization).await?;
        let memberships = Memberships::new(membership.iter().cloned().collect());
        let person = UserWithMemberships {
            user: user.clone(),
            memberships,
            memberships_version: 0,
            last_login_at: None,
        };
        let membership = membership.map(|membership| {
            let member = Member::new(membership.organization.clone(), id, membership.status, now);
            (membership, member)
        });
        let account = NewAccount {
            membership,
            granted_roles,
            one_time_token: Some(one_time_token),
            ..NewAccount::new(user, None)
        };
        let remembered = idempotency::record(ports, idempotency, &person, now).await?;
        let write = ports.id();
        let pending_events = PendingEvents::new(record).mail(mail);
        ports
            .store
            .create_account(&account, &pending_events, remembered.as_ref(), now, write)
            .await?;
        Ok(person)
    });
    let invited = invited.await;
    let created = Created::of(ports, idempotency, invited).await;
    told_of_deleted(ports, authorization, &invitation.email, created).await
}

/// Mails another link to somebody whose invitation waits or is over; the one before is dead. Three
/// an hour at most.
pub async fn resend_invitation(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    id: UserId,
    client: &Client,
) -> Result<UserWithMemberships, AdministerError> {
    let first = (authorization.clone(), find(ports, authorization, id).await?);
    let load = || again(ports, authorization, id);
    commit_on(
        first,
        load,
        |(authorization, person): (Authorization, UserWithMemberships)| async move {
            let now = ports.clock.now();
            may_change(&authorization, &person, now)?;
            may_revive_all(&authorization, &person, now)?;
            if person.user.status != AccountStatus::Pending {
                return Err(AdministerRefusal::NotPending.into());
            }
            let membership = person.memberships.iter().next();
            let log = membership.map_or_else(|| authorization.log(), Membership::log_key);
            let organization = membership.map(|membership| membership.organization.to_string());
            let record =
                authorization.record_of(ports, Event::UserInvited, client, &log, &person.user);
            let (one_time_token, mail) = invitation_mail(ports, &person.user, organization).await?;
            let events = PendingEvents::new(record).mail(mail);
            match ports.store.put_one_time_token(&one_time_token, &events, now).await? {
                Requested::Done => Ok(person.seen_by(&authorization)),
                Requested::NotBefore(at) => Err(TooMany(at.duration_since(now)).into()),
            }
        },
    )
    .await
}

/// The token of an invitation, and the mail that carries it.
pub(crate) async fn invitation_mail(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
    organization: Option<String>,
) -> Result<(OneTimeToken, OutboxMail), KeyError> {
    let (now, valid_for) = (ports.clock.now(), ports.settings.invitation_lifetime);
    let token = TokenSecret::new(ports, Purpose::Invitation, Some(user.id)).await?;
    let message =
        MailRequest::Invitation { owner: user.id, organization, seed: token.seed, valid_for };
    let one_time_token = OneTimeToken {
        owner: user.id,
        purpose: Purpose::Invitation,
        token: token.hash(),
        email: user.email.clone(),
        credential: user.credential,
        epoch: user.epoch,
        new_email: None,
        made_at: now,
        ends_at: after(now, valid_for),
        last_until: None,
    };
    Ok((one_time_token, OutboxMail::to_user(ports, user, message)))
}

/// The membership that the caller may give, and the role that it takes.
async fn membership(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    invitation: &Invitation,
) -> Result<Option<(Membership, Vec<GrantedRole>)>, AdministerError> {
    let own = authorization.organization().filter(|own| *own != PLATFORM).map(Code::known);
    let Some(organization) = invitation.organization.clone().or(own) else {
        return match invitation.role {
            None => Ok(None),
            Some(_) => Err(AdministerRefusal::Invalid(
                "organization",
                Violation::new("required", "A role needs an organization."),
            )
            .into()),
        };
    };
    if !authorization.sees(organization.as_str()) {
        return Err(AdministerRefusal::NotFound("organization").into());
    }
    let id = ports.store.log_key(organization.as_str()).await?.id();
    let mut membership = Membership::new(organization, MembershipStatus::Active);
    membership.id = id;
    let Some(role) = &invitation.role else {
        return Ok(Some((membership, Vec::new())));
    };
    let now = ports.clock.now();
    if !authorization.has(Right::AssignRoles, now) {
        return Err(AdministerRefusal::Forbidden("Inviting into a role needs roles.assign.").into());
    }
    let mut catalogue = Arc::clone(authorization.catalogue());
    if role.organization().is_some() {
        catalogue = catalogue_of(ports, &catalogue, membership.organization.as_str()).await?;
    }
    let role = catalogue.role(role.as_str()).ok_or_else(|| {
        AdministerRefusal::Invalid(
            "role",
            Violation::new("unknown_role", "This role does not exist."),
        )
    })?;
    if !authorization.authority_until(&catalogue, now, None).may_give(role) {
        return Err(AdministerRefusal::AboveYourLevel.into());
    }
    if role.code.as_str() == SUPER_ADMIN && membership.organization.as_str() != PLATFORM {
        let violation =
            Violation::new("platform_only", "This role can only be assigned in PLATFORM.");
        return Err(AdministerRefusal::Invalid("role", violation).into());
    }
    membership.roles.push(Assignment {
        role: role.code.clone(),
        starts_at: None,
        expires_at: None,
    });
    Ok(Some((membership, vec![GrantedRole::of(role)])))
}
