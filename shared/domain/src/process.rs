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

/// All ports, as one request sees them. A host builds it; cloning is cheap.
#[derive(Clone)]
pub struct Ports {
    process: Process,
    pub accounts: Arc<dyn AccountStore>,
    pub organizations: Arc<dyn OrganizationStore>,
    /// Modules, permissions and roles.
    pub definitions: Arc<dyn DefinitionStore>,
    pub members: Arc<dyn MemberStore>,
    /// First answers to idempotency keys.
    pub responses: Arc<dyn IdempotencyStore>,
    pub sessions: Arc<dyn SessionStore>,
    /// Who was seen lately.
    pub presence: Arc<dyn PresenceStore>,
    /// One-time tokens of accounts.
    pub one_time_tokens: Arc<dyn OneTimeTokenStore>,
    pub limits: Arc<dyn Limits>,
    /// The log of what happened.
    pub activities: Arc<dyn ActivityStore>,
    /// What the log adds up to.
    pub activity_stats: Arc<dyn ActivityStatsStore>,
    pub activity_stream: Arc<dyn ActivityStreamStore>,
    pub outbox: Arc<dyn Outbox>,
    pub keys: Arc<dyn KeyDirectory>,
    /// Argon2id.
    pub passwords: Arc<dyn Passwords>,
}

/// Ports that few functions link, because they weigh something.
#[derive(Clone)]
pub struct Apart {
    /// What the log adds up to.
    pub activity_stats: Arc<dyn ActivityStatsStore>,
    pub activity_stream: Arc<dyn ActivityStreamStore>,
}

/// What lives as long as the process, of which a host makes the ports of each request.
#[derive(Clone)]
pub struct Process {
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub rng: Arc<dyn Rng>,
    pub settings: Arc<Settings>,
    pub secrets: Arc<dyn Secrets>,
    pub tokens: Arc<dyn Tokens>,
    pub signing: Arc<dyn SigningKeys>,
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

    /// The ports of one request, over a store and a hasher that count for it.
    pub fn ports<S>(&self, store: S, apart: Apart, passwords: impl Passwords + 'static) -> Ports
    where
        S: AccountStore + OrganizationStore + DefinitionStore + MemberStore + IdempotencyStore,
        S: SessionStore
            + PresenceStore
            + OneTimeTokenStore
            + Limits
            + ActivityStore
            + Outbox
            + KeyDirectory
            + 'static,
    {
        let store = Arc::new(store);
        Ports {
            process: self.clone(),
            accounts: Arc::clone(&store) as _,
            organizations: Arc::clone(&store) as _,
            definitions: Arc::clone(&store) as _,
            members: Arc::clone(&store) as _,
            responses: Arc::clone(&store) as _,
            sessions: Arc::clone(&store) as _,
            presence: Arc::clone(&store) as _,
            one_time_tokens: Arc::clone(&store) as _,
            limits: Arc::clone(&store) as _,
            activities: Arc::clone(&store) as _,
            activity_stats: apart.activity_stats,
            activity_stream: apart.activity_stream,
            outbox: Arc::clone(&store) as _,
            keys: store,
            passwords: Arc::new(passwords),
        }
    }
}

impl Deref for Ports {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}
