//! SHA-512 crypt (`$6$`, of shadow files and LDAP) and phpass (`$P$` and `$H$`, of `WordPress` and
//! `phpBB`).

use md5::{Digest, Md5};
use sha_crypt::{PasswordHashRef, PasswordVerifier, ShaCrypt};

use super::{ForeignHash, Scheme, number};

/// As many rounds as a function is ready to do.
const MOST_ROUNDS: u32 = 1_000_000;

/// phpass counts in powers of two; it takes 7 to 30 itself.
const MOST_LOG_ROUNDS: usize = 20;

/// The alphabet of crypt(3), in which each character is six bits.
const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

pub(super) fn sha512(stored: &str) -> Option<ForeignHash> {
    let rounds = stored.split('$').nth(2)?.strip_prefix("rounds=").map(number);
    if rounds.is_some_and(|rounds| rounds.is_none_or(|rounds| rounds > MOST_ROUNDS)) {
        return None;
    }
    let scheme = Scheme::Sha512Crypt { rounds: rounds.flatten() };
    Some(ForeignHash { scheme, salt: stored.into(), expected: Vec::new() })
}

/// Whether the text of a SHA-512 crypt is that of `password`.
pub(super) fn is_sha512(password: &[u8], stored: &[u8]) -> Option<bool> {
    let stored = PasswordHashRef::new(std::str::from_utf8(stored).ok()?).ok()?;
    match ShaCrypt::SHA512.verify_password(password, stored) {
        Ok(()) => Some(true),
        Err(sha_crypt::password_hash::Error::PasswordInvalid) => Some(false),
        Err(_) => None,
    }
}

/// `rest` is what follows the marker: the number of rounds, eight characters of salt, and the
/// output.
pub(super) fn phpass(rest: &str) -> Option<ForeignHash> {
    let (log_rounds, rest) = rest.as_bytes().split_first()?;
    let log_rounds = ALPHABET.iter().position(|one| one == log_rounds)?;
    let (salt, expected) = rest.split_at_checked(8)?;
    let is_bearable = (7..=MOST_LOG_ROUNDS).contains(&log_rounds) && expected.len() == 22;
    let log_rounds = u8::try_from(log_rounds).ok().filter(|_| is_bearable)?;
    let scheme = Scheme::Phpass { log_rounds };
    Some(ForeignHash { scheme, salt: salt.into(), expected: expected.into() })
}

pub(super) fn phpass_of(password: &[u8], salt: &[u8], log_rounds: u8) -> Vec<u8> {
    let mut found = Md5::new().chain_update(salt).chain_update(password).finalize();
    for _ in 0..1_u32 << log_rounds {
        found = Md5::new().chain_update(found).chain_update(password).finalize();
    }
    encoded(&found)
}

/// Bytes in the alphabet, the lowest six bits of three bytes first.
fn encoded(bytes: &[u8]) -> Vec<u8> {
    let of_three = |three: &[u8]| {
        let bits = three.iter().rev().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let digit = move |place: usize| ALPHABET.get((bits >> (6 * place) & 63) as usize).copied();
        (0..=three.len()).filter_map(digit).collect::<Vec<_>>()
    };
    bytes.chunks(3).flat_map(of_three).collect()
}

#[cfg(test)]
mod tests {
    use crate::foreign::tests::{ASCII, UNICODE, assert_none, assert_only};

    #[test]
    fn sha512_crypt_and_phpass_are_verified() {
        for stored in [
            "$6$BMN6svRz/QtO19ft$8Gt9Qkc3FBBuaVSDWo2MWXn.8TOPMPIr9.PElnSMJHuNyTveKkJ.qDY\
                9g4igtW1YdqvEa5MrAwGr75yYWbcvE0",
            "$6$rounds=1000$PEQC83xF6hs8rWdi$qhL/pbeRuXhwCbRfPpjNfl06lscNE5PVeeMN68jLA7d\
                DVP5iTm6L9lZTsJSUARXPAPz3wqSpWcJfV5aumvmEA.",
            "$6$abcdefgh$AKUeyXdILX55cPoYZZ6UPNGj7iOseon3kM2L7ONfqKJ5e1Ou8lBexg1Dw2zLoec\
                sAE8FX3luOALgW2gLO5qFw0",
            "$P$6KllFZL00/QHv1rpu9PoJZ.G7jMpu71",
            "$H$6Q0UzDHKhP6bvDjAJISsB8bHw2E4K.1",
        ] {
            assert_only(ASCII, stored);
        }
        for stored in [
            "$6$rounds=1000$IV1tHL3AFHIAqH49$pQHR91ygC7YP0BvwYq76/uSHLCDA4w2k9hVIwW/jCmp\
                YgEZC3M0PVWFqzt7ZPYa6lU2zmkdfZEx9zOxfoAie3.",
            "$P$6/PMH0RT3anqDpol4DmuU7niePbn44/",
        ] {
            assert_only(UNICODE, stored);
        }
        for stored in [
            "$6$rounds=900000000$PEQC83xF6hs8rWdi$qhL/pbeRuXhwCbRfPpjNfl06lscNE5PVeeMN68\
                jLA7dDVP5iTm6L9lZTsJSUARXPAPz3wqSpWcJfV5aumvmEA.",
            "$6$rounds=1000$PEQC83xF6hs8rWdi$qhL",
            "$6$",
            "$P$UKllFZL00/QHv1rpu9PoJZ.G7jMpu71",
            "$P$6KllFZL00/QHv1rpu9PoJZ.G7jMpu7",
            "$P$",
        ] {
            assert_none(stored);
        }
    }
}
