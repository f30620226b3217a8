use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    builder::Builder,
    cache::DecisionCache,
    check::Check,
    error::{Error, TokenError},
    jwks::{Found, Keys, Known},
    token::{self, Caller, Expected},
};

/// Which version of the server's OpenAPI document this client was written for: its `info.version`.
/// It works with every server of the same major version; below 1.0.0, of the same minor one.
pub const DOCUMENT_VERSION: &str = "0.1.0";

/// A Rolecall server, as a service sees it. Clones share connections, keys and cached decisions.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: String,
    pub(crate) timeout: Duration,
    pub(crate) issuer: Option<String>,
    pub(crate) audience: String,
    pub(crate) token_type: String,
    pub(crate) leeway: Duration,
    pub(crate) keys: Keys,
    pub(crate) decisions: Option<DecisionCache>,
}

impl Client {
    /// A client of the server at a URL, with the default settings of [`Builder`]. Error:
    /// [`Error::Configuration`].
    pub fn new(base_url: impl Into<String>) -> Result<Self, Error> {
        Self::builder(base_url).build()
    }

    /// The same with other settings.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder::new(base_url.into())
    }

    /// Whose access token this is, by its signature, type, issuer, audience and times. Offline: the
    /// server is asked for its public keys alone, every ten minutes or for an unknown `kid`. Where
    /// it is away, known ones are used for a day.
    ///
    /// A token whose session was ended is accepted until it expires, an hour at most;
    /// [`Client::check`] sees that at once.
    ///
    /// Errors: [`Error::Token`]; [`Error::Unavailable`] where the keys cannot be had.
    pub async fn verify(&self, token: &str) -> Result<Caller, Error> {
        let inner = &*self.inner;
        let kid = token::kid(token)?;
        let found = match inner.keys.known(&kid, Instant::now()) {
            Known::Fresh(found) => Some(found),
            Known::Old(found) => {
                self.read_keys_in_the_background(kid);
                Some(found)
            }
            Known::VeryOld(found) => self.read_keys(kid).await.unwrap_or(Some(found)),
            Known::Nothing => self.read_keys(kid).await?,
        };
        let (discovered, key) = found.ok_or(TokenError::UnknownKey)?;
        let expected = Expected {
            issuer: inner.issuer.as_deref().unwrap_or(&discovered),
            audience: &inner.audience,
            token_type: &inner.token_type,
            leeway: inner.leeway,
        };
        Ok(token::verify(token, &key, &expected)?)
    }

    /// Asks the server what the owner of a token or API key may do.
    pub fn check<'a>(&'a self, token: &'a str) -> Check<'a> {
        Check::new(self, token)
    }

    /// Goes on where the caller gives up, so that the next one finds the keys.
    async fn read_keys(&self, kid: String) -> Result<Option<Found>, Error> {
        let client = self.clone();
        let read = tokio::spawn(async move {
            client.inner.keys.read(&kid, Instant::now, || client.discover()).await
        });
        read.await.unwrap_or_else(|error| Err(Error::Unavailable(error.to_string())))
    }

    fn read_keys_in_the_background(&self, kid: String) {
        if !self.inner.keys.may_be_read(Instant::now()) {
            return;
        }
        let client = self.clone();
        tokio::spawn(async move {
            if let Err(error) = client.read_keys(kid).await {
                tracing::warn!(error = %error, "the public keys are old, and cannot be read");
            }
        });
    }

    /// Whether the server's document is one that this client knows; for the start of a service.
    /// Error: [`Error::Configuration`] where it is not.
    pub async fn check_document_version(&self) -> Result<(), Error> {
        #[derive(serde::Deserialize)]
        struct Document {
            info: Info,
        }
        #[derive(serde::Deserialize)]
        struct Info {
            version: String,
        }
        let document: Document = self.get("/openapi.json").await?;
        let version = document.info.version;
        if is_compatible(&version) {
            return Ok(());
        }
        let text = format!("the server's document has version {version}, not {DOCUMENT_VERSION}");
        Err(Error::Configuration(text))
    }

    pub(crate) fn decisions(&self) -> Option<&DecisionCache> {
        self.inner.decisions.as_ref()
    }

    /// The issuer and the JWKS.
    async fn discover(&self) -> Result<(String, Value), Error> {
        #[derive(serde::Deserialize)]
        struct Metadata {
            issuer: String,
            jwks_uri: String,
        }
        let metadata: Metadata = self.get("/.well-known/openid-configuration").await?;
        // Behind a proxy or in a test the server may know itself by another name.
        let own = metadata.jwks_uri.strip_prefix(&self.inner.base_url);
        let own = own.filter(|path| path.starts_with('/'));
        let keys = self.get(own.unwrap_or("/.well-known/jwks.json")).await?;
        Ok((metadata.issuer, keys))
    }
}

/// Versions are compatible up to the first number that is not 0 (`SemVer` as Cargo reads it).
fn is_compatible(version: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        version.split('.').map_while(|number| number.parse().ok()).collect()
    };
    let (theirs, ours) = (numbers(version), numbers(DOCUMENT_VERSION));
    let compared = ours.iter().take_while(|number| **number == 0).count() + 1;
    theirs.len() == 3 && theirs.iter().take(compared).eq(ours.iter().take(compared))
}

/// Only the URL.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.inner.base_url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compatible_up_to_the_first_number_that_is_not_0() {
        for (version, is_good) in [
            ("0.1.0", true),
            ("0.1.7", true),
            ("0.2.0", false),
            ("1.1.0", false),
            ("0.1", false),
            ("", false),
        ] {
            assert_eq!(is_compatible(version), is_good, "{version}");
        }
    }
}
