use super::{
    LEAD, MARGIN,
    secret_keys::{self, Named},
};
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        authorization::Authorization,
        client::Client,
        clock::{SignedDuration, Timestamp, after, from_millis},
        event::Event,
        organization::{LogKey, PLATFORM},
        process::Process,
        secret_key::{KeyId, SecretKind},
        signing::{KeyList, PublishedKey},
    },
    ports::{Crypto, KeyError, Ports, Refused, Store, StoreError},
    usecases::error::{Refusal, UseCaseError, refusals},
};

/// What to do with the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RotationOrder {
    /// The schedule's run: list the next keys unless they wait, take away those that are over.
    Scheduled,
    /// Another signing key, unless one waits.
    Next,
    /// An emergency: take this key away now, with everything that it signed or made. `current` is
    /// the signing key of now, `server` the server key of now, `server/{id}` another one.
    Drop(String),
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// Keys that were published; a server key as `server/{id}`.
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
    #[error("no key on the list has this id")]
    UnknownKey,
    /// Another run changed them at the same time.
    #[error("another run changed the keys at the same time")]
    Raced,
    /// Two keys for passwords live: the one of before has to go first.
    #[error("hashes may still be sealed under the key of before: run it without `new_key`")]
    StillSeals,
}

impl Refusal for RotateRefusal {}
refusals!(RotateRefusal);

/// How often a run looks again where another one was faster. An emergency says so: its words may
/// mean another key by then.
pub(super) const ATTEMPTS: usize = 3;

/// Who ordered it, where it was nobody's schedule.
pub(super) type By<'a> = Option<(&'a Authorization, &'a Client)>;

/// Changes the keys. Running it again, late or twice at once does no harm: the list changes under
/// its version.
pub async fn rotate(
    ports: &Ports<impl Store, impl Crypto>,
    order: &RotationOrder,
) -> Result<Rotated, RotateError> {
    for _ in 1..ATTEMPTS {
        match rotate_once(ports, order, None).await {
            Err(UseCaseError::Refused(RotateRefusal::Raced))
                if *order == RotationOrder::Scheduled => {}
            rotated => return rotated,
        }
    }
    rotate_once(ports, order, None).await
}

/// One attempt. What somebody orders is about signing keys alone.
pub(super) async fn rotate_once(
    ports: &Ports<impl Store, impl Crypto>,
    order: &RotationOrder,
    by: By<'_>,
) -> Result<Rotated, RotateError> {
    let now = ports.clock.now();
    let list = ports.store.public_keys().await?;
    let mut removed = Changes::default();
    match order {
        RotationOrder::Scheduled | RotationOrder::Next => {
            removed.signing = over_or_lost(ports, &list, now).await?;
        }
        RotationOrder::Drop(name) => match dropped_secret(&list, name, now)? {
            Some(named) => removed.secrets.push(named),
            None => removed.signing.push(dropped(ports, &list, name, now).await?),
        },
    }
    let mut next = list.without(&removed.signing);
    secret_keys::remove(&mut next.secrets, &removed.secrets);
    let mut published = Changes::default();
    if !has_signer(ports, &next, now).await? {
        published.signing.extend(sign_at_once(ports, &mut next, now).await?);
    } else if !matches!(order, RotationOrder::Drop(_)) && next.next(now).is_none() {
        published.signing.push(add(ports, &mut next, after(now, LEAD)).await?);
    }
    if by.is_none() {
        published.secrets = secret_keys::ensure(ports, &mut next.secrets, now).await?;
    }
    if *order == RotationOrder::Scheduled {
        let (made, over) = secret_keys::rotate(ports, &mut next.secrets, now).await?;
        published.secrets.extend(made);
        removed.secrets.extend(over);
    }
    // Also of a key that is on no list any more, and whose private half is destroyed now.
    let is_changed = next.keys != list.keys || next.secrets != list.secrets;
    if is_changed || !removed.names().is_empty() {
        replace(ports, &list, &next, [&published, &removed], by).await?;
    }
    // First of all nobody goes by the old list any more, whatever becomes of the private halves.
    ports.crypto.forget_keys().await;
    let kept = destroy(ports, &removed).await;
    let signing = next.signer(now).map(|one| one.key.kid.clone()).unwrap_or_default();
    Ok(Rotated { published: published.names(), removed: removed.names(), signing, kept })
}

/// Keys that come or go.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) signing: Vec<String>,
    pub(super) secrets: Vec<Named>,
}

