use super::{create::IssuedKey, owner::KeyOwner};
use crate::{
    model::{
        activity::PendingEvents,
        api_key::{ApiKey, KeyText},
        client::Client,
        clock::{SignedDuration, rfc3339},
        event::Event,
        idempotency::Idempotency,
        ids::ApiKeyId,
        mail::{MailRequest, OutboxMail},
        rng,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::AdministerError,
        commit::{Created, commit_on},
        idempotency,
    },
};

/// Gives a key another secret, for as many days as the first one had; that of now stays good for
/// so long. A person is told by mail.
pub async fn rotate(
    ports: &Ports<impl Store, impl Crypto>,
    first: &KeyOwner,
    id: ApiKeyId,
    overlap: SignedDuration,
    idempotency: Option<&Idempotency<'_, IssuedKey>>,
    client: &Client,
) -> Result<Created<IssuedKey>, AdministerError> {
    let load = || first.again(ports);
    let rotated = commit_on(first.clone(), load, |owner: KeyOwner| async move {
        let now = ports.clock.now();
        let before = owner.key(ports, id).await?;
        owner.may_issue(&before.scopes, before.days, now)?;
        let text = KeyText {
            kind: owner.person.user.kind(),
            owner: before.owner,
            id,
            organization: before.organization_id,
            secret: rng::bytes(ports.rng.as_ref()),
        };
        let issued_by = owner.caller.user().id;
        let key = ApiKey { issued_by, ..before.rotated(text.hash(), overlap, now) };
        let mut record = owner.record(ports, Event::ApiKeyRotated, &key, client);
        if let Some(former) = &key.former {
            record = record.with("former_until", rfc3339(former.until));
        }
        let issued = IssuedKey { key, text };
        let remembered = idempotency::record(ports, idempotency, &issued, now).await?;
        let user = &owner.person.user;
        let message = MailRequest::ApiKeyRotated { name: before.name.clone(), at: now };
        let mail = OutboxMail::to_user(ports, user, message);
        let (store, events) = (&ports.store, PendingEvents::new(record).mail(mail));
        let (after, remembered) = (&issued.key, remembered.as_ref());
        store.rotate_api_key(&before, after, &events, remembered, now, ports.id()).await?;
        Ok(issued)
    });
    Created::of(ports, idempotency, rotated.await).await
}
