use super::{
    RotateError, RotateRefusal,
    rotate::{Changes, destroy, discard_lost},
    secret_keys,
};
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        clock::{SignedDuration, Timestamp, after},
        event::Event,
        secret_key::SecretKind,
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
    let [made, removed] = [made, removed].map(|secrets| Changes { secrets, ..Changes::default() });
    let ended = if passwords { after(now, HEARD) } else { now };
    let before = list.ended_before.map_or(ended, |at| at.max(ended));
    next.ended_before = Some(before);
    next.unsealed_hashes_ended |= passwords;
    let activity = Activity::new(ports, Event::EverythingEnded, &Client::default())
        .with("passwords", passwords)
        .with("removed", removed.names());
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
    let kept = destroy(ports, &removed).await;
    Ok(Ended { before, removed: removed.names(), kept })
}
