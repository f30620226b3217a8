use async_trait::async_trait;

use super::StoreError;
use crate::{
    activity::Enclosed,
    clock::Timestamp,
    ids::UserId,
    organization::Person,
    recovery::{Asked, Ticket, TicketKind},
    throttle::Rule,
};

/// One-time tokens of accounts: one living token a user and kind.
#[async_trait]
pub trait TicketStore: Send + Sync {
    /// MUST make `ticket` the one living token in one write with what it encloses, unless three
    /// were made within an hour. It MUST NOT depend on whether the user exists.
    async fn put_ticket(
        &self,
        ticket: &Ticket,
        enclosed: &Enclosed,
        now: Timestamp,
    ) -> Result<Asked, StoreError>;
    /// The account and its living token of a kind, even when it is over: MUST be one round trip.
    async fn ticket(
        &self,
        owner: UserId,
        kind: TicketKind,
    ) -> Result<(Option<Person>, Option<Ticket>), StoreError>;
}

/// Counters of what networks do, and of what an address is sent.
#[async_trait]
pub trait Limits: Send + Sync {
    /// Counts one, and tells how many there are in the period that begins at `window`.
    async fn count(&self, rule: Rule, whose: &str, window: Timestamp) -> Result<u32, StoreError>;
}
