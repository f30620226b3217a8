//! Password hashes that other systems made: Django's and Werkzeug's own forms, the PHC strings of
//! pbkdf2, scrypt and Argon2, bcrypt, those of ASP.NET Core Identity, SHA-512 crypt, phpass and
//! Firebase.

mod aspnet;
mod crypt;
mod digest;
mod firebase;

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

use digest::Function;
pub(crate) use digest::{FastDigest, WrappedDigest};
pub(crate) use firebase::{Project, kept_apart, put_together};

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

/// How an output is derived from a password and a salt: what a check costs, beside the two lengths.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Scheme {
    /// `of_sha256`: of the hexadecimal digits of the password's SHA-256, as Django has it.
    Bcrypt {
        cost: u32,
        of_sha256: bool,
    },
    Pbkdf2 {
        function: Function,
        iterations: u32,
    },
    Scrypt {
        log_n: u8,
        r: u32,
        p: u32,
    },
    Argon2 {
        algorithm: Algorithm,
        version: Version,
        params: argon2::Params,
    },
    /// Its own crate reads it, and keeps it whole as the salt.
    Sha512Crypt {
        rounds: Option<u32>,
    },
    Phpass {
        log_rounds: u8,
    },
    Firebase {
        log_n: u8,
        r: u32,
        signer: Vec<u8>,
    },
}

/// What a check costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Work {
    scheme: Scheme,
    salt: usize,
    output: usize,
}

/// A hash of another system.
pub(crate) struct ForeignHash {
    scheme: Scheme,
    salt: Vec<u8>,
    expected: Vec<u8>,
}

impl ForeignHash {
    /// The hash in a text; `None` when it has none of the known forms, or is malformed, or asks for
    /// more work than we are ready to do.
    pub(crate) fn parse(stored: &str) -> Option<Self> {
        let fields: Vec<&str> = stored.split('$').collect();
        match *fields.as_slice() {
            ["", "2a" | "2b" | "2y", cost, data]
            | ["bcrypt", "", "2a" | "2b" | "2y", cost, data] => bcrypt(cost, data, false),
            ["bcrypt_sha256", "", "2a" | "2b" | "2y", cost, data] => bcrypt(cost, data, true),
            [name, iterations, salt, hash] if name.starts_with("pbkdf2_") => {
                let digest = Function::of(name.strip_prefix("pbkdf2_")?)?;
                digest.pbkdf2(number(iterations)?, salt.into(), output(hash)?)
            }
            ["", name, params, salt, hash] if name.starts_with("pbkdf2") => {
                let digest = match name.strip_prefix("pbkdf2")? {
                    "" => Function::Sha1,
                    digest => Function::of(digest.strip_prefix('-')?)?,
                };
                let (salt, expected) =
                    (bytes(&salt.replace('.', "+"))?, output(&hash.replace('.', "+"))?);
                digest.pbkdf2(phc_iterations(params, expected.len())?, salt, expected)
            }
            [method, salt, hash] if method.contains(':') => {
                let (salt, expected) = (salt.into(), hex(hash)?);
                match *method.split(':').collect::<Vec<_>>() {
                    ["pbkdf2", digest, iterations] => {
                        Function::of(digest)?.pbkdf2(number(iterations)?, salt, expected)
                    }
                    ["scrypt", n, r, p] => {
                        let n = number(n).filter(|n| n.is_power_of_two())?;
                        scrypt([n.ilog2(), number(r)?, number(p)?], salt, expected)
                    }
                    _ => None,
                }
            }
            ["", "6", ..] => crypt::sha512(stored),
            ["", "P" | "H", rest] => crypt::phpass(rest),
            ["", firebase::NAME, params, signer, separator, salt, hash] => {
                firebase::parse(params, signer, [salt, separator], hash)
            }
            [blob] => aspnet::parse(&bytes(blob)?),
            ["scrypt", n, salt, r, p, hash] => {
                let n = number(n).filter(|n| n.is_power_of_two())?;
                scrypt([n.ilog2(), number(r)?, number(p)?], salt.into(), output(hash)?)
            }
            ["", "scrypt", params, salt, hash] => {
                scrypt(numbers(params, ["ln", "r", "p"])?, bytes(salt)?, output(hash)?)
            }
            ["" | "argon2", name, "v=19", params, salt, hash] => {
                argon2((name, Version::V0x13), params, salt, hash)
            }
            // Version 16 wrote no version at first.
            ["" | "argon2", name, "v=16", params, salt, hash]
            | ["" | "argon2", name, params, salt, hash] => {
                argon2((name, Version::V0x10), params, salt, hash)
            }
            _ => None,
        }
    }

    /// What its check costs.
    pub(crate) fn work(&self) -> Work {
        let Self { scheme, salt, expected } = self;
        Work { scheme: scheme.clone(), salt: salt.len(), output: expected.len() }
    }

    /// Whether it is that of `password`. `None`: its own algorithm refuses its parameters.
    pub(crate) fn matches(&self, password: &[u8]) -> Option<bool> {
        let found = match &self.scheme {
            Scheme::Sha512Crypt { .. } => return crypt::is_sha512(password, &self.salt),
            scheme => scheme.derive(password, &self.salt, self.expected.len())?,
        };
        Some(self.expected.ct_eq(&found).into())
    }
}

