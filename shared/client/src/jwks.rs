use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse},
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

/// Without any keys the server is asked again this long after a failure; who comes meanwhile gets
/// the same error.
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
    fn find(&self, kid: &str) -> Option<Found> {
        self.keys.get(kid).map(|key| (self.issuer.clone(), Arc::clone(key)))
    }
}

/// A key and the issuer whose it is.
pub(crate) type Found = (String, Arc<PublicKey>);

/// What is known of a `kid` without asking.
pub(crate) enum Known {
    Fresh(Found),
    /// To be used, and to be read again meanwhile.
    Old(Found),
    /// To be read again first, and used where that fails.
    VeryOld(Found),
    Nothing,
}

/// The server's public keys by `kid`. Who knows the key waits for nobody.
#[derive(Default)]
pub(crate) struct Keys {
    published: RwLock<Option<Arc<Published>>>,
    /// Held by the one that reads; when the last reading failed.
    reading: Mutex<Option<Instant>>,
}

impl Keys {
    pub(crate) fn known(&self, kid: &str, now: Instant) -> Known {
        let Some(published) = self.published(now) else { return Known::Nothing };
        match published.find(kid) {
            Some(found) if published.is_younger(FRESH_FOR, now) => Known::Fresh(found),
            Some(found) if published.is_younger(FRESH_FOR * 2, now) => Known::Old(found),
            Some(found) => Known::VeryOld(found),
            None => Known::Nothing,
        }
    }

    /// Whether nobody is reading known ones, and that did not fail a moment ago.
    pub(crate) fn may_be_read(&self, now: Instant) -> bool {
        let reading = self.reading.try_lock();
        reading.is_ok_and(|failed_at| !is_within(*failed_at, READ_AGAIN_AFTER, now))
    }

    /// Reads them, unless somebody did a moment ago, and answers the key of a `kid`; `None` where
    /// the server publishes none. `read` answers the issuer and the JWKS. Error: they cannot be
    /// had.
    pub(crate) async fn read<F>(
        &self,
        kid: &str,
        now: impl Fn() -> Instant,
        read: impl FnOnce() -> F,
    ) -> Result<Option<Found>, Error>
    where
        F: Future<Output = Result<(String, Value), Error>>,
    {
        let mut failed_at = self.reading.lock().await;
        let began = now();
        let published = self.published(began);
        if let Some(published) = &published {
            let found = published.find(kid);
            let limit = if found.is_some() { FRESH_FOR } else { READ_AGAIN_AFTER };
            if published.is_younger(limit, began) {
                return Ok(found);
            }
        }
        let pause = if published.is_some() { READ_AGAIN_AFTER } else { PAUSE_AFTER_FAILURE };
        if is_within(*failed_at, pause, began) {
            return Err(Error::Unavailable("the public keys could not be read".to_owned()));
        }
        let outcome = read().await.and_then(|(issuer, keys)| Ok((issuer, parse(keys)?)));
        *failed_at = outcome.is_err().then(&now);
        let (issuer, keys) = outcome?;
        let published = Arc::new(Published { issuer, keys, at: began });
        let found = published.find(kid);
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Some(published);
        Ok(found)
    }

    fn published(&self, now: Instant) -> Option<Arc<Published>> {
        let published = self.published.read().unwrap_or_else(PoisonError::into_inner).clone();
        published.filter(|published| published.is_younger(GOOD_FOR, now))
    }
}

fn is_within(at: Option<Instant>, time: Duration, now: Instant) -> bool {
    at.is_some_and(|at| now.saturating_duration_since(at) < time)
}

impl Published {
    fn is_younger(&self, than: Duration, now: Instant) -> bool {
        now.saturating_duration_since(self.at) < than
    }
}

/// The keys that sign with an accepted algorithm: RS256, and `EdDSA` with Ed25519. Others are
/// ignored (RFC 7517 §5). A key says what it signs with, a token never does (RFC 8725 §3.1).
fn parse(mut keys: Value) -> Result<HashMap<String, Arc<PublicKey>>, Error> {
    let published = keys.get_mut("keys").map(Value::take);
    let Some(Value::Array(published)) = published else {
        return Err(Error::Unreadable("the JWKS has no keys".to_owned()));
    };
    Ok(published.into_iter().filter_map(public_key).collect())
}

fn public_key(key: Value) -> Option<(String, Arc<PublicKey>)> {
    let jwk: Jwk = serde_json::from_value(key).ok()?;
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            Algorithm::EdDSA
        }
        _ => return None,
    };
    let is_for_signatures =
        jwk.common.public_key_use.as_ref().is_none_or(|one| *one == PublicKeyUse::Signature);
    let named = jwk.common.key_algorithm.map(|one| one.to_string());
    let is_its_own = named.is_none_or(|named| named == format!("{algorithm:?}"));
    let kid = jwk.common.key_id.clone()?;
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    (is_for_signatures && is_its_own).then(|| (kid, Arc::new(PublicKey { algorithm, key })))
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

    /// Whether a key is found, as the client looks for it.
    async fn is_found(keys: &Keys, kid: &str, now: Instant, server: &Server) -> Option<bool> {
        match keys.known(kid, now) {
            Known::Fresh(_) => return Some(true),
            Known::Old(_) | Known::VeryOld(_) => {
                let read = keys.read(kid, || now, || async { server.read() }).await;
                return Some(read.ok().is_none_or(|found| found.is_some()));
            }
            Known::Nothing => {}
        }
        let read = keys.read(kid, || now, || async { server.read() }).await;
        read.ok().map(|found| found.is_some())
    }

    #[test]
    fn keys_that_are_of_no_use_are_ignored() {
        let good = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "AAAA" });
        let with = |name: &str, value: &str| {
            let mut other = good.clone();
            other["kid"] = json!("b");
            other[name] = json!(value);
            other
        };
        let others = [with("crv", "X25519"), with("use", "enc"), with("alg", "RS256")];
        let strange = [json!("x"), json!({ "kty": "new", "kid": "c" }), json!({ "kty": "RSA" })];
        let keys = [&others[..], &strange, std::slice::from_ref(&good)].concat();
        let parsed = parse(json!({ "keys": keys })).unwrap();
        assert_eq!(parsed.keys().collect::<Vec<_>>(), ["a"]);
        assert!(parse(json!([])).is_err() && parse(json!({ "keys": 1 })).is_err());
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
        // Also where the server is away.
        server.is_away = true;
        for second in 120..180 {
            assert_eq!(is_found(&keys, "c", after(second), &server).await, None);
        }
        assert_eq!(server.asked.get(), 3);
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
    }

    #[tokio::test]
    async fn whoever_waits_for_a_reading_that_fails_fails_with_it() {
        let keys = Keys::default();
        let asked = Cell::new(0);
        let slow = || async {
            asked.set(asked.get() + 1);
            tokio::task::yield_now().await;
            Err(Error::Unavailable("away".to_owned()))
        };
        let all = (0..20).map(|_| keys.read("a", Instant::now, slow));
        let outcomes = futures::future::join_all(all).await;
        assert!(outcomes.iter().all(Result::is_err));
        assert_eq!(asked.get(), 1);
    }
}
