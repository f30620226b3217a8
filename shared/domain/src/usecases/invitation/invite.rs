use super::rights::may_give;
use crate::{
    model::{
        activity::PendingEvents,
        clock::{SignedDuration, Timestamp, after, start_of},
        code::Code,
        event::Event,
        idempotency::Idempotency,
        ids::UserId,
        invitation::{Invitation, InvitationOrder},
        mail::{MailRequest, OutboxMail},
        throttle::{Rule, TooMany},
        token::Purpose,
    },
    ports::{Crypto, KeyError, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator},
        commit::{Created, commit_on},
        idempotency,
        organization::known_organization,
        permission::renewed,
        token_secret::TokenSecret,
    },
};

/// Invites an address into an organization, in the place of an invitation that waits; the link of
/// that one is dead. What it answers, costs and mails is the same whether or not the address has an
/// account.
pub async fn invite(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, .. }: Administrator<'_>,
    organization: &str,
    order: &InvitationOrder,
    idempotency: Option<&Idempotency<'_, Invitation>>,
) -> Result<Created<Invitation>, AdministerError> {
    let load = || renewed(ports, authorization);
    let invited = commit_on(authorization.clone(), load, |authorization| async move {
        let authorization = &authorization;
        let now = ports.clock.now();
        let inviter = authorization.caller().map(|caller| caller.user().into());
        let inviter =
            inviter.ok_or(AdministerRefusal::Forbidden("An operator does not invite."))?;
        let place = known_organization(ports, authorization, organization).await?;
        let log = place.log_key();
        may_give(ports, authorization, organization, &order.roles, now).await?;
        let (record, before) = futures::try_join!(
            ports.store.login_record(&order.email),
            ports.store.invitation_to(log.as_str(), &order.email)
        )?;
        if record.owner.is_some_and(|owner| owner.memberships.of(organization).is_some()) {
            return Err(AdministerRefusal::AlreadyMember.into());
        }
        let before = before.filter(|before| before.log == log);
        if let Some(same) = &before
            && same.is_same(order, authorization.user_id(), now)
        {
            return Ok(same.clone());
        }
        let invitation = Invitation {
            id: ports.id(),
            organization: place.code,
            log,
            order: order.clone(),
            invited_by: inviter,
            token: TokenSecret::nothing(Purpose::JoinOrganization),
            made_at: now,
            ends_at: after(now, ports.settings.invitation_lifetime),
            mailed: before.as_ref().map(|before| before.mailed.clone()).unwrap_or_default(),
            version: 1,
        };
        let (invitation, mail) = mailed(ports, before.as_ref(), invitation, now).await?;
        let record = authorization.record(ports, Event::InvitationCreated, client, &invitation.log);
        let record = record
            .with("invitation", invitation.id.to_string())
            .with("email", order.email.address())
            .with("roles", order.roles.iter().map(Code::as_str).collect::<Vec<_>>());
        let remembered = idempotency::record(ports, idempotency, &invitation, now).await?;
        let events = PendingEvents::new(record).mail(mail);
        let (store, write) = (&ports.store, ports.id());
        store
            .put_invitation(before.as_ref(), &invitation, &events, remembered.as_ref(), now, write)
            .await?;
        Ok(invitation)
    });
    Created::of(ports, idempotency, invited.await).await
}

/// The period of the bound of an organization.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The invitation with a new link and the mail that carries it: three an hour at most, and of an
/// organization as many as a setting says.
pub(super) async fn mailed(
    ports: &Ports<impl Store, impl Crypto>,
    before: Option<&Invitation>,
    invitation: Invitation,
    now: Timestamp,
) -> Result<(Invitation, OutboxMail), AdministerError> {
    if let Some(at) = before.map(Invitation::mailed_again_from).filter(|at| *at > now) {
        return Err(TooMany(at.duration_since(now)).into());
    }
    let (rule, hour) = (Rule::Invitations, start_of(now, HOUR));
    let counted = ports.store.count_use(rule, invitation.log.as_str(), hour).await?;
    if counted > rule.most(&ports.settings) {
        return Err(TooMany(after(hour, HOUR).duration_since(now)).into());
    }
    Ok(renewed_mail(ports, invitation, now).await?)
}

/// The same without a bound.
pub(crate) async fn renewed_mail(
    ports: &Ports<impl Store, impl Crypto>,
    invitation: Invitation,
    now: Timestamp,
) -> Result<(Invitation, OutboxMail), KeyError> {
    let valid_for = ports.settings.invitation_lifetime;
    // A token names what it is of: here the invitation.
    let named = UserId::from_bytes(*invitation.id.as_bytes());
    let token = TokenSecret::new(ports, Purpose::JoinOrganization, Some(named)).await?;
    let invitation = Invitation {
        token: token.hash(),
        made_at: now,
        ends_at: after(now, valid_for),
        ..invitation.with_mail(now)
    };
    let message = MailRequest::JoinOrganization {
        invitation: invitation.id,
        organization: invitation.organization.to_string(),
        seed: token.seed,
        valid_for,
    };
    let mail = OutboxMail::new(ports, &invitation.order.email, None, message);
    Ok((invitation, mail))
}
