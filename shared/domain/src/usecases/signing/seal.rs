use futures::future::try_join_all;

use super::{
    MARGIN, RotateError, RotateRefusal,
    rotate::{Changes, destroy, replace},
    secret_keys,
};
use crate::{
    model::{
        account::{SignUp, User},
        clock::{SignedDuration, Timestamp},
        ids::UserId,
        process::Process,
        secret_key::SecretKind,
    },
    ports::{Crypto, Ports, Resealed, Store},
};

/// How many accounts are listed at once: what a batch of DynamoDB takes.
const BATCH: usize = 100;

/// How many hashes are read, and written, at once.
const AT_ONCE: usize = 10;

/// What a run is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealOrder {
    /// First of all a new key seals in the place of the one of now.
    pub new_key: bool,
    /// Where the run before this one stopped.
    pub from: Option<SealPass>,
    /// It stops at the next batch of accounts from then on.
    pub until: Timestamp,
}

/// How far one pass over all accounts came, in one run or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealPass {
    pub began: Timestamp,
    /// The accounts up to this id are done.
    pub after: Option<UserId>,
    /// Hashes that were not sealed under the key of now, and accounts that the pass could not meet.
    pub sealed: u64,
    /// Hashes that open under no key: their owners reset their passwords.
    pub ended: u64,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub pass: SealPass,
    /// Whether the pass is over. One that is not goes on from there.
    pub is_whole: bool,
    /// Keys that were taken away, as `passwords/{id}`.
    pub removed: Vec<String>,
    /// Those of them that could not be destroyed.
    pub kept: Vec<String>,
}

/// Seals the hash of every account under the key of now. A key of before is taken away by a pass
/// that found nothing to seal, once sign-ups that wait with a hash under it are over. Running it
/// again, late or twice at once does no harm: a hash is replaced while it is as it was read.
pub async fn seal_passwords(
    ports: &Ports<impl Store, impl Crypto>,
    order: &SealOrder,
) -> Result<Sealed, RotateError> {
    if order.new_key {
        follow(ports).await?;
    }
    let mut pass = order.from.clone().unwrap_or_else(|| SealPass {
        began: ports.clock.now(),
        after: None,
        sealed: 0,
        ended: 0,
    });
    loop {
        let ids = ports.store.directory(pass.after, BATCH).await?;
        let people = ports.store.users_with_memberships(&ids).await?;
        for some in people.chunks(AT_ONCE) {
            let each = some.iter().map(|person| seal_anew(ports, &person.user));
            for resealed in try_join_all(each).await? {
                pass.sealed += u64::from(matches!(resealed, None | Some(Resealed::Anew(_))));
                pass.ended += u64::from(resealed == Some(Resealed::Ended));
            }
        }
        pass.after = ids.last().copied().or(pass.after);
        if ids.len() < BATCH {
            break;
        }
        if ports.clock.now() >= order.until {
            return Ok(Sealed { pass, is_whole: false, removed: Vec::new(), kept: Vec::new() });
        }
    }
    let (removed, kept) =
        if pass.sealed == 0 { remove_over(ports, pass.began).await? } else { Default::default() };
    Ok(Sealed { pass, is_whole: true, removed, kept })
}

/// Seals the hash of an account, if it has one. `None`: it moves to another address in this moment,
/// and another pass will meet it.
async fn seal_anew(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
) -> Result<Option<Resealed>, RotateError> {
    let record = ports.store.login_record(&user.email).await?;
    let owner = record.owner.filter(|owner| owner.user.id == user.id);
    let Some(owner) = owner else {
        // Without names it has no hash either.
        return Ok((!user.holds_names()).then_some(Resealed::Current));
    };
    let Some(stored) = owner.stored_hash() else {
        return Ok(Some(Resealed::Current));
    };
    let resealed = ports.crypto.reseal_hash(stored).await?;
    if let Resealed::Anew(after) = &resealed {
        ports.store.renew_hash(&user.email, stored.hash, after).await?;
    }
    Ok(Some(resealed))
}

/// Lists a new key that seals from now on; two live at most.
async fn follow(ports: &Ports<impl Store, impl Crypto>) -> Result<(), RotateError> {
    let (kind, now) = (SecretKind::Passwords, ports.clock.now());
    let list = ports.store.public_keys().await?;
    if list.secrets.of(kind).count() > 1 {
        return Err(RotateRefusal::StillSeals.into());
    }
    let mut next = list.without(&[]);
    let made = secret_keys::follow(ports, &mut next.secrets, kind, now).await?;
    let published = Changes { secrets: vec![made], ..Changes::default() };
    replace(ports, &list, &next, [&published, &Changes::default()], None).await?;
    ports.crypto.forget_keys().await;
    Ok(())
}

/// Takes away keys under which nothing is sealed any more, and nothing was when the pass began.
async fn remove_over(
    ports: &Ports<impl Store, impl Crypto>,
    began: Timestamp,
) -> Result<(Vec<String>, Vec<String>), RotateError> {
    let kind = SecretKind::Passwords;
    let list = ports.store.public_keys().await?;
    let over = list.secrets.over(kind, sign_up_life(ports), began);
    let removed =
        Changes { secrets: over.into_iter().map(|id| (kind, id)).collect(), ..Changes::default() };
    if removed.secrets.is_empty() {
        return Ok(Default::default());
    }
    let mut next = list.without(&[]);
    secret_keys::remove(&mut next.secrets, &removed.secrets);
    replace(ports, &list, &next, [&Changes::default(), &removed], None).await?;
    ports.crypto.forget_keys().await;
    let kept = destroy(ports, &removed).await;
    Ok((removed.names(), kept))
}

/// How long a hash lies with a sign-up that waits.
fn sign_up_life(process: &Process) -> SignedDuration {
    let waits = SignUp::WAITS.max(process.settings.verification_lifetime);
    waits.checked_add(MARGIN).unwrap_or(SignedDuration::MAX)
}
