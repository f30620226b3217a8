//! The ports put together: for the process, and for one request.

use std::{ops::Deref, sync::Arc};

use crate::{
    clock::Clock,
    ids::Id,
    permission::KeptCatalogue,
    ports::{
        AccountStore, ActivityStatsStore, ActivityStore, ActivityStreamStore, DefinitionStore,
        IdempotencyStore, KeyDirectory, Limits, MemberStore, OneTimeTokenStore, OrganizationStore,
        Outbox, Passwords, PresenceStore, Secrets, SessionStore, SigningKeys, Tokens,
    },
    rng::Rng,
    settings::Settings,
    throttle::Blocked,
};

/// Every port of the table.
pub trait Store:
    AccountStore
    + ActivityStatsStore
    + ActivityStore
    + ActivityStreamStore
    + DefinitionStore
    + IdempotencyStore
    + KeyDirectory
    + Limits
    + MemberStore
    + OneTimeTokenStore
    + OrganizationStore
    + Outbox
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
        + DefinitionStore
        + IdempotencyStore
        + KeyDirectory
        + Limits
        + MemberStore
        + OneTimeTokenStore
        + OrganizationStore
        + Outbox
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

/// What lives as long as the process, of which a host makes the ports of each request.
#[derive(Clone)]
pub struct Process {
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub rng: Arc<dyn Rng>,
    pub settings: Arc<Settings>,
    /// Networks that this process turns away for now.
    pub blocked: Arc<Blocked>,
    /// The catalogue as it was last read.
    pub catalogue: Arc<KeptCatalogue>,
}

impl Process {
    /// A new id that sorts by the time it was made.
    #[must_use]
    pub fn id<Kind>(&self) -> Id<Kind> {
        Id::new(self.clock.as_ref(), self.rng.as_ref())
    }

    /// The ports of one request, over adapters that count for it.
    #[must_use]
    pub fn ports<S, C>(&self, store: S, crypto: C) -> Ports<S, C> {
        Ports { process: self.clone(), store, crypto }
    }
}

impl<S, C> Deref for Ports<S, C> {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}
