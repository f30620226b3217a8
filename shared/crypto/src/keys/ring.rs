use std::{collections::HashMap, sync::Arc};

use aws_lc_rs::rand;
use rolecall_domain::{
    ports::{KeyError, SigningKeys},
    signing::{Algorithm, KeyId, PublicKey, SecretKind},
};
use tokio::sync::RwLock;

use super::{key_error, secret::Secret, signer::Signer, source::KeySource};
use crate::foreign::Project;

/// The keys of one process: read at first use, kept, and asked for again after a failure.
pub struct KeyRing {
    source: Arc<dyn KeySource>,
    secrets: RwLock<HashMap<(SecretKind, KeyId), Arc<Secret>>>,
    signers: RwLock<HashMap<String, Arc<Signer>>>,
    projects: RwLock<HashMap<KeyId, Project>>,
}

impl KeyRing {
    /// A ring that takes its keys from `source` when they are first needed.
    #[must_use]
    pub fn new(source: Arc<dyn KeySource>) -> Self {
        Self {
            source,
            secrets: RwLock::default(),
            signers: RwLock::default(),
            projects: RwLock::default(),
        }
    }

    /// A secret key. What is kept under an id has to be the key of that id.
    pub(crate) async fn secret(
        &self,
        kind: SecretKind,
        id: KeyId,
    ) -> Result<Arc<Secret>, KeyError> {
        if let Some(secret) = self.secrets.read().await.get(&(kind, id)) {
            return Ok(Arc::clone(secret));
        }
        let kept = self
            .source
            .read(&secret_name(kind, id))
            .await?
            .ok_or_else(|| key_error("a secret key is not there"))?;
        let secret = Arc::new(Secret::of(id, &kept)?);
        self.secrets.write().await.insert((kind, id), Arc::clone(&secret));
        Ok(secret)
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

/// The parameters of Firebase projects, which hashes that were imported name.
impl KeyRing {
    /// Keeps those of a project; once they are there, nothing changes.
    pub(crate) async fn keep_project(&self, project: &Project) -> Result<(), KeyError> {
        let id = project.id();
        if self.projects.read().await.get(&id) == Some(project) {
            return Ok(());
        }
        self.source.keep(&project_name(id), project.as_secret()).await?;
        if self.project(id).await? == *project {
            return Ok(());
        }
        Err(key_error("another Firebase project has this one's id"))
    }

    /// Those of an id. What is kept under an id has to be the project of that id.
    pub(crate) async fn project(&self, id: KeyId) -> Result<Project, KeyError> {
        if let Some(project) = self.projects.read().await.get(&id) {
            return Ok(project.clone());
        }
        let missing = || key_error("a Firebase project is not there");
        let kept = self.source.read(&project_name(id)).await?.ok_or_else(missing)?;
        let project = Project::from_secret(&kept).filter(|project| project.id() == id);
        let project =
            project.ok_or_else(|| key_error("a Firebase project is not the one of its id"))?;
        self.projects.write().await.insert(id, project.clone());
        Ok(project)
    }
}

fn project_name(id: KeyId) -> String {
    format!("{}/firebase-{id}", SecretKind::Passwords.as_str())
}

fn name(kid: &str) -> String {
    format!("signing/{kid}")
}

fn secret_name(kind: SecretKind, id: KeyId) -> String {
    match id {
        KeyId::BEFORE_IDS => kind.as_str().to_owned(),
        id => format!("{}/{id}", kind.as_str()),
    }
}

impl SigningKeys for KeyRing {
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

    async fn make_secret(&self, kind: SecretKind) -> Result<KeyId, KeyError> {
        let mut secret = [0; 32];
        rand::fill(&mut secret).map_err(|_| key_error("no key could be made"))?;
        let id = KeyId::of(&secret);
        self.source.keep(&secret_name(kind, id), &secret).await?;
        Ok(id)
    }

    async fn has_secret(&self, kind: SecretKind, id: KeyId) -> Result<bool, KeyError> {
        Ok(self.source.read(&secret_name(kind, id)).await?.is_some())
    }

    async fn discard_secret(&self, kind: SecretKind, id: KeyId) -> Result<(), KeyError> {
        self.secrets.write().await.remove(&(kind, id));
        self.source.destroy(&secret_name(kind, id)).await
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
        assert!(ring.secret(SecretKind::Server, KeyId::BEFORE_IDS).await.is_err());
        let server = ring.make_secret(SecretKind::Server).await.unwrap();
        assert!(ring.secret(SecretKind::Server, server).await.is_ok());
        assert!(ring.secret(SecretKind::Passwords, server).await.is_err());
        let other = KeyId::from_bytes([1, 2, 3, 4]);
        source.keep("server/01020304", &[7; 32]).await.unwrap();
        assert!(ring.secret(SecretKind::Server, other).await.is_err());
        ring.discard_secret(SecretKind::Server, server).await.unwrap();
        assert!(ring.secret(SecretKind::Server, server).await.is_err());
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
