//! The ports put together: for the process, and for one request.

use std::sync::Arc;

use crate::{
    clock::Clock,
    ports::{AccountStore, KeyDirectory, Outbox, Passwords, Secrets, SessionStore, Tokens},
    rng::Rng,
    settings::Settings,
};

/// All ports, as one request sees them. A host builds it; cloning is cheap.
#[derive(Clone)]
pub struct Ports {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub rng: Arc<dyn Rng>,
    /// The settings.
    pub settings: Arc<Settings>,
    /// Accounts and sign-ups.
    pub accounts: Arc<dyn AccountStore>,
    /// Sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// Mail that waits.
    pub outbox: Arc<dyn Outbox>,
    /// Public keys.
    pub keys: Arc<dyn KeyDirectory>,
    /// Argon2id.
    pub passwords: Arc<dyn Passwords>,
    /// The server key.
    pub secrets: Arc<dyn Secrets>,
    /// Access tokens.
    pub tokens: Arc<dyn Tokens>,
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
}

impl Process {
    /// The ports of one request, over a store and a hasher that count for it.
    pub fn ports<S>(&self, store: S, passwords: impl Passwords + 'static) -> Ports
    where
        S: AccountStore + SessionStore + Outbox + KeyDirectory + 'static,
    {
        let store = Arc::new(store);
        Ports {
            clock: Arc::clone(&self.clock),
            rng: Arc::clone(&self.rng),
            settings: Arc::clone(&self.settings),
            accounts: Arc::clone(&store) as _,
            sessions: Arc::clone(&store) as _,
            outbox: Arc::clone(&store) as _,
            keys: store,
            passwords: Arc::new(passwords),
            secrets: Arc::clone(&self.secrets),
            tokens: Arc::clone(&self.tokens),
        }
    }
}
