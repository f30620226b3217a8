//! The ports put together, as one request sees them.

use std::ops::Deref;

use super::{
    accounts::AccountStore,
    activities::ActivityStore,
    activity_stats::ActivityStatsStore,
    activity_stream::ActivityStreamStore,
    administration::{DefinitionStore, MemberStore, OrganizationStore},
    api_keys::ApiKeyStore,
    appearance::AppearanceStore,
    crypto::{KeyDirectory, Passwords, Secrets, SigningKeys, Tokens},
    erasures::ErasureStore,
    idempotency::IdempotencyStore,
    invitations::InvitationStore,
    mail::Outbox,
    people::PeopleStore,
    recovery::{Limits, OneTimeTokenStore},
    sessions::{PresenceStore, SessionStore},
};
use crate::model::process::Process;

/// Every port of the table.
pub trait Store:
    AccountStore
    + ActivityStatsStore
    + ActivityStore
    + ActivityStreamStore
    + ApiKeyStore
    + AppearanceStore
    + DefinitionStore
    + ErasureStore
    + IdempotencyStore
    + InvitationStore
    + KeyDirectory
    + Limits
    + MemberStore
    + OneTimeTokenStore
    + OrganizationStore
    + Outbox
    + PeopleStore
    + PresenceStore
    + SessionStore
    + Clone
    + 'static
{
}

impl<S> Store for S where
    S: AccountStore
        + ActivityStatsStore
        + ActivityStore
        + ActivityStreamStore
        + ApiKeyStore
        + AppearanceStore
        + DefinitionStore
        + ErasureStore
        + IdempotencyStore
        + InvitationStore
        + KeyDirectory
        + Limits
        + MemberStore
        + OneTimeTokenStore
        + OrganizationStore
        + Outbox
        + PeopleStore
        + PresenceStore
        + SessionStore
        + Clone
        + 'static
{
}

/// Every port of passwords, keys and tokens.
pub trait Crypto: Passwords + Secrets + SigningKeys + Tokens + Clone + 'static {}

impl<C> Crypto for C where C: Passwords + Secrets + SigningKeys + Tokens + Clone + 'static {}

/// All ports, as one request sees them. A host builds it; cloning is cheap.
///
/// Use cases are generic over the adapters behind the ports, and `functions` fixes them once: so a
/// function links the methods that it calls and no others (decision 0016).
#[derive(Clone)]
pub struct Ports<S, C> {
    process: Process,
    pub store: S,
    pub crypto: C,
}

impl<S, C> Ports<S, C> {
    /// The ports of one request, over adapters that count for it.
    #[must_use]
    pub fn new(process: &Process, store: S, crypto: C) -> Self {
        Self { process: process.clone(), store, crypto }
    }
}

impl<S, C> Deref for Ports<S, C> {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}
