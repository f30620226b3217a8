use super::{invite::mailed, rights::may_give};
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        authorization::Authorization,
        client::Client,
        event::Event,
        ids::InvitationId,
        invitation::Invitation,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator},
        commit::commit_on,
        organization::known_organization,
        permission::renewed,
    },
};

/// A page of an organization's invitations.
#[derive(Debug, Clone)]
pub struct InvitationPage {
    /// By id; those that are over are left out.
    pub invitations: Vec<Invitation>,
    /// The next page is behind this one, where there may be one.
    pub last: Option<InvitationId>,
}

/// A page of an organization's invitations, behind `after`.
pub async fn list(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
    after: Option<InvitationId>,
    limit: usize,
) -> Result<InvitationPage, AdministerError> {
    let log = known_organization(ports, authorization, organization).await?.log_key();
    let (mut invitations, last) = ports.store.invitations(log.as_str(), after, limit).await?;
    let now = ports.clock.now();
    invitations.retain(|one| one.ends_at > now);
    Ok(InvitationPage { invitations, last })
}

/// One of an organization's invitations that is not over.
pub async fn get(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
    id: InvitationId,
) -> Result<Invitation, AdministerError> {
    let found =
        if authorization.sees(organization) { ports.store.invitation(id).await? } else { None };
    let now = ports.clock.now();
    let found = found.filter(|one| one.organization.as_str() == organization && one.ends_at > now);
    let found = found.ok_or(AdministerRefusal::NotFound("invitation"))?;
    // One of an organization that had the code before is nobody's.
    if ports.store.log_key(organization).await? == found.log {
        Ok(found)
    } else {
        Err(AdministerRefusal::NotFound("invitation").into())
    }
}

/// Takes an invitation back: its link is dead.
pub async fn cancel(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, .. }: Administrator<'_>,
    organization: &str,
    id: InvitationId,
) -> Result<(), AdministerError> {
    let first = (authorization.clone(), get(ports, authorization, organization, id).await?);
    let load = || again(ports, authorization, organization, id);
    commit_on(first, load, |(authorization, invitation)| async move {
        let event = Event::InvitationWithdrawn;
        let events = PendingEvents::new(record(ports, &authorization, event, client, &invitation));
        Ok(ports.store.end_invitation(&invitation, &events, ports.id()).await?)
    })
    .await
}

/// Mails another link, which is good for the whole time again; the one before is dead. From now on
/// it stands on the rights of whoever sent it last.
pub async fn resend(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, .. }: Administrator<'_>,
    organization: &str,
    id: InvitationId,
) -> Result<Invitation, AdministerError> {
    let first = (authorization.clone(), get(ports, authorization, organization, id).await?);
    let load = || again(ports, authorization, organization, id);
    commit_on(first, load, |(authorization, before)| async move {
        let now = ports.clock.now();
        may_give(ports, &authorization, organization, &before.order.roles, now).await?;
        let next = Invitation {
            invited_by: authorization
                .caller()
                .map_or_else(|| before.invited_by.clone(), |caller| caller.user().into()),
            version: before.version + 1,
            ..before.clone()
        };
        let (next, mail) = mailed(ports, Some(&before), next, now).await?;
        let record = record(ports, &authorization, Event::InvitationResent, client, &before);
        let events = PendingEvents::new(record).mail(mail);
        let (store, write) = (&ports.store, ports.id());
        store.put_invitation(Some(&before), &next, &events, None, now, write).await?;
        Ok(next)
    })
    .await
}

async fn again(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
    id: InvitationId,
) -> Result<(Authorization, Invitation), AdministerError> {
    let authorization = renewed(ports, authorization).await?;
    let invitation = get(ports, &authorization, organization, id).await?;
    Ok((authorization, invitation))
}

fn record(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    event: Event,
    client: &Client,
    invitation: &Invitation,
) -> Activity {
    authorization
        .record(ports, event, client, &invitation.log)
        .with("invitation", invitation.id.to_string())
        .with("email", invitation.order.email.address())
}
