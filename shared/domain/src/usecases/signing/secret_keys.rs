use super::{LEAD, MARGIN};
use crate::{
    model::{
        account::SignUp,
        clock::{SignedDuration, Timestamp, after},
        idempotency::KEY_LIFETIME,
        process::Process,
        secret_key::{KeyId, SecretKey, SecretKeys, SecretKind},
        settings::Settings,
    },
    ports::{Crypto, KeyError, Ports, Store},
};

/// A server key is followed by the next one after this long.
const AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A kind of key, and the id of one.
pub(super) type Named = (SecretKind, KeyId);

/// Makes sure that a key of each kind makes now, and is there. Answers those that it made.
pub(super) async fn ensure(
    ports: &Ports<impl Store, impl Crypto>,
    keys: &mut SecretKeys,
    now: Timestamp,
) -> Result<Vec<Named>, KeyError> {
    let mut made = Vec::new();
    for kind in SecretKind::ALL {
        if let Some(id) = keys.maker(kind, now) {
            if ports.crypto.has_secret(kind, id).await? {
                continue;
            }
            // A key for passwords may be found again: until then its owners are told to wait (503),
            // and not that their passwords are wrong.
            if kind == SecretKind::Server {
                remove(keys, &[(kind, id)]);
            }
        }
        let before_ids = (SecretKind::Server, KeyId::BEFORE_IDS);
        if kind == SecretKind::Server
            && keys.of(kind).next().is_none()
            && ports.crypto.has_secret(kind, KeyId::BEFORE_IDS).await?
        {
            add(keys, before_ids, Timestamp::UNIX_EPOCH);
        } else {
            made.push(follow(ports, keys, kind, now).await?);
        }
    }
    Ok(made)
}

/// Takes away server keys of which nothing is left, and lists the next one when the only one is of
/// age: so two live at most. Keys for passwords are followed by order alone
/// (`seal_passwords`). Answers those that it made, and those that it took away.
pub(super) async fn rotate(
    ports: &Ports<impl Store, impl Crypto>,
    keys: &mut SecretKeys,
    now: Timestamp,
) -> Result<(Vec<Named>, Vec<Named>), KeyError> {
    let kind = SecretKind::Server;
    let over: Vec<Named> =
        keys.over(kind, life(ports), now).into_iter().map(|id| (kind, id)).collect();
    remove(keys, &over);
    let living: Vec<&SecretKey> = keys.of(kind).collect();
    let is_of_age = matches!(living[..], [only] if after(only.makes_from, AGE) <= now);
    if !is_of_age {
        return Ok((Vec::new(), over));
    }
    let named = follow(ports, keys, kind, after(now, LEAD)).await?;
    Ok((vec![named], over))
}

/// Makes a new key of a kind, and lists it as one that makes from then on.
pub(super) async fn follow(
    ports: &Ports<impl Store, impl Crypto>,
    keys: &mut SecretKeys,
    kind: SecretKind,
    makes_from: Timestamp,
) -> Result<Named, KeyError> {
    let named = (kind, ports.crypto.make_secret(kind).await?);
    add(keys, named, makes_from);
    Ok(named)
}

/// Puts a new key of each of these kinds in the place of all that there are. Answers those that it
/// made, and those that it took away.
pub(super) async fn replace_all(
    ports: &Ports<impl Store, impl Crypto>,
    keys: &mut SecretKeys,
    kinds: &[SecretKind],
    now: Timestamp,
) -> Result<(Vec<Named>, Vec<Named>), KeyError> {
    let (mut made, mut removed) = (Vec::new(), Vec::new());
    for kind in kinds {
        removed.extend(keys.of(*kind).map(|key| (*kind, key.id)));
        made.push(follow(ports, keys, *kind, now).await?);
    }
    remove(keys, &removed);
    Ok((made, removed))
}

pub(super) fn remove(keys: &mut SecretKeys, named: &[Named]) {
    keys.0.retain(|key| !named.contains(&(key.kind, key.id)));
}

fn add(keys: &mut SecretKeys, (kind, id): Named, makes_from: Timestamp) {
    keys.0.push(SecretKey { kind, id, makes_from });
}

/// The longest life of anything that a server key makes.
fn life(process: &Process) -> SignedDuration {
    let settings = process.settings.as_ref();
    let &Settings { session_lifetime, device_lifetime, invitation_lifetime, .. } = settings;
    let longest = session_lifetime.max(device_lifetime).max(invitation_lifetime).max(KEY_LIFETIME);
    let longest = longest.max(settings.verification_lifetime).max(SignUp::WAITS);
    longest.checked_add(MARGIN).unwrap_or(SignedDuration::MAX)
}
