//! Password hashes that other systems made: Django's and Werkzeug's own forms, the PHC strings of
//! pbkdf2, scrypt and Argon2, bcrypt, those of ASP.NET Core Identity, SHA-512 crypt and phpass.

mod aspnet;
mod crypt;

use std::ops::RangeInclusive;

use argon2::{Algorithm, Argon2, Version};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

/// An imported record must not take a function down: a hash that asks for more than these is not
/// computed.
const PBKDF2_MOST_ITERATIONS: u32 = 5_000_000;
const BCRYPT_COSTS: RangeInclusive<u32> = 4..=16;
const SCRYPT_MOST_BYTES: u64 = 128 << 20;
const SCRYPT_MOST_LANES: u32 = 16;
const ARGON2_MOST_KIB: u32 = 256 << 10;
const ARGON2_MOST_PASSES: u32 = 16;
const ARGON2_MOST_LANES: u32 = 16;

/// Of no bytes at all any password would be the right one, and of a few, many; PHC strings have 10
/// at least.
const OUTPUT_LENGTHS: RangeInclusive<usize> = 10..=128;

const BCRYPT_SALT_CHARS: usize = 22;
/// What bcrypt takes of a password and its closing NUL; the rest is ignored.
const BCRYPT_KEY_LENGTH: usize = 72;

/// Django pads, PHC strings do not.
static BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Some systems drew the salt's characters at random, four bits too many.
static BCRYPT_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::BCRYPT,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Whether `password` is that of a hash made by another system; `None` when the text has none of
/// the known forms (or is malformed, or asks for more work than we are ready to do).
pub(crate) fn matches(password: &str, stored: &str) -> Option<bool> {
    let password = password.as_bytes();
    let fields: Vec<&str> = stored.split('$').collect();
    match *fields.as_slice() {
        ["", "2a" | "2b" | "2y", cost, data] | ["bcrypt", "", "2a" | "2b" | "2y", cost, data] => {
            bcrypt(password, cost, data)
        }
        ["bcrypt_sha256", "", "2a" | "2b" | "2y", cost, data] => {
            let digits =
                Sha256::digest(password).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
            let hex: String =
                digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
            bcrypt(hex.as_bytes(), cost, data)
        }
        [name, iterations, salt, hash] if name.starts_with("pbkdf2_") => {
            let digest = Digests::of(name.strip_prefix("pbkdf2_")?)?;
            digest.pbkdf2(password, number(iterations)?, salt.as_bytes(), &output(hash)?)
        }
        ["", name, params, salt, hash] if name.starts_with("pbkdf2") => {
            let digest = match name.strip_prefix("pbkdf2")? {
                "" => Digests::Sha1,
                digest => Digests::of(digest.strip_prefix('-')?)?,
            };
            let (salt, expected) =
                (bytes(&salt.replace('.', "+"))?, output(&hash.replace('.', "+"))?);
            digest.pbkdf2(password, phc_iterations(params, expected.len())?, &salt, &expected)
        }
        [method, salt, hash] if method.contains(':') => {
            let (salt, expected) = (salt.as_bytes(), hex(hash)?);
            match *method.split(':').collect::<Vec<_>>() {
                ["pbkdf2", digest, iterations] => {
                    Digests::of(digest)?.pbkdf2(password, number(iterations)?, salt, &expected)
                }
                ["scrypt", n, r, p] => {
                    let n = number(n).filter(|n| n.is_power_of_two())?;
                    scrypt(password, [n.ilog2(), number(r)?, number(p)?], salt, &expected)
                }
                _ => None,
            }
        }
        ["", "6", ..] => crypt::sha512(password, stored),
        ["", "P" | "H", rest] => crypt::phpass(password, rest),
        [blob] => aspnet::matches(password, &bytes(blob)?),
        ["scrypt", n, salt, r, p, hash] => {
            let n = number(n).filter(|n| n.is_power_of_two())?;
            scrypt(password, [n.ilog2(), number(r)?, number(p)?], salt.as_bytes(), &output(hash)?)
        }
        ["", "scrypt", params, salt, hash] => {
            scrypt(password, numbers(params, ["ln", "r", "p"])?, &bytes(salt)?, &output(hash)?)
        }
        ["" | "argon2", name, "v=19", params, salt, hash] => {
            argon2(password, (name, Version::V0x13), params, &bytes(salt)?, &output(hash)?)
        }
        // Version 16 wrote no version at first.
        ["" | "argon2", name, "v=16", params, salt, hash]
        | ["" | "argon2", name, params, salt, hash] => {
            argon2(password, (name, Version::V0x10), params, &bytes(salt)?, &output(hash)?)
        }
        _ => None,
    }
}

