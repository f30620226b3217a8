use super::{
    RotateError, RotateRefusal,
    secret_keys::{self, Named},
};
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        clock::{SignedDuration, Timestamp, after},
        event::Event,
        secret_key::SecretKind,
        signing::KeyList,
    },
    ports::{Crypto, Ports, Refused, Store, StoreError},
};

/// A process goes by the list of keys for ten seconds: until then one may still take a password
/// that is over, and what that lets in is over as well.
const HEARD: SignedDuration = SignedDuration::from_secs(10);

/// What was ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What was made by then is over.
    pub before: Timestamp,
    /// Secret keys that were taken away, as `server/{id}` and `passwords/{id}`.
    pub removed: Vec<String>,
    /// Those of them that could not be destroyed: nothing takes what they made, all the same.
    pub kept: Vec<String>,
}

/// Ends every session, refresh token, device, mailed link and sealed value of the stack, and with
/// `passwords` every password, in one write: sessions by an instant that the gate reads, what is
/// derived or sealed by another key in the place of its own, mailed links by an instant of the
/// list of keys. The gate refuses at once, whatever goes by the list within ten seconds. Each run
/// ends what was made since the last; none takes back what another ended.
pub async fn sign_out_everyone(
    ports: &Ports<impl Store, impl Crypto>,
    passwords: bool,
) -> Result<Ended, RotateError> {
    let now = ports.clock.now();
    let list = ports.store.public_keys().await?;
    let kinds: &[SecretKind] = if passwords { &SecretKind::ALL } else { &[SecretKind::Server] };
    let mut next = list.without(&[]);
    let (made, removed) = secret_keys::replace_all(ports, &mut next.secrets, kinds, now).await?;
    let ended = if passwords { after(now, HEARD) } else { now };
    let before = list.ended_before.map_or(ended, |at| at.max(ended));
    next.ended_before = Some(before);
    next.unsealed_hashes_ended |= passwords;
    let activity = Activity::new(ports, Event::EverythingEnded, &Client::default())
        .with("passwords", passwords)
        .with("removed", names(&removed));
    let pending_events = PendingEvents::new(activity);
    let (store, write) = (&ports.store, ports.id());
    match store.end_everything(list.version, &next, before, &pending_events, write).await {
        Err(StoreError::Refused(Refused::Stale)) => {
            discard_lost(ports, &made).await?;
            return Err(RotateRefusal::Raced.into());
        }
        written => written?,
    }
    ports.crypto.forget_keys().await;
    let mut kept = Vec::new();
    for (kind, id) in &removed {
        if ports.crypto.discard_secret(*kind, *id).await.is_err() {
            kept.push((*kind, *id));
        }
    }
    Ok(Ended { before, removed: names(&removed), kept: names(&kept) })
}

/// Destroys what was made for a list that another run was faster to write.
async fn discard_lost(
    ports: &Ports<impl Store, impl Crypto>,
    made: &[Named],
) -> Result<(), RotateError> {
    let current: KeyList = ports.store.public_keys().await?;
    for (kind, id) in made {
        if !current.secrets.has(*kind, *id) {
            ports.crypto.discard_secret(*kind, *id).await?;
        }
    }
    Ok(())
}

fn names(named: &[Named]) -> Vec<String> {
    named.iter().map(|(kind, id)| format!("{}/{id}", kind.as_str())).collect()
}
