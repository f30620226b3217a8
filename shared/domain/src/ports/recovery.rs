use super::error::StoreError;
use crate::model::{
    activity::PendingEvents,
    clock::Timestamp,
    ids::UserId,
    organization::UserWithMemberships,
    recovery::{OneTimeToken, Requested},
    throttle::Rule,
    token::Purpose,
};

/// One-time tokens of accounts: one living token a user and purpose.
#[trait_variant::make(Send)]
pub trait OneTimeTokenStore: Send + Sync {
    /// MUST make `one_time_token` the one living token in one write with its pending events, unless
    /// three were made within an hour; for an administrator only while
    /// [`Activity::allowed_on`](crate::activity::Activity::allowed_on) holds. It MUST NOT depend on
    /// whether the user exists.
    async fn put_one_time_token(
        &self,
        one_time_token: &OneTimeToken,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<Requested, StoreError>;
    /// The account and its living token of a purpose, even when it is over: MUST be one round trip.
    async fn one_time_token(
        &self,
        owner: UserId,
        purpose: Purpose,
    ) -> Result<(Option<UserWithMemberships>, Option<OneTimeToken>), StoreError>;
}

/// Counters of what networks do, and of what an address is sent.
#[trait_variant::make(Send)]
pub trait Limits: Send + Sync {
    /// Counts `more`, and tells how many there are in the period that begins at `window`.
    async fn count_more(
        &self,
        rule: &str,
        whose: &str,
        window: Timestamp,
        more: u32,
    ) -> Result<u32, StoreError>;
    /// Counts one, and tells how many there are in the period that begins at `window`.
    async fn count_use(
        &self,
        rule: Rule,
        whose: &str,
        window: Timestamp,
    ) -> Result<u32, StoreError>;
}
