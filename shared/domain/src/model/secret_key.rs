//! Secret keys, which are in no table: their ids, and which of them makes.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::model::clock::{SignedDuration, Timestamp, after};

/// Names a secret key in what it made: the first four bytes of the key's SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// The server key of a stack from before keys had ids.
    pub const BEFORE_IDS: Self = Self([0; 4]);

    /// The id of a key.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        let hash: [u8; 32] = Sha256::digest(secret).into();
        Self(hash.first_chunk().copied().unwrap_or_default())
    }

    #[must_use]
    pub fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }

    /// The id of that name: eight hexadecimal digits.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let is_hex = name.len() == 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(name, 16).ok().filter(|_| is_hex)?;
        Some(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// What a secret key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// Refresh tokens, devices, mailed links, cursors, and what is handed out sealed.
    Server,
    /// Seals the hashes of passwords, so that a copy of the table cannot be tried.
    Passwords,
}

impl SecretKind {
    pub const ALL: [Self; 2] = [Self::Server, Self::Passwords];

    /// Its name in the table, and in the paths of its keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Passwords => "passwords",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A secret key that lives: what it made is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretKey {
    pub kind: SecretKind,
    pub id: KeyId,
    /// It makes from then on, until a later one of its kind does.
    pub makes_from: Timestamp,
}

/// The living secret keys of a stack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecretKeys(pub Vec<SecretKey>);

impl SecretKeys {
    /// Those of a kind.
    pub fn of(&self, kind: SecretKind) -> impl Iterator<Item = &SecretKey> {
        self.0.iter().filter(move |key| key.kind == kind)
    }

    /// The key that makes at `at`: the one whose time came last.
    #[must_use]
    pub fn maker(&self, kind: SecretKind, at: Timestamp) -> Option<KeyId> {
        let due = self.of(kind).filter(|key| key.makes_from <= at);
        due.max_by_key(|key| key.makes_from).map(|key| key.id)
    }

    #[must_use]
    pub fn has(&self, kind: SecretKind, id: KeyId) -> bool {
        self.of(kind).any(|key| key.id == id)
    }

    /// Keys of a kind of which nothing is left: another one has been making for longer than
    /// anything that they made lives.
    #[must_use]
    pub fn over(&self, kind: SecretKind, life: SignedDuration, now: Timestamp) -> Vec<KeyId> {
        let has_successor_since = |one: &&SecretKey| {
            self.of(kind).any(|other| {
                other.makes_from > one.makes_from && after(other.makes_from, life) < now
            })
        };
        self.of(kind).filter(has_successor_since).map(|key| key.id).collect()
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

    #[test]
    fn an_id_reads_back_and_nothing_else_is_one() {
        let id = KeyId::of(b"some secret");
        assert_eq!(KeyId::from_name(&id.to_string()), Some(id));
        for wrong in ["", "current", "+1234567", "0123456", "012345678", "0123456g"] {
            assert_eq!(KeyId::from_name(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_made_something_that_lives_is_never_over(
            starts in proptest::collection::vec(0i64..10_000, 1..6),
            now in 0i64..20_000,
            age in 0i64..3600,
        ) {
            let life = SignedDuration::from_secs(3600);
            let keys = SecretKeys(starts.iter().zip(0u32..).map(|(start, id)| SecretKey {
                kind: SecretKind::Server,
                id: KeyId::from_bytes(id.to_be_bytes()),
                makes_from: at(*start),
            }).collect());
            let over = keys.over(SecretKind::Server, life, at(now));
            if let Some(maker) = keys.maker(SecretKind::Server, at(now - age)) {
                prop_assert!(!over.contains(&maker), "what it made lives for an hour");
            }
            prop_assert!(keys.maker(SecretKind::Passwords, at(now)).is_none());
        }
    }
}
