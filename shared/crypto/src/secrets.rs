use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_domain::{
    clock::Timestamp,
    ids::UserId,
    ports::{Derivation, KeyDirectory, KeyError, Sealing, Secrets, StoredHash, Tag},
    signing::{KeyId, SecretKind},
};

use crate::keys::{KeyRing, Known, KnownKeys, Secret};

/// What a sealed hash begins with; no other form of a hash does.
const SEALED: &str = "sealed:";
/// What the hash of a password is sealed as.
const HASHES: &[u8] = b"rolecall/password-hash/1\0";

/// Tags and seals with the ring's secret keys, by the directory's list of them.
#[derive(Clone)]
pub(crate) struct SecretTools<D> {
    ring: Arc<KeyRing>,
    known: KnownKeys<D>,
}

impl<D: KeyDirectory> SecretTools<D> {
    pub(crate) fn new(ring: Arc<KeyRing>, known: KnownKeys<D>) -> Self {
        Self { ring, known }
    }

    /// The key of an id, if it lives.
    async fn living(&self, kind: SecretKind, id: KeyId) -> Result<Option<Arc<Secret>>, KeyError> {
        if self.lives(kind, id).await? {
            self.ring.secret(kind, id).await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whether a key lives by the list of ten seconds ago, or else by the list as it is now.
    async fn lives(&self, kind: SecretKind, id: KeyId) -> Result<bool, KeyError> {
        self.known.renewed().await?;
        let known = self.known.with(|known| is_living(known, kind, id)).await?;
        Ok(is_living(&known, kind, id))
    }
}

/// The id of a server key, and the tag under it.
fn tag(id: KeyId, secret: &Secret, purpose: Derivation, parts: &[&[u8]]) -> Result<Tag, KeyError> {
    let mac = secret.tag(purpose, parts)?;
    [id.as_bytes().as_slice(), &mac]
        .concat()
        .try_into()
        .map_err(|_| KeyError("a tag has another length".to_owned()))
}

/// A stack from before keys had ids has one server key, which is on no list.
fn is_living(known: &Known, kind: SecretKind, id: KeyId) -> bool {
    let secrets = &known.list.secrets;
    let is_from_before =
        kind == SecretKind::Server && id == KeyId::BEFORE_IDS && secrets.of(kind).next().is_none();
    is_from_before || secrets.has(kind, id)
}

impl<D: KeyDirectory> Secrets for SecretTools<D> {
    async fn tag(
        &self,
        purpose: Derivation,
        at: Timestamp,
        parts: &[&[u8]],
    ) -> Result<Tag, KeyError> {
        let secrets = &self.known.renewed().await?.list.secrets;
        let maker = |at| secrets.maker(SecretKind::Server, at);
        let id = maker(at).or_else(|| maker(self.known.now())).unwrap_or(KeyId::BEFORE_IDS);
        tag(id, &*self.ring.secret(SecretKind::Server, id).await?, purpose, parts)
    }

    async fn tag_by(
        &self,
        purpose: Derivation,
        key: KeyId,
        parts: &[&[u8]],
    ) -> Result<Option<Tag>, KeyError> {
        let secret = self.living(SecretKind::Server, key).await?;
        secret.map(|secret| tag(key, &secret, purpose, parts)).transpose()
    }

    async fn check_tag(
        &self,
        purpose: Derivation,
        parts: &[&[u8]],
        tag: &[u8],
    ) -> Result<bool, KeyError> {
        let (id, mac) = match (tag.len(), tag.split_first_chunk::<4>()) {
            (36, Some((id, mac))) => (KeyId::from_bytes(*id), mac),
            (32, _) => (KeyId::BEFORE_IDS, tag),
            _ => return Ok(false),
        };
        let Some(secret) = self.living(SecretKind::Server, id).await? else {
            return Ok(false);
        };
        Ok(verify_slices_are_equal(&secret.tag(purpose, parts)?, mac).is_ok())
    }

    async fn seal(
        &self,
        purpose: Sealing,
        bound_to: &[u8],
        content: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let secrets = &self.known.renewed().await?.list.secrets;
        let maker = secrets.maker(SecretKind::Server, self.known.now());
        let secret = self.ring.secret(SecretKind::Server, maker.unwrap_or(KeyId::BEFORE_IDS));
        secret.await?.seal(sealing(purpose), bound_to, content)
    }

    async fn open(
        &self,
        purpose: Sealing,
        bound_to: &[u8],
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, KeyError> {
        let Some((id, sealed)) = sealed.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let secret = self.living(SecretKind::Server, KeyId::from_bytes(*id)).await?;
        Ok(secret.and_then(|secret| secret.open(sealing(purpose), bound_to, sealed)))
    }

    async fn ended_before(&self) -> Result<Option<Timestamp>, KeyError> {
        Ok(self.known.renewed().await?.list.ended_before)
    }
}

fn sealing(purpose: Sealing) -> &'static [u8] {
    match purpose {
        Sealing::VerificationLink => b"rolecall/verification-link/1\0",
        Sealing::Verifier => b"rolecall/verifier/1\0",
        Sealing::StoredResponse => b"rolecall/stored-response/1\0",
        Sealing::Cursor => b"rolecall/cursor/1\0",
    }
}

/// Hashes of passwords, sealed for their owners under the key for passwords.
impl<D: KeyDirectory> SecretTools<D> {
    /// The hash as it is stored from now on. A stack whose list is from before there were secret
    /// keys has none yet: its hashes are sealed at the next sign-in.
    pub(crate) async fn seal_hash(&self, owner: UserId, hash: &str) -> Result<String, KeyError> {
        let secrets = &self.known.renewed().await?.list.secrets;
        let Some(id) = secrets.maker(SecretKind::Passwords, self.known.now()) else {
            if secrets.0.is_empty() {
                return Ok(hash.to_owned());
            }
            return Err(KeyError("there is no key for passwords".to_owned()));
        };
        let secret = self.ring.secret(SecretKind::Passwords, id).await?;
        let sealed = secret.seal(HASHES, owner.as_bytes(), hash.as_bytes())?;
        Ok(format!("{SEALED}{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Whether a hash may prove anybody: one that is not sealed does no more once passwords were
    /// ended.
    pub(crate) async fn counts(&self, stored: StoredHash<'_>) -> Result<bool, KeyError> {
        let is_sealed = stored.hash.starts_with(SEALED);
        Ok(is_sealed || !self.known.renewed().await?.list.unsealed_hashes_ended)
    }

    /// The hash in what is stored, and whether it is sealed under the key of now. `None`: it does
    /// not open.
    pub(crate) async fn open_hash(
        &self,
        StoredHash { owner, hash }: StoredHash<'_>,
    ) -> Result<Option<(String, bool)>, KeyError> {
        let secrets = &self.known.renewed().await?.list.secrets;
        let Some(sealed) = hash.strip_prefix(SEALED) else {
            return Ok(Some((hash.to_owned(), secrets.0.is_empty())));
        };
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(sealed) else {
            return Ok(None);
        };
        let Some((id, sealed)) = bytes.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let id = KeyId::from_bytes(*id);
        let secret = self.living(SecretKind::Passwords, id).await?;
        let opened = secret.and_then(|secret| secret.open(HASHES, owner.as_bytes(), sealed));
        let is_current = secrets.maker(SecretKind::Passwords, self.known.now()) == Some(id);
        Ok(opened.and_then(|hash| Some((String::from_utf8(hash).ok()?, is_current))))
    }
}
