use aws_lc_rs::{
    digest,
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_domain::{
    ports::KeyError,
    signing::{Algorithm, PublicKey},
};

use super::key_error;

/// A private key at work: parsed once, because parsing and checking an RSA key costs more than
/// signing with it.
pub(crate) enum Signer {
    Rsa(Box<KeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    /// A new key's PKCS #8.
    pub(super) fn generate(algorithm: Algorithm) -> Result<Vec<u8>, KeyError> {
        let failed = |_| key_error("no key could be made");
        match algorithm {
            Algorithm::Rs256 => {
                let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                Ok(der.as_ref().to_vec())
            }
            Algorithm::EdDsa => {
                let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(failed)?;
                Ok(der.as_ref().to_vec())
            }
        }
    }

    /// The key of a PKCS #8.
    pub(super) fn of(pkcs8: &[u8]) -> Result<Self, KeyError> {
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8(pkcs8) {
            return Ok(Self::Ed25519(pair));
        }
        let pair = KeyPair::from_pkcs8(pkcs8)
            .map_err(|_| key_error("a signing key is neither RSA nor Ed25519 in PKCS #8"))?;
        if pair.public_modulus_len() < 256 {
            return Err(key_error("a signing key has fewer than 2048 bits"));
        }
        Ok(Self::Rsa(Box::new(pair)))
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::Rs256,
            Self::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// The signature over a message.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| key_error("the token could not be signed"))?;
                Ok(signature)
            }
            Self::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }

    pub(super) fn public_key(&self) -> PublicKey {
        match self {
            Self::Rsa(pair) => rsa_public_key(pair),
            Self::Ed25519(pair) => ed25519_public_key(pair.public_key().as_ref()),
        }
    }
}

/// RFC 7518 §6.3.1.
fn rsa_public_key(pair: &KeyPair) -> PublicKey {
    let public = pair.public_key();
    let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
    let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
    let kid = thumbprint(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
    let (kty, alg, usage) =
        ("RSA".to_owned(), Algorithm::Rs256.as_str().to_owned(), "sig".to_owned());
    PublicKey { kid, kty, alg, usage, n: Some(n), e: Some(e), crv: None, x: None }
}

/// RFC 8037 §2.
fn ed25519_public_key(public: &[u8]) -> PublicKey {
    let x = URL_SAFE_NO_PAD.encode(public);
    let kid = thumbprint(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
    let (kty, alg, usage) =
        ("OKP".to_owned(), Algorithm::EdDsa.as_str().to_owned(), "sig".to_owned());
    PublicKey {
        kid,
        kty,
        alg,
        usage,
        n: None,
        e: None,
        crv: Some("Ed25519".to_owned()),
        x: Some(x),
    }
}

/// RFC 7638 §3: over the required members alone, in the order of their names.
fn thumbprint(members: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_of_an_ed25519_key_is_that_of_rfc_8037() {
        let public = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(ed25519_public_key(&public).kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn the_thumbprint_of_an_rsa_key_is_that_of_rfc_7638() {
        let n = concat!(
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tS",
            "oc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65",
            "YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyr",
            "dkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK",
            "nqDKgw",
        );
        let members = format!(r#"{{"e":"AQAB","kty":"RSA","n":"{n}"}}"#);
        assert_eq!(thumbprint(&members), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn each_algorithm_makes_a_key_that_reads_back() {
        for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
            let pkcs8 = Signer::generate(algorithm).unwrap();
            let signer = Signer::of(&pkcs8).unwrap();
            assert_eq!(signer.algorithm(), algorithm);
            assert_eq!(signer.public_key().alg, algorithm.as_str());
            assert_eq!(
                signer.sign(b"x").unwrap(),
                signer.sign(b"x").unwrap(),
                "the same bytes again"
            );
        }
        assert!(Signer::of(b"nothing").is_err());
    }
}
