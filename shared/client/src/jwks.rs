use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, Jwk, JwkSet},
};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::error::Error;

/// An unknown `kid` has the keys read again at most this often: tokens come from anybody.
const READ_AGAIN_AFTER: Duration = Duration::from_mins(1);

/// Read again when they are this old, so that a key which is published no more is dropped.
const FRESH_FOR: Duration = Duration::from_mins(10);

/// Older ones are not used: a server that was away for so long may have replaced them.
const GOOD_FOR: Duration = Duration::from_hours(24);

/// After a failure the server is not asked for this long; who comes meanwhile gets the same error.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// A public key, and the algorithm that it signs with.
pub(crate) struct PublicKey {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: DecodingKey,
}

/// What the server published when it was read.
struct Published {
    issuer: String,
    keys: HashMap<String, Arc<PublicKey>>,
    at: Instant,
}

impl Published {
    fn find(&self, kid: &str) -> Option<(String, Arc<PublicKey>)> {
        self.keys.get(kid).map(|key| (self.issuer.clone(), Arc::clone(key)))
    }
}

/// The server's public keys by `kid`. Who knows the key waits for nobody.
#[derive(Default)]
pub(crate) struct Keys {
    published: RwLock<Option<Arc<Published>>>,
    /// Held by the one that reads; when the last reading failed.
    reading: Mutex<Option<Instant>>,
}

impl Keys {
    /// The issuer and the key of a `kid`; `None` where the server publishes none. `read` answers
    /// the issuer and the JWKS. Error: the keys cannot be had.
    pub(crate) async fn find<F>(
        &self,
        kid: &str,
        now: Instant,
        read: impl FnOnce() -> F,
    ) -> Result<Option<(String, Arc<PublicKey>)>, Error>
    where
        F: Future<Output = Result<(String, Value), Error>>,
    {
        let published = self.published(now);
        let known = published.as_ref().and_then(|published| published.find(kid));
        let is_fresh = published.is_some_and(|published| published.is_younger(FRESH_FOR, now));
        if known.is_some() && is_fresh {
            return Ok(known);
        }
        let mut failed_at = match (&known, self.reading.try_lock()) {
            (_, Ok(reading)) => reading,
            (Some(_), Err(_)) => return Ok(known),
            (None, Err(_)) => self.reading.lock().await,
        };
        // Somebody else may have read them since.
        if let Some(published) = self.published(now) {
            let found = published.find(kid);
            let limit = if found.is_some() { FRESH_FOR } else { READ_AGAIN_AFTER };
            if published.is_younger(limit, now) {
                return Ok(found);
            }
        }
        let is_paused = failed_at.is_some_and(|at| now.duration_since(at) < PAUSE_AFTER_FAILURE);
        let outcome = if is_paused {
            Err(Error::Unavailable("the public keys could not be read".to_owned()))
        } else {
            read().await.and_then(|(issuer, keys)| Ok((issuer, parse(keys)?)))
        };
        match outcome {
            Ok((issuer, keys)) => {
                let read = Arc::new(Published { issuer, keys, at: now });
                let found = read.find(kid);
                *failed_at = None;
                *self.published.write().unwrap_or_else(PoisonError::into_inner) = Some(read);
                Ok(found)
            }
            Err(error) => {
                if !is_paused {
                    *failed_at = Some(now);
                }
                known.map(Some).ok_or(error)
            }
        }
    }

    fn published(&self, now: Instant) -> Option<Arc<Published>> {
        let published = self.published.read().unwrap_or_else(PoisonError::into_inner).clone();
        published.filter(|published| published.is_younger(GOOD_FOR, now))
    }
}

impl Published {
    fn is_younger(&self, than: Duration, now: Instant) -> bool {
        now.saturating_duration_since(self.at) < than
    }
}

