use super::error::StoreError;
use crate::model::{
    activity::PendingEvents,
    api_key::{ApiKey, DueReminder, OwnedKeys},
    clock::Timestamp,
    idempotency::IdempotencyRecord,
    ids::{ApiKeyId, UserId, WriteId},
    mail::OutboxMail,
    session::KeyRecord,
};

/// API keys. All reads are strongly consistent.
#[trait_variant::make(Send)]
pub trait ApiKeyStore: Send + Sync {
    /// Everything about a caller with a key: MUST be one round trip once the process has seen where
    /// the key acts, which never changes.
    async fn key_caller(&self, owner: UserId, key: ApiKeyId) -> Result<KeyRecord, StoreError>;
    /// Every key of an owner that is kept.
    async fn api_keys(&self, owner: UserId) -> Result<OwnedKeys, StoreError>;
    async fn api_key(&self, owner: UserId, key: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;
    /// MUST write a new key, its reminder and the record in one transaction, only while
    /// `list_version` is that of the owner's keys. Refuses with `Replayed`.
    async fn put_api_key(
        &self,
        list_version: u64,
        key: &ApiKey,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// MUST write the key as it is to be, its reminder and the record in one transaction, only
    /// while `before.version` is the stored one. Refuses with `Replayed`.
    async fn rotate_api_key(
        &self,
        before: &ApiKey,
        after: &ApiKey,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// MUST delete the key and its reminder with the record in one transaction, only while its
    /// version is the stored one.
    async fn delete_api_key(
        &self,
        key: &ApiKey,
        pending_events: &PendingEvents,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// Notes the use of a key that is there; MUST leave a later one.
    async fn note_key_use(&self, key: &ApiKey, at: Timestamp) -> Result<(), StoreError>;
    /// The reminders that are due at an instant, the longest due first, behind `after`.
    async fn due_reminders(
        &self,
        now: Timestamp,
        after: Option<DueReminder>,
        limit: usize,
    ) -> Result<Vec<DueReminder>, StoreError>;
    /// MUST take a reminder off the list and write the mail in one transaction, only while it is on
    /// the list.
    async fn end_reminder(
        &self,
        due: DueReminder,
        mail: Option<&OutboxMail>,
        write: WriteId,
    ) -> Result<(), StoreError>;
}
