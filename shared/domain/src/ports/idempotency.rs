use super::error::StoreError;
use crate::model::{clock::Timestamp, idempotency::Remembered};

#[trait_variant::make(Send)]
pub trait IdempotencyStore: Send + Sync {
    /// What is remembered of a key, strongly consistent.
    async fn stored_response(
        &self,
        key: &[u8; 32],
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Remembered, StoreError>;
}
