use std::{
    collections::HashMap,
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use rolecall_domain::{ports::KeyError, signing::Algorithm};

use super::signer::Signer;

/// A place where secrets are kept by name: `signing/{kid}`, `server/{id}`, `passwords/{id}`,
/// `passwords/firebase-{id}`, and `server` in stacks from before keys had ids.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The secret of a name; `None` when there is none. It MUST NOT make one up when it cannot
    /// read.
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyError>;
    /// Keeps a secret, and never over one that is there: then the old one stays and that is no
    /// error.
    async fn keep(&self, name: &str, secret: &[u8]) -> Result<(), KeyError>;
    /// Destroys a secret; one that is not there is no error.
    async fn destroy(&self, name: &str) -> Result<(), KeyError>;
    /// The PKCS #8 of a new signing key, not kept yet.
    fn generate(&self, algorithm: Algorithm) -> Result<Vec<u8>, KeyError> {
        Signer::generate(algorithm)
    }
}

/// No place at all: every key is missing, and none can be kept.
pub struct NoKeys;

#[async_trait]
impl KeySource for NoKeys {
    async fn read(&self, _: &str) -> Result<Option<Vec<u8>>, KeyError> {
        Ok(None)
    }

    async fn keep(&self, _: &str, _: &[u8]) -> Result<(), KeyError> {
        Err(KeyError("set ROLECALL_KEYS_SSM or ROLECALL_KEYS_DIR".to_owned()))
    }

    async fn destroy(&self, _: &str) -> Result<(), KeyError> {
        Ok(())
    }
}

/// Secrets that live as long as the process.
#[derive(Default)]
pub struct MemoryKeys(Mutex<HashMap<String, Vec<u8>>>);

impl MemoryKeys {
    fn with<T>(&self, change: impl FnOnce(&mut HashMap<String, Vec<u8>>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl KeySource for MemoryKeys {
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyError> {
        Ok(self.with(|keys| keys.get(name).cloned()))
    }

    async fn keep(&self, name: &str, secret: &[u8]) -> Result<(), KeyError> {
        self.with(|keys| {
            keys.entry(name.to_owned()).or_insert_with(|| secret.to_vec());
        });
        Ok(())
    }

    async fn destroy(&self, name: &str) -> Result<(), KeyError> {
        self.with(|keys| drop(keys.remove(name)));
        Ok(())
    }
}

/// Secrets in a folder, a file each: `signing/{kid}.key`, `server/{id}.key` and so on, base64,
/// readable by their owner alone.
pub struct DirectoryKeys(PathBuf);

impl DirectoryKeys {
    /// The secrets of that folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.key"))
    }

    /// Writes beside and links into place: a kill in between leaves a whole file or none.
    fn write_new(path: &Path, secret: &[u8]) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let draft = path.with_extension(format!("draft-{}", std::process::id()));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(STANDARD.encode(secret).as_bytes())?;
        file.sync_all()?;
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        linked
    }
}

/// What went wrong with a file; one that is not there went right.
fn unless(kind: ErrorKind, done: std::io::Result<()>, path: &Path) -> Result<(), KeyError> {
    match done {
        Err(error) if error.kind() != kind => Err(KeyError(format!("{}: {error}", path.display()))),
        _ => Ok(()),
    }
}

#[async_trait]
impl KeySource for DirectoryKeys {
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyError> {
        let path = self.path(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(KeyError(format!("{}: {error}", path.display()))),
        };
        let secret = STANDARD
            .decode(text.trim())
            .map_err(|_| KeyError(format!("{} is not base64", path.display())))?;
        Ok(Some(secret))
    }

    async fn keep(&self, name: &str, secret: &[u8]) -> Result<(), KeyError> {
        let path = self.path(name);
        unless(ErrorKind::AlreadyExists, Self::write_new(&path, secret), &path)
    }

    async fn destroy(&self, name: &str) -> Result<(), KeyError> {
        let path = self.path(name);
        unless(ErrorKind::NotFound, fs::remove_file(&path), &path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_keeps_its_secrets_and_writes_over_none() {
        let folder = tempfile::tempdir().unwrap();
        let keys = DirectoryKeys::new(folder.path());
        assert_eq!(keys.read("signing/a").await.unwrap(), None);
        keys.keep("signing/a", b"first").await.unwrap();
        keys.keep("signing/a", b"second").await.unwrap();
        assert_eq!(keys.read("signing/a").await.unwrap().as_deref(), Some(b"first".as_slice()));
        keys.destroy("signing/a").await.unwrap();
        keys.destroy("signing/a").await.unwrap();
        assert_eq!(keys.read("signing/a").await.unwrap(), None);
        fs::write(folder.path().join("server.key"), "%").unwrap();
        assert!(keys.read("server").await.is_err(), "what cannot be read is no missing key");
    }
}