impl Changes {
    pub(super) fn names(&self) -> Vec<String> {
        let secrets = self.secrets.iter().map(|(kind, id)| format!("{}/{id}", kind.as_str()));
        self.signing.iter().cloned().chain(secrets).collect()
    }
}

/// Destroys private halves and secrets. The keys are changed: a run that fails here would be tried
/// again, and mean other keys by the same words, so it answers those that are still there.
pub(super) async fn destroy(
    ports: &Ports<impl Store, impl Crypto>,
    removed: &Changes,
) -> Vec<String> {
    let mut kept = Changes::default();
    for kid in &removed.signing {
        if ports.crypto.discard_key(kid).await.is_err() {
            kept.signing.push(kid.clone());
        }
    }
    for (kind, id) in &removed.secrets {
        if ports.crypto.discard_secret(*kind, *id).await.is_err() {
            kept.secrets.push((*kind, *id));
        }
    }
    kept.names()
}

/// The server key that an emergency names, if it names one.
fn dropped_secret(
    list: &KeyList,
    name: &str,
    now: Timestamp,
) -> Result<Option<Named>, RotateError> {
    let kind = SecretKind::Server;
    let Some(rest) = name.strip_prefix(kind.as_str()) else {
        return Ok(None);
    };
    let id = match rest.strip_prefix('/') {
        None if rest.is_empty() => list.secrets.maker(kind, now),
        None => return Ok(None),
        Some(id) => KeyId::from_name(id),
    };
    let id = id.filter(|id| list.secrets.has(kind, *id)).ok_or(RotateRefusal::UnknownKey)?;
    Ok(Some((kind, id)))
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

/// Makes sure that there are keys that sign and make now, and are there: where everything begins.
pub async fn ensure_keys(ports: &Ports<impl Store, impl Crypto>) -> Result<(), RotateError> {
    let now = ports.clock.now();
    let list = ports.store.public_keys().await?;
    let mut next = list.without(&[]);
    let mut published = Changes::default();
    if !has_signer(ports, &list, now).await? {
        published.signing.push(add(ports, &mut next, whole_second(now)).await?);
    }
    published.secrets = secret_keys::ensure(ports, &mut next.secrets, now).await?;
    if next.keys == list.keys && next.secrets == list.secrets {
        return Ok(());
    }
    replace(ports, &list, &next, [&published, &Changes::default()], None).await
}

pub(super) fn after_life(process: &Process) -> SignedDuration {
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
    let published_at = Some(ports.clock.now());
    list.keys.push(PublishedKey { key, signs_from, published_at });
    Ok(kid)
}

/// Writes the new list. What it was to publish is destroyed when another run was faster.
pub(super) async fn replace(
    ports: &Ports<impl Store, impl Crypto>,
    list: &KeyList,
    next: &KeyList,
    [published, removed]: [&Changes; 2],
    by: By<'_>,
) -> Result<(), RotateError> {
    let told = |activity: Activity| {
        activity.with("published", published.names()).with("removed", removed.names())
    };
    let event = Event::KeysRotated;
    let replaced = if let Some((authorization, client)) = by {
        let activity = authorization.record(ports, event, client, &LogKey::from_stored(PLATFORM));
        ports.store.order_keys(list.version, next, &told(activity), ports.id()).await
    } else {
        let activity = Activity::new(ports, event, &Client::default());
        ports.store.replace_keys(list.version, next, &PendingEvents::new(told(activity))).await
    };
    match replaced {
        Err(StoreError::Refused(Refused::Stale)) => {}
        replaced => return Ok(replaced?),
    }
    discard_lost(ports, published).await?;
    Err(RotateRefusal::Raced.into())
}

/// Destroys what was made for a list that another run was faster to write.
pub(super) async fn discard_lost(
    ports: &Ports<impl Store, impl Crypto>,
    made: &Changes,
) -> Result<(), RotateError> {
    let current = ports.store.public_keys().await?;
    let lost = |kid: &&String| !current.keys.iter().any(|one| one.key.kid == **kid);
    for kid in made.signing.iter().filter(lost) {
        ports.crypto.discard_key(kid).await?;
    }
    for (kind, id) in &made.secrets {
        if !current.secrets.has(*kind, *id) {
            ports.crypto.discard_secret(*kind, *id).await?;
        }
    }
    Ok(())
}

/// `iat` has whole seconds, and a token of this second has to find its key.
fn whole_second(now: Timestamp) -> Timestamp {
    from_millis(now.as_second().saturating_mul(1000)).unwrap_or(now)
}
