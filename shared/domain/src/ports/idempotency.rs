use super::error::StoreError;
use crate::model::{clock::Timestamp, idempotency::SealedResponse};

#[trait_variant::make(Send)]
pub trait IdempotencyStore: Send + Sync {
    /// What is remembered of a key, strongly consistent.
    async fn stored_response(
        &self,
        key: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<SealedResponse>, StoreError>;
}
