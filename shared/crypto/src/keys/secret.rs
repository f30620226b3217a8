use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    hmac::{self, Context},
};
use rolecall_domain::{
    ports::{Derivation, KeyError},
    signing::KeyId,
};

use super::key_error;

/// A secret key at work.
pub(crate) struct Secret {
    id: KeyId,
    tags: hmac::Key,
    seals: RandomizedNonceKey,
}

const NONCE: usize = 12;

impl Secret {
    /// The key of 256 bits that is kept under an id.
    pub(super) fn of(id: KeyId, secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() != 32 {
            return Err(key_error("a secret key does not have 256 bits"));
        }
        if id != KeyId::BEFORE_IDS && id != KeyId::of(secret) {
            return Err(key_error("a secret key is not the one of its id"));
        }
        let tags = hmac::Key::new(hmac::HMAC_SHA256, secret);
        // A key of its own for the seals (NIST SP 800-108 §4, one block).
        let seals = hmac::sign(&tags, b"rolecall/seals/1\0");
        let seals = RandomizedNonceKey::new(&AES_256_GCM, seals.as_ref())
            .map_err(|_| key_error("a secret key cannot seal"))?;
        Ok(Self { id, tags, seals })
    }

    /// HMAC-SHA-256 over purpose and parts.
    pub(crate) fn tag(&self, purpose: Derivation, parts: &[&[u8]]) -> Result<[u8; 32], KeyError> {
        let mut context = Context::with_key(&self.tags);
        context.update(label(purpose));
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let tag = context.sign();
        tag.as_ref().try_into().map_err(|_| key_error("HMAC-SHA-256 has no 32 bytes"))
    }

    /// Id, nonce, and the content under AES-256-GCM.
    pub(crate) fn seal(
        &self,
        purpose: &[u8],
        bound_to: &[u8],
        content: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let mut sealed = content.to_vec();
        let nonce = self
            .seals
            .seal_in_place_append_tag(Aad::from([purpose, bound_to].concat()), &mut sealed)
            .map_err(|_| key_error("nothing could be sealed"))?;
        Ok([self.id.as_bytes().as_slice(), nonce.as_ref(), &sealed].concat())
    }

    /// The content of what follows the id.
    pub(crate) fn open(&self, purpose: &[u8], bound_to: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let mut content = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let aad = Aad::from([purpose, bound_to].concat());
        let length = self.seals.open_in_place(nonce, aad, &mut content).ok()?.len();
        content.truncate(length);
        Some(content)
    }
}

fn label(purpose: Derivation) -> &'static [u8] {
    match purpose {
        Derivation::RefreshToken => b"rolecall/refresh-token/1\0",
        Derivation::TokenId => b"rolecall/token-id/1\0",
        Derivation::Device => b"rolecall/device/1\0",
        Derivation::Stranger => b"rolecall/stranger/1\0",
        Derivation::TokenSecret => b"rolecall/mail-token/1\0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::of(KeyId::of(&[7; 32]), &[7; 32]).unwrap()
    }

    #[test]
    fn purpose_and_the_cut_between_parts_are_part_of_the_tag() {
        let secret = secret();
        let tag = secret.tag(Derivation::RefreshToken, &[b"ab", b"c"]).unwrap();
        assert_eq!(tag, secret.tag(Derivation::RefreshToken, &[b"ab", b"c"]).unwrap());
        assert_ne!(tag, secret.tag(Derivation::RefreshToken, &[b"a", b"bc"]).unwrap());
        assert_ne!(tag, secret.tag(Derivation::TokenSecret, &[b"ab", b"c"]).unwrap());
    }

    #[test]
    fn what_is_sealed_opens_with_its_purpose_its_owner_and_every_bit() {
        let secret = secret();
        let sealed = secret.seal(b"verifier\0", b"ada", b"content").unwrap();
        let (id, sealed) = sealed.split_at(4);
        assert_eq!(id, secret.id.as_bytes());
        let content = secret.open(b"verifier\0", b"ada", sealed);
        assert_eq!(content.as_deref(), Some(b"content".as_slice()));
        assert_eq!(secret.open(b"response\0", b"ada", sealed), None);
        assert_eq!(secret.open(b"verifier\0", b"eve", sealed), None);
        for bit in 0..sealed.len() * 8 {
            let mut altered = sealed.to_vec();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(secret.open(b"verifier\0", b"ada", &altered), None, "bit {bit}");
        }
        for short in 0..sealed.len() {
            assert_eq!(secret.open(b"verifier\0", b"ada", &sealed[..short]), None);
        }
        let again = secret.seal(b"verifier\0", b"ada", b"content").unwrap();
        assert_ne!(&again[4..], sealed, "no two seals look alike");
    }

    #[test]
    fn a_key_of_another_length_or_another_id_is_none() {
        assert!(Secret::of(KeyId::of(&[7; 31]), &[7; 31]).is_err());
        assert!(Secret::of(KeyId::of(&[8; 32]), &[7; 32]).is_err());
        assert!(Secret::of(KeyId::BEFORE_IDS, &[7; 32]).is_ok());
    }
}
