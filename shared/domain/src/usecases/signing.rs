//! Making, publishing and dropping signing keys.

use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        clock::{SignedDuration, Timestamp, after, from_millis},
        event::Event,
        process::Process,
        signing::{KeyList, PublishedKey},
    },
    ports::{Crypto, KeyError, Ports, Refused, Store, StoreError},
    usecases::error::{Refusal, UseCaseError, refusals},
};

/// How long a key is published before it signs: longer than anybody keeps the public keys. API
/// Gateway's JWT authorizer keeps them for two hours.
const LEAD: SignedDuration = SignedDuration::from_hours(3);

/// Clocks differ, and a token that is over may still be in somebody's hands.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// What to do with the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RotationOrder {
    /// The schedule's run: publish the next key unless one waits, take away those that are over.
    Scheduled,
    /// An emergency: take this key away now, with every token that it signed; `current` names the
    /// one that signs.
    Drop(String),
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// Keys that were published.
    pub published: Vec<String>,
    /// Keys that were taken away.
    pub removed: Vec<String>,
    /// The key that signs now.
    pub signing: String,
    /// Keys that were taken away and whose private halves could not be destroyed: drop them once
    /// more.
    pub kept: Vec<String>,
}

/// Why the keys are as they were.
pub type RotateError = UseCaseError<RotateRefusal>;

/// The reasons of [`RotateError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RotateRefusal {
    /// There is no such key.
    #[error("no published key has this id")]
    UnknownKey,
    /// Another run changed them at the same time.
    #[error("another run changed the keys at the same time")]
    Raced,
}

impl Refusal for RotateRefusal {}
refusals!(RotateRefusal);

/// Changes the keys. Running it again, late or twice at once does no harm: the list changes under
/// its version.
pub async fn rotate(
    ports: &Ports<impl Store, impl Crypto>,
    order: &RotationOrder,
) -> Result<Rotated, RotateError> {
    ports.crypto.prepare_server_key().await?;
    let now = ports.clock.now();
    let list = ports.store.public_keys().await?;
    let removed = match order {
        RotationOrder::Scheduled => over_or_lost(ports, &list, now).await?,
        RotationOrder::Drop(kid) => vec![dropped(ports, &list, kid, now).await?],
    };
    let mut next = list.without(&removed);
    let mut published = Vec::new();
    if !has_signer(ports, &next, now).await? {
        published.extend(sign_at_once(ports, &mut next, now).await?);
    } else if *order == RotationOrder::Scheduled && next.next(now).is_none() {
        published.push(add(ports, &mut next, after(now, LEAD)).await?);
    }
    if next.keys != list.keys {
        replace(ports, &list, &next, &published, &removed).await?;
    }
    // First of all nobody goes by the old list any more, whatever becomes of the private halves.
    ports.crypto.forget_keys().await;
    let mut kept = Vec::new();
    for kid in &removed {
        // The keys are changed: a run that fails here would be tried again, and mean other keys by
        // the same words.
        if ports.crypto.discard_key(kid).await.is_err() {
            kept.push(kid.clone());
        }
    }
    let signing = next.signer(now).map(|one| one.key.kid.clone()).unwrap_or_default();
    Ok(Rotated { published, removed, signing, kept })
}

/// Keys whose tokens are over, and one that waits without a private half.
async fn over_or_lost(
    ports: &Ports<impl Store, impl Crypto>,
    list: &KeyList,
    now: Timestamp,
) -> Result<Vec<String>, KeyError> {
    let mut removed = list.over(now, after_life(ports));
    if let Some(waiting) = list.next(now)
        && !ports.crypto.has_key(&waiting.key.kid).await?
    {
        removed.push(waiting.key.kid.clone());
    }
    Ok(removed)
}

/// Whether a key signs now and its private half is there.
async fn has_signer(
    ports: &Ports<impl Store, impl Crypto>,
    list: &KeyList,
    now: Timestamp,
) -> Result<bool, KeyError> {
    match list.signer(now) {
        Some(signer) => ports.crypto.has_key(&signer.key.kid).await,
        None => Ok(false),
    }
}

