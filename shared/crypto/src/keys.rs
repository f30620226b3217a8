//! Where keys come from, and the one place that holds them in memory.

use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    hmac, rand,
    rsa::{KeyPair, KeySize},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{
    Algorithm, EncodingKey,
    jwk::{AlgorithmParameters, Jwk, ThumbprintHash},
};
use rolecall_domain::ports::{KeyError, PublicKey};
use tokio::sync::OnceCell;

/// What a source keeps: the signing key's PKCS #8 and the server key.
#[derive(Clone)]
pub struct KeyMaterial {
    signing: Vec<u8>,
    server: [u8; 32],
}

/// A place where keys are kept.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The keys. It MUST NOT make up keys when it cannot read them.
    async fn load(&self) -> Result<KeyMaterial, KeyError>;
}

/// The keys of one process: loaded at first use, kept, and asked for again after a failure.
pub struct KeyRing {
    source: Arc<dyn KeySource>,
    keys: OnceCell<Keys>,
}

pub(crate) struct Keys {
    pub(crate) signing: KeyPair,
    pub(crate) public: PublicKey,
    pub(crate) server: hmac::Key,
}

impl KeyRing {
    /// A ring that takes its keys from `source` when they are first needed.
    #[must_use]
    pub fn new(source: Arc<dyn KeySource>) -> Self {
        Self { source, keys: OnceCell::new() }
    }

    /// The public half of the signing key, for the directory.
    pub async fn public_key(&self) -> Result<PublicKey, KeyError> {
        Ok(self.keys().await?.public.clone())
    }

    pub(crate) async fn keys(&self) -> Result<&Keys, KeyError> {
        self.keys.get_or_try_init(|| async { Keys::of(&self.source.load().await?) }).await
    }
}

impl Keys {
    fn of(material: &KeyMaterial) -> Result<Self, KeyError> {
        let signing =
            KeyPair::from_pkcs8(&material.signing).map_err(|_| key_error("the signing key is not an RSA key in PKCS #8"))?;
        if signing.public_modulus_len() < 256 {
            return Err(key_error("the signing key has fewer than 2048 bits"));
        }
        let public = public_key(&material.signing)?;
        Ok(Self { signing, public, server: hmac::Key::new(hmac::HMAC_SHA256, &material.server) })
    }
}

/// jsonwebtoken takes PKCS #8 as PEM alone.
fn pem(pkcs8: &[u8]) -> String {
    let encoded = STANDARD.encode(pkcs8);
    let lines: Vec<&str> = (0..encoded.len()).step_by(64).filter_map(|at| encoded.get(at..encoded.len().min(at + 64))).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

fn public_key(pkcs8: &[u8]) -> Result<PublicKey, KeyError> {
    let unreadable = |_| key_error("the public half of the signing key cannot be read");
    let signing = EncodingKey::from_rsa_pem(pem(pkcs8).as_bytes()).map_err(unreadable)?;
    let jwk = Jwk::from_encoding_key(&signing, Algorithm::RS256).map_err(unreadable)?;
    let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(unreadable)?;
    match jwk.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            Ok(PublicKey { kid, kty: "RSA".to_owned(), alg: "RS256".to_owned(), usage: "sig".to_owned(), n: rsa.n, e: rsa.e })
        }
        _ => Err(key_error("the signing key is not an RSA key")),
    }
}

fn key_error(what: &str) -> KeyError {
    KeyError(what.to_owned())
}

impl KeyMaterial {
    /// New keys: RSA with 2048 bits, a server key of 256.
    pub fn generate() -> Result<Self, KeyError> {
        let failed = |_| key_error("no key could be made");
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
        let signing: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
        let mut server = [0; 32];
        rand::fill(&mut server).map_err(failed)?;
        Ok(Self { signing: signing.as_ref().to_vec(), server })
    }
}

/// Keys that live as long as the process.
pub struct MemoryKeys(pub KeyMaterial);

#[async_trait]
impl KeySource for MemoryKeys {
    async fn load(&self) -> Result<KeyMaterial, KeyError> {
        Ok(self.0.clone())
    }
}

/// Keys in a folder: `signing.key` and `server.key`, base64, readable by their owner alone.
pub struct DirectoryKeys(PathBuf);

impl DirectoryKeys {
    /// The keys of that folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Makes the keys that are not there; never touches those that are.
    pub fn create_missing(&self) -> Result<(), KeyError> {
        let new = KeyMaterial::generate()?;
        fs::create_dir_all(&self.0).map_err(|error| self.error("", &error))?;
        self.write_new("signing.key", &new.signing)?;
        self.write_new("server.key", &new.server)
    }

    /// Writes beside and links into place: a kill in between leaves a whole file or none.
    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<(), KeyError> {
        let (path, draft) = (self.0.join(name), self.0.join(format!(".{name}.{}", std::process::id())));
        let write = || {
            let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
            file.write_all(STANDARD.encode(bytes).as_bytes())?;
            file.sync_all()?;
            let linked = fs::hard_link(&draft, &path);
            fs::remove_file(&draft)?;
            linked
        };
        match write() {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(self.error(name, &error)),
            _ => Ok(()),
        }
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, KeyError> {
        let text = fs::read_to_string(self.0.join(name)).map_err(|error| self.error(name, &error))?;
        STANDARD.decode(text.trim()).map_err(|_| KeyError(format!("{} is not base64", self.0.join(name).display())))
    }

    fn error(&self, name: &str, error: &std::io::Error) -> KeyError {
        KeyError(format!("{}: {error}", self.0.join(name).display()))
    }
}

#[async_trait]
impl KeySource for DirectoryKeys {
    async fn load(&self) -> Result<KeyMaterial, KeyError> {
        let server = self.read("server.key")?;
        let server = server.try_into().map_err(|_| key_error("the server key does not have 256 bits"))?;
        Ok(KeyMaterial { signing: self.read("signing.key")?, server })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_keeps_its_keys_and_a_missing_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let keys = DirectoryKeys::new(folder.path());
        assert!(keys.load().await.is_err());
        keys.create_missing().unwrap();
        let first = keys.load().await.unwrap();
        keys.create_missing().unwrap();
        let second = keys.load().await.unwrap();
        assert_eq!((first.signing, first.server), (second.signing, second.server));
        fs::write(folder.path().join("server.key"), "AAAA").unwrap();
        assert!(KeyRing::new(Arc::new(keys)).public_key().await.is_err());
    }
}
