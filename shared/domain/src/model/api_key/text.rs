use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::model::{
    account::UserKind,
    ids::{ApiKeyId, OrganizationId, UserId},
};

/// A key as it is handed out, and comes back: `rck_` (a person's) or `rcs_` (a service account's),
/// in base 62 the ids of owner, key and organization and 256 random bits, and six characters of
/// CRC-32 over all of that. So garbage is refused without a read, and a scanner of sources is sure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyText {
    pub kind: UserKind,
    pub owner: UserId,
    pub id: ApiKeyId,
    /// None of `PLATFORM`, and of organizations from before there were ids.
    pub organization: Option<OrganizationId>,
    /// 256 random bits.
    pub secret: [u8; 32],
}

/// Digits of 128 bits.
const WIDTH: usize = 22;
/// Digits of 32 bits.
const CHECK: usize = 6;
/// Three ids, and a secret of twice as many bits.
const BODY: usize = 5 * WIDTH;

/// Whether a bearer token says that it is a key.
#[must_use]
pub fn is_key(token: &str) -> bool {
    UserKind::ALL.iter().any(|kind| token.starts_with(prefix(*kind)))
}

fn prefix(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Human => "rck_",
        UserKind::Service => "rcs_",
    }
}

/// A number in base 62, so many digits long.
fn digits(number: u128, width: usize) -> String {
    format!("{:0>width$}", base62::encode(number))
}

fn number(digits: &str) -> Option<u128> {
    base62::decode(digits).ok()
}

fn check_of(text: &str) -> String {
    digits(crc32fast::hash(text.as_bytes()).into(), CHECK)
}

impl KeyText {
    /// Reads a key. `None`: it is none of ours, cut short, or altered.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let kind = UserKind::ALL.into_iter().find(|kind| text.starts_with(prefix(*kind)))?;
        let (told, check) = text.split_at_checked(text.len().checked_sub(CHECK)?)?;
        let body = told.strip_prefix(prefix(kind))?;
        if body.len() != BODY || !body.is_ascii() || check_of(told) != check {
            return None;
        }
        let part = |place: usize| number(body.get(place * WIDTH..(place + 1) * WIDTH)?);
        let [owner, id, organization, first, second] =
            [part(0)?, part(1)?, part(2)?, part(3)?, part(4)?];
        let mut secret = [0; 32];
        for (place, byte) in first.to_be_bytes().into_iter().chain(second.to_be_bytes()).enumerate()
        {
            *secret.get_mut(place)? = byte;
        }
        Some(Self {
            kind,
            owner: UserId::from_bytes(owner.to_be_bytes()),
            id: ApiKeyId::from_bytes(id.to_be_bytes()),
            organization: (organization != 0)
                .then(|| OrganizationId::from_bytes(organization.to_be_bytes())),
            secret,
        })
    }

    /// What its owner gets, once.
    #[must_use]
    pub fn reveal(&self) -> String {
        let organization = self.organization.map_or([0; 16], |id| *id.as_bytes());
        let ids = [*self.owner.as_bytes(), *self.id.as_bytes(), organization];
        let (halves, _) = self.secret.as_chunks::<16>();
        let parts = ids.iter().chain(halves).map(|part| digits(u128::from_be_bytes(*part), WIDTH));
        let told = format!("{}{}", prefix(self.kind), parts.collect::<String>());
        format!("{told}{}", check_of(&told))
    }

    /// What is stored of its secret.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.secret).into())
    }
}

/// Without the secret.
impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyText").field("id", &self.id).finish_non_exhaustive()
    }
}

/// SHA-256 of a key's secret: 256 random bits need no slow hash.
#[derive(Debug, Clone, Copy)]
pub struct SecretHash(pub [u8; 32]);

/// In constant time.
impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(bytes: [u8; 16], secret: [u8; 32], is_service: bool, is_in_platform: bool) -> KeyText {
        let kind = if is_service { UserKind::Service } else { UserKind::Human };
        let organization = (!is_in_platform).then(|| OrganizationId::from_bytes([9; 16]));
        let (owner, id) = (UserId::from_bytes(bytes), ApiKeyId::from_bytes([7; 16]));
        KeyText { kind, owner, id, organization, secret }
    }

    proptest! {
        #[test]
        fn a_key_comes_back_as_it_was_and_an_altered_one_never(bytes in any::<[u8; 16]>(),
            secret in any::<[u8; 32]>(), is_service in any::<bool>(),
            is_in_platform in any::<bool>(), place in 0_usize..120, other in "[0-9A-Za-z_ é]") {
            let key = key(bytes, secret, is_service, is_in_platform);
            let text = key.reveal();
            prop_assert_eq!(text.len(), 120);
            prop_assert!(is_key(&text));
            prop_assert_eq!(KeyText::parse(&text), Some(key));
            let altered = format!("{}{other}{}", &text[..place], &text[place + 1..]);
            if altered != text {
                prop_assert_eq!(KeyText::parse(&altered), None);
            }
            prop_assert_eq!(KeyText::parse(&text[..place]), None);
            let shown = format!("{key:?}");
            prop_assert!(!shown.contains(&text[70..114]), "{}", shown);
        }

        #[test]
        fn whatever_is_no_key_is_refused(text in "(rck_|rcs_)?\\PC{0,140}") {
            prop_assert_eq!(KeyText::parse(&text), None);
        }
    }

    #[test]
    fn a_number_that_128_bits_do_not_hold_is_no_key() {
        let told = format!("rck_{}", "z".repeat(BODY));
        assert_eq!(KeyText::parse(&format!("{told}{}", check_of(&told))), None);
    }
}
