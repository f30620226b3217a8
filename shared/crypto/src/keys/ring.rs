use std::{collections::HashMap, sync::Arc};

use aws_lc_rs::{hmac, rand};
use rolecall_domain::{
    ports::{KeyError, SigningKeys},
    signing::{Algorithm, PublicKey},
};
use tokio::sync::{OnceCell, RwLock};

use super::{key_error, signer::Signer, source::KeySource};

const SERVER: &str = "server";

/// The keys of one process: read at first use, kept, and asked for again after a failure.
pub struct KeyRing {
    source: Arc<dyn KeySource>,
    server: OnceCell<hmac::Key>,
    signers: RwLock<HashMap<String, Arc<Signer>>>,
}

impl KeyRing {
    /// A ring that takes its keys from `source` when they are first needed.
    #[must_use]
    pub fn new(source: Arc<dyn KeySource>) -> Self {
        Self { source, server: OnceCell::new(), signers: RwLock::default() }
    }

    pub(crate) async fn server(&self) -> Result<&hmac::Key, KeyError> {
        let read = || async {
            let secret = self
                .source
                .read(SERVER)
                .await?
                .ok_or_else(|| key_error("there is no server key"))?;
            let secret: [u8; 32] = secret
                .try_into()
                .map_err(|_| key_error("the server key does not have 256 bits"))?;
            Ok(hmac::Key::new(hmac::HMAC_SHA256, &secret))
        };
        self.server.get_or_try_init(read).await
    }

    /// The private key of an id. What is kept under an id has to be the key of that id.
    pub(crate) async fn signer(&self, kid: &str) -> Result<Arc<Signer>, KeyError> {
        if let Some(signer) = self.signers.read().await.get(kid) {
            return Ok(Arc::clone(signer));
        }
        let pkcs8 = self
            .source
            .read(&name(kid))
            .await?
            .ok_or_else(|| key_error("the signing key is not there"))?;
        let signer = Arc::new(Signer::of(&pkcs8)?);
        if signer.public_key().kid != kid {
            return Err(key_error("a signing key is not the one of its id"));
        }
        self.signers.write().await.insert(kid.to_owned(), Arc::clone(&signer));
        Ok(signer)
    }
}

fn name(kid: &str) -> String {
    format!("signing/{kid}")
}

impl SigningKeys for KeyRing {
    async fn prepare_server_key(&self) -> Result<(), KeyError> {
        if self.source.read(SERVER).await?.is_none() {
            let mut secret = [0; 32];
            rand::fill(&mut secret).map_err(|_| key_error("no key could be made"))?;
            self.source.keep(SERVER, &secret).await?;
        }
        Ok(())
    }

    async fn make_key(&self, algorithm: Algorithm) -> Result<PublicKey, KeyError> {
        let pkcs8 = self.source.generate(algorithm)?;
        let public = Signer::of(&pkcs8)?.public_key();
        self.source.keep(&name(&public.kid), &pkcs8).await?;
        Ok(public)
    }

    async fn has_key(&self, kid: &str) -> Result<bool, KeyError> {
        Ok(self.source.read(&name(kid)).await?.is_some())
    }

    async fn discard_key(&self, kid: &str) -> Result<(), KeyError> {
        self.signers.write().await.remove(kid);
        self.source.destroy(&name(kid)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::MemoryKeys;

    #[tokio::test]
    async fn a_key_that_is_missing_or_another_one_is_an_error_and_never_made_up() {
        let source = Arc::new(MemoryKeys::default());
        let ring = KeyRing::new(Arc::clone(&source) as _);
        assert!(ring.server().await.is_err());
        ring.prepare_server_key().await.unwrap();
        assert!(ring.server().await.is_ok(), "asked for again after a failure");
        assert!(ring.signer("unknown").await.is_err());
        let one = ring.make_key(Algorithm::EdDsa).await.unwrap();
        let pkcs8 = source.read(&name(&one.kid)).await.unwrap().unwrap();
        source.keep(&name("other"), &pkcs8).await.unwrap();
        assert!(ring.signer("other").await.is_err());
        assert!(ring.signer(&one.kid).await.is_ok() && ring.has_key(&one.kid).await.unwrap());
        ring.discard_key(&one.kid).await.unwrap();
        assert!(ring.signer(&one.kid).await.is_err());
    }
}
