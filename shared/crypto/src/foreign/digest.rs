//! Digests that are fast to try: MD5 and SHA of a salt and the password. They are wrapped in
//! Argon2id before they are stored (OWASP Password Storage Cheat Sheet, "Upgrading Legacy Hashes").

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::{bytes, hex};

/// What our own spelling begins with: `$digest-sha256$prefix$SALT$DIGEST`, both in Base64.
const OWN: &str = "digest-";
/// The longest salt that is taken.
const MOST_SALT: usize = 128;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Function {
    const ALL: [Self; 4] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    pub(super) fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn digest(self, parts: [&[u8]; 2]) -> Vec<u8> {
        fn of<D: Digest>([first, second]: [&[u8]; 2]) -> Vec<u8> {
            D::new().chain_update(first).chain_update(second).finalize().to_vec()
        }
        match self {
            Self::Md5 => of::<Md5>(parts),
            Self::Sha1 => of::<Sha1>(parts),
            Self::Sha256 => of::<Sha256>(parts),
            Self::Sha512 => of::<Sha512>(parts),
        }
    }

    /// HMAC (RFC 2104), whose keys are of any length.
    fn tag(self, key: &[u8], password: &[u8]) -> Option<Vec<u8>> {
        fn of<M: Mac + KeyInit>(key: &[u8], password: &[u8]) -> Option<Vec<u8>> {
            let mac = <M as KeyInit>::new_from_slice(key).ok()?;
            Some(mac.chain_update(password).finalize().into_bytes().to_vec())
        }
        match self {
            Self::Md5 => of::<Hmac<Md5>>(key, password),
            Self::Sha1 => of::<Hmac<Sha1>>(key, password),
            Self::Sha256 => of::<Hmac<Sha256>>(key, password),
            Self::Sha512 => of::<Hmac<Sha512>>(key, password),
        }
    }
}

/// Where the salt goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Prefix,
    Suffix,
    /// It is the key of an HMAC.
    Key,
}

impl Place {
    const ALL: [Self; 3] = [Self::Prefix, Self::Suffix, Self::Key];

    fn name(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::Suffix => "suffix",
            Self::Key => "key",
        }
    }
}

/// How such a digest is made, with its salt.
struct Recipe {
    function: Function,
    place: Place,
    salt: Vec<u8>,
}

impl Recipe {
    /// Of a name such as `digest-sha256`, a place and a salt in Base64.
    fn parse(name: &str, place: &str, salt: &str) -> Option<Self> {
        let function = Function::of(name.strip_prefix(OWN)?)?;
        let place = Place::ALL.into_iter().find(|one| one.name() == place)?;
        Some(Self { function, place, salt: bytes(salt).filter(|salt| salt.len() <= MOST_SALT)? })
    }

    fn digest(&self, password: &[u8]) -> Option<Vec<u8>> {
        match self.place {
            Place::Prefix => Some(self.function.digest([&self.salt, password])),
            Place::Suffix => Some(self.function.digest([password, &self.salt])),
            Place::Key => self.function.tag(&self.salt, password),
        }
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let salt = STANDARD_NO_PAD.encode(&self.salt);
        write!(f, "${OWN}{}${}${salt}", self.function.name(), self.place.name())
    }
}

/// A digest as another system stores it. Ours stores none.
pub(crate) struct FastDigest {
    recipe: Recipe,
    digest: Vec<u8>,
}

