use std::{collections::HashMap, sync::Arc};

use jsonwebtoken::DecodingKey;
use rolecall_domain::{
    clock::{Clock, SignedDuration, Timestamp},
    ports::{KeyDirectory, KeyError},
    signing::{Algorithm, KeyList, PublicKey},
};
use tokio::sync::RwLock;

/// Nothing is signed, and nobody let in, on a list that was read longer ago than this.
const RENEW: SignedDuration = SignedDuration::from_secs(10);
/// An unknown key makes it read again, at most this often: strangers choose the id.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(1);

/// The list of keys as a process knows it.
pub(crate) struct KnownKeys<D>(Arc<Shared<D>>);

impl<D> Clone for KnownKeys<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

struct Shared<D> {
    directory: D,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
}

#[derive(Default, Clone)]
pub(crate) struct Known {
    pub(crate) list: Arc<KeyList>,
    pub(crate) published: Arc<HashMap<String, Published>>,
    read_at: Option<Timestamp>,
}

/// A public key at work. The directory says how it is used, never a token (RFC 8725 §3.1).
pub(crate) struct Published {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: DecodingKey,
}

impl<D: KeyDirectory> KnownKeys<D> {
    pub(crate) fn new(directory: D, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { directory, clock, known: RwLock::default() }))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// What is known, however old.
    pub(crate) async fn any(&self) -> Known {
        self.0.known.read().await.clone()
    }

    /// What is known, however old, or else what is read now.
    pub(crate) async fn some(&self) -> Result<Known, KeyError> {
        let known = self.any().await;
        if known.read_at.is_some() { Ok(known) } else { self.read().await }
    }

    /// What was read within `age`, or else what is read now.
    pub(crate) async fn within(&self, age: SignedDuration) -> Result<Known, KeyError> {
        let known = self.any().await;
        let is_fresh = known.read_at.is_some_and(|at| self.now().duration_since(at) < age);
        if is_fresh { Ok(known) } else { self.read().await }
    }

    /// What was read within ten seconds, or else what is read now.
    pub(crate) async fn renewed(&self) -> Result<Known, KeyError> {
        self.within(RENEW).await
    }

    /// What is known, however old, if it has what is looked for; or else what is read now.
    pub(crate) async fn with(&self, has: impl Fn(&Known) -> bool) -> Result<Known, KeyError> {
        let known = self.any().await;
        let is_known = known.read_at.is_some() && has(&known);
        if is_known { Ok(known) } else { self.within(LOOK_AGAIN).await }
    }

    /// Takes everything for old, so that the next use asks the directory.
    pub(crate) async fn forget(&self) {
        self.0.known.write().await.read_at = None;
    }

    /// Reads the list now.
    pub(crate) async fn read(&self) -> Result<Known, KeyError> {
        let list = self
            .0
            .directory
            .public_keys()
            .await
            .map_err(|error| KeyError(format!("public keys: {error}")))?;
        let mut keys = HashMap::new();
        for one in &list.keys {
            keys.insert(one.key.kid.clone(), published(&one.key)?);
        }
        let (list, published) = (Arc::new(list), Arc::new(keys));
        let read = Known { list, published, read_at: Some(self.now()) };
        let mut known = self.0.known.write().await;
        // Of two reads at once the older list may arrive later.
        if read.list.version >= known.list.version {
            known.clone_from(&read);
        }
        Ok(known.clone())
    }
}

fn published(key: &PublicKey) -> Result<Published, KeyError> {
    let unreadable = || KeyError(format!("public key {} cannot be read", key.kid));
    let algorithm = Algorithm::from_name(&key.alg).ok_or_else(unreadable)?;
    let decoding = match (algorithm, &key.n, &key.e, &key.x) {
        (Algorithm::Rs256, Some(n), Some(e), _) => DecodingKey::from_rsa_components(n, e),
        (Algorithm::EdDsa, _, _, Some(x)) => DecodingKey::from_ed_components(x),
        _ => return Err(unreadable()),
    };
    Ok(Published { algorithm, key: decoding.map_err(|_| unreadable())? })
}
