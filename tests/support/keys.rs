//! Keys for stacks that keep nothing. To find an RSA key takes longer than most tests: all stacks
//! draw from the same few, each its own first, second and third one.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use rolecall_crypto::{KeySource, MemoryKeys};
use rolecall_domain::{ports::KeyError, signing::Algorithm};

static FOUND: [OnceLock<Vec<u8>>; 3] = [const { OnceLock::new() }; 3];

#[derive(Default)]
struct SharedKeys {
    memory: MemoryKeys,
    drawn: AtomicUsize,
}

/// A place of its own for each stack.
pub(crate) fn shared() -> Arc<dyn KeySource> {
    Arc::new(SharedKeys::default())
}

#[async_trait]
impl KeySource for SharedKeys {
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyError> {
        self.memory.read(name).await
    }

    async fn keep(&self, name: &str, secret: &[u8]) -> Result<(), KeyError> {
        self.memory.keep(name, secret).await
    }

    async fn destroy(&self, name: &str) -> Result<(), KeyError> {
        self.memory.destroy(name).await
    }

    fn generate(&self, algorithm: Algorithm) -> Result<Vec<u8>, KeyError> {
        match FOUND.get(self.drawn.fetch_add(1, Ordering::Relaxed)) {
            Some(found) if algorithm == Algorithm::Rs256 => Ok(found
                .get_or_init(|| self.memory.generate(algorithm).expect("a key is found"))
                .clone()),
            _ => self.memory.generate(algorithm),
        }
    }
}