impl FastDigest {
    /// In our own spelling, Django's (`md5$SALT$HEX`), LDAP's (`{SSHA}BASE64`, RFC 2307), or
    /// hexadecimal digits alone, which their number tells apart.
    pub(crate) fn parse(stored: &str) -> Option<Self> {
        let fields: Vec<&str> = stored.split('$').collect();
        let (recipe, digest) = match *fields.as_slice() {
            ["", name, place, salt, digest] => (Recipe::parse(name, place, salt)?, bytes(digest)?),
            [name, salt, digest] => {
                let (function, salt) = (Function::of(name)?, salt.as_bytes().to_vec());
                (
                    Recipe { function, place: Place::Prefix, salt },
                    hex(&digest.to_ascii_lowercase())?,
                )
            }
            [text] if text.starts_with('{') => ldap(text)?,
            [digits] => {
                let digest = hex(&digits.to_ascii_lowercase())?;
                let mut all = Function::ALL.into_iter();
                let function = all.find(|function| function.length() == digest.len())?;
                (Recipe { function, place: Place::Prefix, salt: Vec::new() }, digest)
            }
            _ => return None,
        };
        let is_whole = digest.len() == recipe.function.length() && recipe.salt.len() <= MOST_SALT;
        is_whole.then_some(Self { recipe, digest })
    }

    /// The digest, which is the password of the Argon2id around it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.digest
    }

    /// What is stored: how the digest is made, and an Argon2id hash of it in the place of it.
    pub(crate) fn wrapped_in(&self, argon2id: &str) -> String {
        format!("{}{argon2id}", self.recipe)
    }
}

/// `{SSHA}`, `{SMD5}`, `{SSHA512}` and their like have the salt behind the digest.
fn ldap(text: &str) -> Option<(Recipe, Vec<u8>)> {
    let (name, rest) = text.strip_prefix('{')?.split_once('}')?;
    let function = match name.to_ascii_uppercase().as_str() {
        "MD5" | "SMD5" => Function::Md5,
        "SHA" | "SSHA" => Function::Sha1,
        "SHA256" | "SSHA256" => Function::Sha256,
        "SHA512" | "SSHA512" => Function::Sha512,
        _ => return None,
    };
    let mut digest = bytes(rest)?;
    (digest.len() >= function.length()).then_some(())?;
    let salt = digest.split_off(function.length());
    Some((Recipe { function, place: Place::Suffix, salt }, digest))
}

/// A digest as it is stored: in Argon2id.
pub(crate) struct WrappedDigest<'a> {
    recipe: Recipe,
    /// The hash of the digest, in its PHC string.
    pub(crate) argon2id: &'a str,
}

impl<'a> WrappedDigest<'a> {
    /// What [`FastDigest::wrapped_in`] made.
    pub(crate) fn parse(stored: &'a str) -> Option<Self> {
        let (head, argon2id) = stored.split_at_checked(stored.find("$argon2id$")?)?;
        let fields: Vec<&str> = head.split('$').collect();
        let ["", name, place, salt] = *fields.as_slice() else { return None };
        Some(Self { recipe: Recipe::parse(name, place, salt)?, argon2id })
    }

