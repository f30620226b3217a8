use super::error::StoreError;
use crate::model::{
    account::Email,
    activity::PendingEvents,
    clock::Timestamp,
    idempotency::IdempotencyRecord,
    ids::{InvitationId, WriteId},
    invitation::Invitation,
};

/// Invitations into organizations: one living an organization and address. All reads are strongly
/// consistent.
#[trait_variant::make(Send)]
pub trait InvitationStore: Send + Sync {
    async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError>;
    /// A page of an organization's, by id, behind `after`; at most `limit`, and the last one of the
    /// page where there are more.
    async fn invitations(
        &self,
        log: &str,
        after: Option<InvitationId>,
        limit: usize,
    ) -> Result<(Vec<Invitation>, Option<InvitationId>), StoreError>;
    /// Those of an address, at most `limit`.
    async fn invitations_of(
        &self,
        email: &Email,
        limit: usize,
    ) -> Result<Vec<Invitation>, StoreError>;
    /// The one of an address and an organization.
    async fn invitation_to(
        &self,
        log: &str,
        email: &Email,
    ) -> Result<Option<Invitation>, StoreError>;
    /// MUST write an invitation in the place of `before`, which MUST be as it was read, and its
    /// pending events in one transaction, while the accounts that its record names are as they
    /// were. Without `before` there MUST be none of the address and organization.
    async fn put_invitation(
        &self,
        before: Option<&Invitation>,
        after: &Invitation,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// MUST take an invitation away as it was read, in one transaction with its record.
    async fn end_invitation(
        &self,
        invitation: &Invitation,
        pending_events: &PendingEvents,
        write: WriteId,
    ) -> Result<(), StoreError>;
}
