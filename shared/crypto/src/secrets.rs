use aws_lc_rs::hmac::{self, Context};
use rolecall_domain::ports::{Derivation, KeyError, Secrets};

use crate::keys::KeyRing;

impl Secrets for KeyRing {
    async fn derive(&self, purpose: Derivation, parts: &[&[u8]]) -> Result<[u8; 32], KeyError> {
        let tag = input(self.server().await?, purpose, parts).sign();
        tag.as_ref().try_into().map_err(|_| KeyError("HMAC-SHA-256 has no 32 bytes".to_owned()))
    }

    async fn check_derived(
        &self,
        purpose: Derivation,
        parts: &[&[u8]],
        tag: &[u8],
    ) -> Result<bool, KeyError> {
        let right = self.derive(purpose, parts).await?;
        Ok(aws_lc_rs::constant_time::verify_slices_are_equal(&right, tag).is_ok())
    }
}

fn input(key: &hmac::Key, purpose: Derivation, parts: &[&[u8]]) -> Context {
    let mut context = Context::with_key(key);
    context.update(label(purpose));
    for part in parts {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    }
    context
}

fn label(purpose: Derivation) -> &'static [u8] {
    match purpose {
        Derivation::RefreshToken => b"rolecall/refresh-token/1\0",
        Derivation::TokenId => b"rolecall/token-id/1\0",
        Derivation::Device => b"rolecall/device/1\0",
        Derivation::Cursor => b"rolecall/cursor/1\0",
        Derivation::Stranger => b"rolecall/stranger/1\0",
        Derivation::TokenSecret => b"rolecall/mail-token/1\0",
        Derivation::Fingerprint => b"rolecall/fingerprint/1\0",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use rolecall_domain::ports::SigningKeys;

    use crate::keys::MemoryKeys;

    #[tokio::test]
    async fn purpose_and_the_cut_between_parts_are_part_of_the_tag() {
        let ring = KeyRing::new(Arc::new(MemoryKeys::default()));
        ring.prepare_server_key().await.unwrap();
        let tag = ring.derive(Derivation::RefreshToken, &[b"ab", b"c"]).await.unwrap();
        assert!(ring.check_derived(Derivation::RefreshToken, &[b"ab", b"c"], &tag).await.unwrap());
        assert!(!ring.check_derived(Derivation::RefreshToken, &[b"a", b"bc"], &tag).await.unwrap());
        assert!(!ring.check_derived(Derivation::TokenSecret, &[b"ab", b"c"], &tag).await.unwrap());
        assert!(
            !ring
                .check_derived(Derivation::RefreshToken, &[b"ab", b"c"], &tag[..31])
                .await
                .unwrap()
        );
    }
}