    /// The digest of a password.
    pub(crate) fn digest(&self, password: &[u8]) -> Option<Vec<u8>> {
        self.recipe.digest(password)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::{
        ForeignHash,
        tests::{ASCII, UNICODE},
    };

    fn is_of(password: &str, stored: &str) -> Option<bool> {
        let fast = FastDigest::parse(stored)?;
        Some(fast.recipe.digest(password.as_bytes())? == fast.digest)
    }

    /// Made by Python's hashlib and hmac.
    #[test]
    fn salted_digests_are_read_in_every_spelling() {
        for stored in [
            "md5$salt42$a8f339da3d28a21b91953043a2658183",
            "sha1$salt42$4221fd78064a56663b7c8c08440acb2982204a65",
            "md5$$726b985109b4b42d1115c292311c182d",
            "726b985109b4b42d1115c292311c182d",
            "C3E368EC222B44C90D319A7556AB8DD328CE9E40",
            "eac50e1470f421444588d14a96bea3d842d371514094a45491a321d0e046e480",
            "f48e22fbb1e22edd43fe2270a5934b2b5d77d22802336eb1d319de350ac0f95d1996e0af887d093668fc5\
                1190d36e7094811444ad239cf26d643268985920e47",
            "{SSHA}LgExjeo+0pxdPaUs+yIHpERFyUcAAXNhbHRzYWx0",
            "{sha}w+No7CIrRMkNMZp1VquN0yjOnkA=",
            "{SMD5}RaCpJyhjtzJFPkp9P0LCo2FiY2Q=",
            "{SSHA256}QYdJVSCv0CwvQlsHmHsTj5beVAzTTrwNPyvvcELVeSFhYmNk",
            "{SSHA512}jnIGQtxR6zgZYjgDL72Wc70E3glZEivblsb8qk5li4I23pNRTzJGvl/36+kxqXTHZfu/dvYVkP/R\
                pyPTGFioh2FiY2RlZmdo",
            "$digest-sha256$prefix$cHJl$U1Zx+UO0Q5Y5vRIO7/i5aMCSlTZ2uUUE7x7mw80O1uY",
            "$digest-sha512$suffix$c3Vm$iZIbAs3Ewk3jsV+5ruNMlP1tXArXrCGhqOaQDpxAAalWwnpGmG9XNvs7Nx\
                UyDl7bDYaDX2aKuMks9KI2RbI90g",
            "$digest-sha256$key$dGhlIGtleQ$AZE156JHMnvMKxD/HbFxq83UeSJingmsoCnjt9D++54",
            "$digest-md5$key$dGhlIGtleQ$I98G6cTzPZVZVE0B0gBDvg",
        ] {
            assert_eq!(is_of(ASCII, stored), Some(true), "{stored}");
            assert_eq!(is_of(UNICODE, stored), Some(false), "{stored}");
            assert_eq!(
                ForeignHash::parse(stored).map(drop),
                None,
                "{stored}: nothing else reads it"
            );
        }
        for stored in [
            "{SSHA256}23jhws8UKM5isXrKU2Hfl0GcaJhyi/7NlZfDc2XE6gRhYmNk",
            "$digest-md5$key$dGhlIGtleQ$9oaqd8GEctu6OKV+hW6F9A",
        ] {
            assert_eq!(is_of(UNICODE, stored), Some(true), "{stored}");
        }
    }

    #[test]
    fn what_is_no_digest_is_none() {
        let long = format!("md5${}$726b985109b4b42d1115c292311c182d", "s".repeat(129));
        for stored in [
            "",
            "md5$x$0123456789abcdef",
            "md4$$726b985109b4b42d1115c292311c182d",
            "726b985109b4b42d1115c292311c182",
            "726b985109b4b42d1115c292311c182dff",
            "{SSHA}LgExjeo",
            "{CRYPT}LgExjeo+0pxdPaUs+yIHpERFyUc=",
            "$digest-sha256$middle$cHJl$U1Zx+UO0Q5Y5vRIO7/i5aMCSlTZ2uUUE7x7mw80O1uY",
            "$digest-sha1$prefix$cHJl$U1Zx+UO0Q5Y5vRIO7/i5aMCSlTZ2uUUE7x7mw80O1uY",
            &long,
        ] {
            assert!(FastDigest::parse(stored).is_none(), "{stored}");
        }
    }

    #[test]
    fn a_wrapped_digest_reads_back_and_holds_no_digest() {
        let stored = "sha1$salt42$4221fd78064a56663b7c8c08440acb2982204a65";
        let fast = FastDigest::parse(stored).unwrap();
        let argon2id = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aXh3Mm0";
        let text = fast.wrapped_in(argon2id);
        assert_eq!(text, format!("$digest-sha1$prefix$c2FsdDQy{argon2id}"));
        let wrapped = WrappedDigest::parse(&text).unwrap();
        assert_eq!(wrapped.argon2id, argon2id);
        assert_eq!(wrapped.digest(ASCII.as_bytes()).unwrap(), fast.bytes());
        for other in [argon2id, stored, &format!("$digest-sha1$prefix{argon2id}")] {
            assert!(WrappedDigest::parse(other).is_none(), "{other}");
        }
    }
}
