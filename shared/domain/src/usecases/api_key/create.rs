use super::owner::KeyOwner;
use crate::{
    model::{
        activity::PendingEvents,
        api_key::{ApiKey, KeyText, MOST_KEYS, Networks, Scopes, ends_after},
        client::Client,
        event::Event,
        idempotency::Idempotency,
        mail::{MailRequest, OutboxMail},
        rng,
        words::Line,
    },
    ports::{Crypto, Ports, Refused, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        commit::{Created, commit_on},
        idempotency,
    },
};

/// A key that is to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What people call it.
    pub name: Line<100>,
    pub scopes: Scopes,
    pub networks: Networks,
    /// How many days it lives.
    pub days: u16,
}

/// A key with its secret, which is shown once.
#[derive(Debug, Clone)]
pub struct IssuedKey {
    pub key: ApiKey,
    pub text: KeyText,
}

/// Makes a key of a person's own, or of a service account. It acts in the
/// organization in which the caller is, or to which the service account belongs. A person is told
/// by mail.
pub async fn create(
    ports: &Ports<impl Store, impl Crypto>,
    first: &KeyOwner,
    order: &NewKey,
    idempotency: Option<&Idempotency<'_, IssuedKey>>,
    client: &Client,
) -> Result<Created<IssuedKey>, AdministerError> {
    let load = || first.again(ports);
    let made = commit_on(first.clone(), load, |owner: KeyOwner| async move {
        let now = ports.clock.now();
        owner.may_issue(&order.scopes, order.days, now)?;
        let user = &owner.person.user;
        let membership = owner.place();
        let why = "A key acts in an organization: sign in to one.";
        let membership = membership.ok_or(AdministerRefusal::Forbidden(why))?;
        let (keys, version) = owner.good_keys(ports).await?;
        if keys.len() >= MOST_KEYS {
            // The last of them may be this very request's.
            let key = idempotency.map(|idempotency| &idempotency.key);
            let first = match key {
                Some(key) => ports.store.stored_response(key, now).await?,
                None => None,
            };
            return Err(match first {
                Some(first) => StoreError::Refused(Refused::Replayed(first)).into(),
                None => AdministerRefusal::LimitReached.into(),
            });
        }
        let text = KeyText {
            kind: user.kind(),
            owner: user.id,
            id: ports.id(),
            organization: membership.id,
            secret: rng::bytes(ports.rng.as_ref()),
        };
        let key = ApiKey {
            id: text.id,
            owner: text.owner,
            name: order.name.clone(),
            organization: membership.organization.clone(),
            organization_id: membership.id,
            member_since: membership.since,
            scopes: order.scopes.clone(),
            networks: order.networks.clone(),
            secret: text.hash(),
            former: None,
            days: order.days,
            created_by: owner.caller.user().id,
            issued_by: owner.caller.user().id,
            created_at: now,
            rotated_at: None,
            ends_at: ends_after(now, order.days),
            last_used_at: None,
            version: 1,
        };
        let issued = IssuedKey { key, text };
        let key = &issued.key;
        let record = owner
            .record(ports, Event::ApiKeyCreated, key, client)
            .with("scopes", key.scopes.iter().map(ToString::to_string).collect::<Vec<_>>())
            .with("networks", key.networks.iter().map(ToString::to_string).collect::<Vec<_>>());
        let message = MailRequest::ApiKeyCreated { name: key.name.clone(), at: now };
        let mail = OutboxMail::to_user(ports, user, message);
        let remembered = idempotency::record(ports, idempotency, &issued, now).await?;
        let events = PendingEvents::new(record).mail(mail);
        let (store, write) = (&ports.store, ports.id());
        store.put_api_key(version, key, &events, remembered.as_ref(), now, write).await?;
        Ok(issued)
    });
    Created::of(ports, idempotency, made.await).await
}
