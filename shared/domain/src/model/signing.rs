//! Signing keys: which one signs, and which ones are published.

use serde::{Deserialize, Serialize};

use crate::model::{
    clock::{SignedDuration, Timestamp, after},
    secret_key::SecretKeys,
};

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 and 2048 bits: what API Gateway's own JWT authorizer takes.
    Rs256,
    /// Ed25519 (RFC 8037): smaller and faster, for those who need no such authorizer.
    EdDsa,
}

impl Algorithm {
    /// Its name in `alg` (RFC 7518, RFC 8037).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Rs256, Self::EdDsa].into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

/// The `typ` of access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// RFC 9068 §2.1.
    AccessToken,
    /// RFC 7519 §5.1: for verifiers that know no other.
    Jwt,
}

impl TokenType {
    /// Its value in `typ`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::Jwt => "JWT",
        }
    }

    /// The type of that value, in this very spelling.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::AccessToken, Self::Jwt].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A public key as the world sees it (RFC 7517).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// Key id: the RFC 7638 thumbprint.
    pub kid: String,
    /// Key type: `RSA` or `OKP`.
    pub kty: String,
    /// Algorithm: `RS256` or `EdDSA`.
    pub alg: String,
    /// Use: `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// RSA: modulus, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// RSA: exponent, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// OKP: `Ed25519`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// OKP: the public key, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
}

/// A key that is published, and from when on it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    pub key: PublicKey,
    /// It signs from then on, until a later one does.
    pub signs_from: Timestamp,
    /// When it was published; not known of keys from before that was noted.
    pub published_at: Option<Timestamp>,
}

/// Where a key is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, and signs later.
    Next,
    /// It signs.
    Current,
    /// Another one signs; its tokens live.
    Previous,
}

impl KeyState {
    pub const ALL: [Self; 3] = [Self::Next, Self::Current, Self::Previous];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Previous => "previous",
        }
    }
}

/// The keys of a stack: signing keys with their public halves, and secret keys by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyList {
    /// Counts the changes; 0 when nothing is stored.
    pub version: u64,
    pub keys: Vec<PublishedKey>,
    pub secrets: SecretKeys,
    /// How long the slowest hash that was imported takes to check, where one was. A refused sign-in
    /// takes no less, so that nobody learns which addresses have such a hash.
    pub slowest_hash: SignedDuration,
    /// Whatever was made by then is over: sessions, devices, mailed links, sealed values. It never
    /// goes back.
    pub ended_before: Option<Timestamp>,
    /// Passwords were ended, too: hashes that are not sealed count no more.
    pub unsealed_hashes_ended: bool,
}

impl KeyList {
    /// The key that signs at `at`: the one whose time came last.
    #[must_use]
    pub fn signer(&self, at: Timestamp) -> Option<&PublishedKey> {
        self.keys.iter().filter(|one| one.signs_from <= at).max_by_key(|one| one.signs_from)
    }

    /// The key that waits for its time.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<&PublishedKey> {
        self.keys.iter().filter(|one| one.signs_from > now).min_by_key(|one| one.signs_from)
    }

    /// Where one of its keys is on its way, and from when on another one signs in its place.
    #[must_use]
    pub fn state(&self, one: &PublishedKey, now: Timestamp) -> (KeyState, Option<Timestamp>) {
        let later = self.keys.iter().filter(|other| other.signs_from > one.signs_from);
        let successor = later.map(|other| other.signs_from).min();
        let state = match successor {
            _ if one.signs_from > now => KeyState::Next,
            Some(at) if at <= now => KeyState::Previous,
            _ => KeyState::Current,
        };
        (state, successor)
    }

    /// Keys all of whose tokens are over: another one has been signing for longer than a token
    /// lives.
    #[must_use]
    pub fn over(&self, now: Timestamp, token_life: SignedDuration) -> Vec<String> {
        let has_successor_since = |one: &PublishedKey| {
            self.keys.iter().any(|other| {
                other.signs_from > one.signs_from && after(other.signs_from, token_life) < now
            })
        };
        self.keys
            .iter()
            .filter(|one| has_successor_since(one))
            .map(|one| one.key.kid.clone())
            .collect()
    }

    /// The next version, without the keys of these ids.
    #[must_use]
    pub fn without(&self, kids: &[String]) -> Self {
        let keys = self.keys.iter().filter(|one| !kids.contains(&one.key.kid)).cloned().collect();
        Self { version: self.version + 1, keys, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::clock::from_millis;

    fn at(seconds: i64) -> Timestamp {
        from_millis(1_800_000_000_000 + seconds * 1000).unwrap()
    }

    fn key(kid: usize, signs_from: i64) -> PublishedKey {
        let key = PublicKey {
            kid: kid.to_string(),
            kty: "OKP".to_owned(),
            alg: "EdDSA".to_owned(),
            usage: "sig".to_owned(),
            n: None,
            e: None,
            crv: None,
            x: None,
        };
        PublishedKey { key, signs_from: at(signs_from), published_at: None }
    }

    proptest! {
        #[test]
        fn what_signed_a_living_token_is_never_over(starts in proptest::collection::vec(
            0i64..10_000, 1..6), now in 0i64..20_000, age in 0i64..3600) {
            let life = SignedDuration::from_secs(3600);
            let keys = starts.iter().enumerate().map(|(kid, start)| key(kid, *start)).collect();
            let list = KeyList { version: 1, keys, ..KeyList::default() };
            let over = list.over(at(now), life);
            if let Some(signer) = list.signer(at(now - age)) {
                prop_assert!(!over.contains(&signer.key.kid), "its tokens live for an hour");
            }
            if let Some(next) = list.next(at(now)) {
                prop_assert!(!over.contains(&next.key.kid));
            }
        }
    }
}
