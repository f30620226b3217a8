//! The ports put together: for the process, and for one request.

use std::{ops::Deref, sync::Arc};

use crate::{
    clock::Clock,
    ids::Id,
    permission::KeptCatalogue,
    ports::{
        AccountStore, ActivityStore, AnswerStore, DefinitionStore, FeedStore, KeyDirectory, Limits,
        MemberStore, OrganizationStore, Outbox, Passwords, PresenceStore, Secrets, SessionStore,
        SigningKeys, StatsStore, TicketStore, Tokens,
    },
    rng::Rng,
    settings::Settings,
    throttle::Blocked,
};

/// All ports, as one request sees them. A host builds it; cloning is cheap.
#[derive(Clone)]
pub struct Ports {
    process: Process,
    /// Accounts and sign-ups.
    pub accounts: Arc<dyn AccountStore>,
    /// Organizations.
    pub organizations: Arc<dyn OrganizationStore>,
    /// Modules, permissions and roles.
    pub definitions: Arc<dyn DefinitionStore>,
    /// Who belongs where.
    pub members: Arc<dyn MemberStore>,
    /// First answers to idempotency keys.
    pub answers: Arc<dyn AnswerStore>,
    /// Sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// Who was seen lately.
    pub presence: Arc<dyn PresenceStore>,
    /// One-time tokens of accounts.
    pub tickets: Arc<dyn TicketStore>,
    /// What networks did.
    pub limits: Arc<dyn Limits>,
    /// The log of what happened.
    pub activities: Arc<dyn ActivityStore>,
    /// What the log adds up to.
    pub stats: Arc<dyn StatsStore>,
    /// The feed.
    pub feed: Arc<dyn FeedStore>,
    /// Mail that waits.
    pub outbox: Arc<dyn Outbox>,
    /// Public keys.
    pub keys: Arc<dyn KeyDirectory>,
    /// Argon2id.
    pub passwords: Arc<dyn Passwords>,
}

/// Ports that few functions link, because they weigh something.
#[derive(Clone)]
pub struct Apart {
    /// What the log adds up to.
    pub stats: Arc<dyn StatsStore>,
    /// The feed.
    pub feed: Arc<dyn FeedStore>,
}

/// What lives as long as the process, of which a host makes the ports of each request.
#[derive(Clone)]
pub struct Process {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub rng: Arc<dyn Rng>,
    /// The settings.
    pub settings: Arc<Settings>,
    /// The server key.
    pub secrets: Arc<dyn Secrets>,
    /// Access tokens.
    pub tokens: Arc<dyn Tokens>,
    /// Private signing keys.
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
        S: AccountStore + OrganizationStore + DefinitionStore + MemberStore + AnswerStore,
        S: SessionStore
            + PresenceStore
            + TicketStore
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
            answers: Arc::clone(&store) as _,
            sessions: Arc::clone(&store) as _,
            presence: Arc::clone(&store) as _,
            tickets: Arc::clone(&store) as _,
            limits: Arc::clone(&store) as _,
            activities: Arc::clone(&store) as _,
            stats: apart.stats,
            feed: apart.feed,
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