/// The keys of the algorithms that are accepted: RS256, and `EdDSA` with Ed25519. A key says what
/// it signs with, a token never does (RFC 8725 §3.1).
fn parse(keys: Value) -> Result<HashMap<String, Arc<PublicKey>>, Error> {
    let set: JwkSet =
        serde_json::from_value(keys).map_err(|error| Error::Unreadable(error.to_string()))?;
    let key = |jwk: &Jwk| {
        let algorithm = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            AlgorithmParameters::OctetKeyPair(_) => Algorithm::EdDSA,
            _ => return None,
        };
        let kid = jwk.common.key_id.clone()?;
        let key = DecodingKey::from_jwk(jwk).ok()?;
        Some((kid, Arc::new(PublicKey { algorithm, key })))
    };
    Ok(set.keys.iter().filter_map(key).collect())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde_json::json;

    use super::*;

    /// Keys that a server publishes, which says how often it was asked.
    struct Server {
        kids: Vec<&'static str>,
        is_away: bool,
        asked: Cell<u32>,
    }

    impl Server {
        fn with(kids: &[&'static str]) -> Self {
            Self { kids: kids.to_vec(), is_away: false, asked: Cell::new(0) }
        }

        fn read(&self) -> Result<(String, Value), Error> {
            self.asked.set(self.asked.get() + 1);
            if self.is_away {
                return Err(Error::Unavailable("away".to_owned()));
            }
            let jwk = |kid| json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": "AAAA" });
            let keys: Vec<Value> = self.kids.iter().map(jwk).collect();
            Ok(("https://id.example.com".to_owned(), json!({ "keys": keys })))
        }
    }

    async fn is_found(keys: &Keys, kid: &str, now: Instant, server: &Server) -> Option<bool> {
        keys.find(kid, now, || async { server.read() }).await.ok().map(|found| found.is_some())
    }

    #[tokio::test]
    async fn an_unknown_kid_has_the_keys_read_once_a_minute() {
        let (keys, start) = (Keys::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut server = Server::with(&["a"]);
        for _ in 0..3 {
            assert_eq!(is_found(&keys, "a", start, &server).await, Some(true));
        }
        assert_eq!(server.asked.get(), 1);
        server.kids.push("b");
        assert_eq!(is_found(&keys, "b", after(59), &server).await, Some(false));
        assert_eq!(server.asked.get(), 1);
        assert_eq!(is_found(&keys, "b", after(60), &server).await, Some(true));
        for second in 60..120 {
            assert_eq!(is_found(&keys, "c", after(second), &server).await, Some(false));
        }
        assert_eq!(server.asked.get(), 2);
    }

    #[tokio::test]
    async fn a_key_that_is_published_no_more_is_dropped() {
        let (keys, start) = (Keys::default(), Instant::now());
        let mut server = Server::with(&["a", "b"]);
        assert_eq!(is_found(&keys, "a", start, &server).await, Some(true));
        server.kids.remove(0);
        let soon = start + Duration::from_secs(599);
        assert_eq!(is_found(&keys, "a", soon, &server).await, Some(true));
        assert_eq!(is_found(&keys, "a", start + FRESH_FOR, &server).await, Some(false));
    }

    #[tokio::test]
    async fn a_server_that_is_away_is_asked_once_a_second_and_known_keys_go_on() {
        let (keys, start) = (Keys::default(), Instant::now());
        let mut server = Server::with(&["a"]);
        server.is_away = true;
        for milliseconds in [0, 1, 999] {
            let now = start + Duration::from_millis(milliseconds);
            assert_eq!(is_found(&keys, "a", now, &server).await, None);
        }
        assert_eq!(server.asked.get(), 1);
        server.is_away = false;
        let now = start + Duration::from_secs(1);
        assert_eq!(is_found(&keys, "a", now, &server).await, Some(true));
        server.is_away = true;
        for (age, found) in [(FRESH_FOR, Some(true)), (GOOD_FOR, None)] {
            assert_eq!(is_found(&keys, "a", now + age, &server).await, found);
        }
        assert_eq!(is_found(&keys, "b", now + FRESH_FOR * 2, &server).await, None);
    }
}
