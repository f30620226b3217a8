use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use rolecall_domain::{
    clock::{Clock, SignedDuration, Timestamp, after},
    ports::KeyError,
};
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

use crate::KeySource;

/// The name of the proxy's secret among the keys.
const SECRET: &str = "proxy";

/// A secret is read again after so long, so that another one takes its place.
const KEPT: SignedDuration = SignedDuration::from_secs(60);

/// A shorter secret is none.
const LEAST: usize = 16;

/// The proxy that may say who the client is, known by a secret that it alone adds to a request, and
/// never by its address.
pub struct TrustedProxy {
    /// None where no proxy is trusted: then nothing is read.
    keys: Option<Arc<dyn KeySource>>,
    clock: Arc<dyn Clock>,
    kept: Mutex<Option<(Timestamp, Option<Vec<u8>>)>>,
}

impl TrustedProxy {
    /// The proxy whose secret is among these keys, if one is trusted at all.
    #[must_use]
    pub fn new(is_trusted: bool, keys: Arc<dyn KeySource>, clock: Arc<dyn Clock>) -> Self {
        Self { keys: is_trusted.then_some(keys), clock, kept: Mutex::new(None) }
    }

    /// Whether a request that carries this text came through it. The comparison takes the same time
    /// wherever they differ; a secret that cannot be read is told, and knows nobody.
    pub async fn knows(&self, given: &[u8]) -> Result<bool, KeyError> {
        let Some(keys) = &self.keys else {
            return Ok(false);
        };
        let now = self.clock.now();
        let mut kept = self.kept.lock().await;
        let is_fresh = kept.as_ref().is_some_and(|(read, _)| after(*read, KEPT) > now);
        if !is_fresh {
            *kept = Some((now, keys.read(SECRET).await?));
        }
        let secret = kept.as_ref().and_then(|(_, secret)| secret.as_deref());
        let given = STANDARD.decode(given).ok();
        Ok(match (secret.filter(|secret| secret.len() >= LEAST), given) {
            (Some(secret), Some(given)) => secret.ct_eq(&given).into(),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use rolecall_domain::clock::SystemClock;

    use super::*;
    use crate::MemoryKeys;

    async fn proxy(is_trusted: bool, secret: &[u8]) -> TrustedProxy {
        let keys = Arc::new(MemoryKeys::default());
        keys.keep(SECRET, secret).await.unwrap();
        TrustedProxy::new(is_trusted, keys, Arc::new(SystemClock))
    }

    #[tokio::test]
    async fn only_the_whole_secret_of_a_proxy_that_is_trusted_is_known() {
        let secret = [7; 32];
        let text = STANDARD.encode(secret);
        assert!(proxy(true, &secret).await.knows(text.as_bytes()).await.unwrap());
        assert!(!proxy(false, &secret).await.knows(text.as_bytes()).await.unwrap());
        let proxy_of_this = proxy(true, &secret).await;
        for wrong in ["", &text[1..], &text[..40], &STANDARD.encode([8; 32]), "ö", &text.repeat(2)]
        {
            assert!(!proxy_of_this.knows(wrong.as_bytes()).await.unwrap(), "{wrong}");
        }
        for short in [&secret[..15], &[]] {
            let text = STANDARD.encode(short);
            assert!(!proxy(true, short).await.knows(text.as_bytes()).await.unwrap());
        }
        let none = TrustedProxy::new(true, Arc::new(MemoryKeys::default()), Arc::new(SystemClock));
        assert!(!none.knows(b"").await.unwrap());
    }
}