impl Scheme {
    fn derive(&self, password: &[u8], salt: &[u8], length: usize) -> Option<Vec<u8>> {
        let mut found = vec![0; length];
        match self {
            Self::Bcrypt { cost, of_sha256 } => {
                let salt = salt.try_into().ok()?;
                let digits = of_sha256.then(|| hex::encode(Sha256::digest(password)).into_bytes());
                let password = digits.as_deref().unwrap_or(password);
                let key = password.iter().copied().chain([0]).take(BCRYPT_KEY_LENGTH);
                // The last of the 24 bytes is never stored.
                let whole = bcrypt::bcrypt(*cost, salt, &key.collect::<Vec<_>>());
                found.copy_from_slice(whole.get(..length)?);
            }
            Self::Pbkdf2 { function, iterations } => {
                let derive = match function {
                    Function::Md5 => return None,
                    Function::Sha1 => pbkdf2_hmac::<Sha1>,
                    Function::Sha256 => pbkdf2_hmac::<Sha256>,
                    Function::Sha512 => pbkdf2_hmac::<Sha512>,
                };
                derive(password, salt, *iterations, &mut found);
            }
            Self::Scrypt { log_n, r, p } => {
                let params = scrypt::Params::new(*log_n, *r, *p).ok()?;
                scrypt::scrypt(password, salt, &params, &mut found).ok()?;
            }
            Self::Argon2 { algorithm, version, params } => {
                let argon2 = Argon2::new(*algorithm, *version, params.clone());
                argon2.hash_password_into(password, salt, &mut found).ok()?;
            }
            Self::Firebase { log_n, r, signer } => {
                found = firebase::derive(password, salt, (*log_n, *r), signer)?;
            }
            Self::Phpass { log_rounds } => found = crypt::phpass_of(password, salt, *log_rounds),
            Self::Sha512Crypt { .. } => return None,
        }
        Some(found)
    }
}

fn bcrypt(cost: &str, data: &str, of_sha256: bool) -> Option<ForeignHash> {
    let cost = number(cost).filter(|cost| BCRYPT_COSTS.contains(cost))?;
    let (salt, expected) = data.split_at_checked(BCRYPT_SALT_CHARS)?;
    let (salt, expected) = (BCRYPT_BASE64.decode(salt).ok()?, BCRYPT_BASE64.decode(expected).ok()?);
    let is_whole = salt.len() == 16 && expected.len() == 23;
    is_whole.then_some(ForeignHash { scheme: Scheme::Bcrypt { cost, of_sha256 }, salt, expected })
}

impl Function {
    /// A PBKDF2 by it; MD5 makes none.
    fn pbkdf2(self, iterations: u32, salt: Vec<u8>, expected: Vec<u8>) -> Option<ForeignHash> {
        let blocks = u32::try_from(expected.len().div_ceil(self.length())).ok()?;
        let is_bearable = self != Self::Md5
            && iterations > 0
            && iterations.checked_mul(blocks)? <= PBKDF2_MOST_ITERATIONS;
        let scheme = Scheme::Pbkdf2 { function: self, iterations };
        is_bearable.then_some(ForeignHash { scheme, salt, expected })
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

fn scrypt(params: [u32; 3], salt: Vec<u8>, expected: Vec<u8>) -> Option<ForeignHash> {
    let (log_n, r, p) = scrypt_params(params)?;
    Some(ForeignHash { scheme: Scheme::Scrypt { log_n, r, p }, salt, expected })
}

/// Parameters that are bearable and that scrypt takes.
fn scrypt_params([log_n, r, p]: [u32; 3]) -> Option<(u8, u32, u32)> {
    // A table of N blocks and a buffer of p.
    let blocks = 1_u64.checked_shl(log_n)?.max(p.into());
    let memory = blocks.checked_mul(u64::from(r))?.checked_mul(128)?;
    let is_bearable = log_n > 0 && memory <= SCRYPT_MOST_BYTES && p <= SCRYPT_MOST_LANES;
    let log_n = u8::try_from(log_n).ok().filter(|_| is_bearable)?;
    scrypt::Params::new(log_n, r, p).ok()?;
    Some((log_n, r, p))
}

fn argon2(
    (name, version): (&str, Version),
    params: &str,
    salt: &str,
    hash: &str,
) -> Option<ForeignHash> {
    let algorithm = Algorithm::new(name).ok()?;
    let [memory, passes, lanes] = numbers(params, ["m", "t", "p"])?;
    let is_bearable =
        memory <= ARGON2_MOST_KIB && passes <= ARGON2_MOST_PASSES && lanes <= ARGON2_MOST_LANES;
    let params = argon2::Params::new(memory, passes, lanes, None).ok().filter(|_| is_bearable)?;
    let scheme = Scheme::Argon2 { algorithm, version, params };
    Some(ForeignHash { scheme, salt: bytes(salt)?, expected: output(hash)? })
}

fn output(text: &str) -> Option<Vec<u8>> {
    bytes(text).filter(|output| OUTPUT_LENGTHS.contains(&output.len()))
}

/// The bytes of lower-case hexadecimal digits.
fn hex(text: &str) -> Option<Vec<u8>> {
    let output = hex::decode(text).ok()?;
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    (is_lower && OUTPUT_LENGTHS.contains(&output.len())).then_some(output)
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