/// Makes sure that there is a key that signs now and whose private half is there: where everything
/// begins.
pub async fn ensure_signer(ports: &Ports<impl Store, impl Crypto>) -> Result<(), RotateError> {
    ports.crypto.prepare_server_key().await?;
    let now = ports.clock.now();
    let list = ports.store.public_keys().await?;
    if has_signer(ports, &list, now).await? {
        return Ok(());
    }
    let mut next = list.without(&[]);
    let published = vec![add(ports, &mut next, whole_second(now)).await?];
    replace(ports, &list, &next, &published, &[]).await
}

fn after_life(process: &Process) -> SignedDuration {
    process.settings.access_lifetime.checked_add(MARGIN).unwrap_or(SignedDuration::MAX)
}

/// The id of the key that is meant. One that is not published any more may still have a private
/// half, when a run was cut off: it is destroyed then.
async fn dropped(
    ports: &Ports<impl Store, impl Crypto>,
    list: &KeyList,
    kid: &str,
    now: Timestamp,
) -> Result<String, RotateError> {
    let found = match kid {
        "current" => list.signer(now),
        kid => list.keys.iter().find(|one| one.key.kid == kid),
    };
    if let Some(found) = found {
        return Ok(found.key.kid.clone());
    }
    let is_thumbprint =
        kid.len() == 43 && kid.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if is_thumbprint && ports.crypto.has_key(kid).await? {
        Ok(kid.to_owned())
    } else {
        Err(RotateRefusal::UnknownKey.into())
    }
}

/// The key that waits signs now; without one, a new key does.
async fn sign_at_once(
    ports: &Ports<impl Store, impl Crypto>,
    list: &mut KeyList,
    now: Timestamp,
) -> Result<Option<String>, KeyError> {
    let waiting = match list.next(now) {
        Some(one) if ports.crypto.has_key(&one.key.kid).await? => Some(one.key.kid.clone()),
        _ => None,
    };
    let Some(kid) = waiting else {
        return add(ports, list, whole_second(now)).await.map(Some);
    };
    for one in list.keys.iter_mut().filter(|one| one.key.kid == kid) {
        one.signs_from = whole_second(now);
    }
    Ok(None)
}

async fn add(
    ports: &Ports<impl Store, impl Crypto>,
    list: &mut KeyList,
    signs_from: Timestamp,
) -> Result<String, KeyError> {
    let key = ports.crypto.make_key(ports.settings.token_algorithm).await?;
    let kid = key.kid.clone();
    list.keys.push(PublishedKey { key, signs_from });
    Ok(kid)
}

/// Writes the new list. Private halves that it was to publish are destroyed when another run was
/// faster.
async fn replace(
    ports: &Ports<impl Store, impl Crypto>,
    list: &KeyList,
    next: &KeyList,
    published: &[String],
    removed: &[String],
) -> Result<(), RotateError> {
    let activity = Activity::new(ports, Event::KeysRotated, &Client::default())
        .with("published", published.to_vec())
        .with("removed", removed.to_vec());
    let pending_events = PendingEvents::new(activity);
    match ports.store.replace_keys(list.version, next, &pending_events).await {
        Err(StoreError::Refused(Refused::Stale)) => {}
        replaced => return Ok(replaced?),
    }
    let current = ports.store.public_keys().await?;
    for kid in published.iter().filter(|kid| !current.keys.iter().any(|one| one.key.kid == **kid)) {
        ports.crypto.discard_key(kid).await?;
    }
    Err(RotateRefusal::Raced.into())
}

/// `iat` has whole seconds, and a token of this second has to find its key.
fn whole_second(now: Timestamp) -> Timestamp {
    from_millis(now.as_second().saturating_mul(1000)).unwrap_or(now)
}