fn bcrypt(password: &[u8], cost: &str, data: &str) -> Option<bool> {
    let cost = number(cost).filter(|cost| BCRYPT_COSTS.contains(cost))?;
    let (salt, expected) = data.split_at_checked(BCRYPT_SALT_CHARS)?;
    let salt: [u8; 16] = BCRYPT_BASE64.decode(salt).ok()?.try_into().ok()?;
    let expected: [u8; 23] = BCRYPT_BASE64.decode(expected).ok()?.try_into().ok()?;
    let key: Vec<u8> = password.iter().copied().chain([0]).take(BCRYPT_KEY_LENGTH).collect();
    let found = bcrypt::bcrypt(cost, salt, &key);
    // The last of the 24 bytes is never stored.
    let (_, found) = found.split_last()?;
    Some(expected.ct_eq(found).into())
}

/// The hash function of a PBKDF2.
#[derive(Clone, Copy)]
enum Digests {
    Sha1,
    Sha256,
    Sha512,
}

impl Digests {
    fn of(name: &str) -> Option<Self> {
        match name {
            "sha1" => Some(Self::Sha1),
            "sha256" => Some(Self::Sha256),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn pbkdf2(
        self,
        password: &[u8],
        iterations: u32,
        salt: &[u8],
        expected: &[u8],
    ) -> Option<bool> {
        let blocks = u32::try_from(expected.len().div_ceil(self.length())).ok()?;
        let is_bearable =
            iterations > 0 && iterations.checked_mul(blocks)? <= PBKDF2_MOST_ITERATIONS;
        is_bearable.then(|| {
            let mut found = vec![0; expected.len()];
            let derive = match self {
                Self::Sha1 => pbkdf2_hmac::<Sha1>,
                Self::Sha256 => pbkdf2_hmac::<Sha256>,
                Self::Sha512 => pbkdf2_hmac::<Sha512>,
            };
            derive(password, salt, iterations, &mut found);
            expected.ct_eq(&found).into()
        })
    }
}

/// `1000` as passlib writes it, `i=1000` or `i=1000,l=32` as others do.
fn phc_iterations(params: &str, length: usize) -> Option<u32> {
    let with_length = || {
        let [iterations, given] = numbers(params, ["i", "l"])?;
        (usize::try_from(given) == Ok(length)).then_some(iterations)
    };
    number(params)
        .or_else(|| numbers(params, ["i"]).map(|[iterations]| iterations))
        .or_else(with_length)
}

fn scrypt(password: &[u8], [log_n, r, p]: [u32; 3], salt: &[u8], expected: &[u8]) -> Option<bool> {
    // A table of N blocks and a buffer of p.
    let blocks = 1_u64.checked_shl(log_n)?.max(p.into());
    let memory = blocks.checked_mul(u64::from(r))?.checked_mul(128)?;
    let is_bearable = log_n > 0 && memory <= SCRYPT_MOST_BYTES && p <= SCRYPT_MOST_LANES;
    let log_n = u8::try_from(log_n).ok().filter(|_| is_bearable)?;
    let params = scrypt::Params::new(log_n, r, p).ok()?;
    let mut found = vec![0; expected.len()];
    scrypt::scrypt(password, salt, &params, &mut found).ok()?;
    Some(expected.ct_eq(&found).into())
}

fn argon2(
    password: &[u8],
    (name, version): (&str, Version),
    params: &str,
    salt: &[u8],
    expected: &[u8],
) -> Option<bool> {
    let algorithm = Algorithm::new(name).ok()?;
    let [memory, passes, lanes] = numbers(params, ["m", "t", "p"])?;
    let is_bearable =
        memory <= ARGON2_MOST_KIB && passes <= ARGON2_MOST_PASSES && lanes <= ARGON2_MOST_LANES;
    let params = argon2::Params::new(memory, passes, lanes, None).ok().filter(|_| is_bearable)?;
    let mut found = vec![0; expected.len()];
    Argon2::new(algorithm, version, params).hash_password_into(password, salt, &mut found).ok()?;
    Some(expected.ct_eq(&found).into())
}

fn output(text: &str) -> Option<Vec<u8>> {
    bytes(text).filter(|output| OUTPUT_LENGTHS.contains(&output.len()))
}

/// The bytes of lower-case hexadecimal digits.
fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pair = |pair: &[u8; 2]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let output: Vec<u8> = pairs.iter().map(pair).collect::<Option<_>>()?;
    (rest.is_empty() && OUTPUT_LENGTHS.contains(&output.len())).then_some(output)
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// The numbers of `a=1,b=2`: just these names, in this order.
fn numbers<const N: usize>(text: &str, names: [&str; N]) -> Option<[u32; N]> {
    let mut given = text.split(',');
    let mut numbers = [0; N];
    for (number_of, name) in numbers.iter_mut().zip(names) {
        *number_of = number(given.next()?.strip_prefix(name)?.strip_prefix('=')?)?;
    }
    given.next().is_none().then_some(numbers)
}

/// Rust's own parser would take a sign.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
