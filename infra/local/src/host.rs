use std::sync::Arc;

use rolecall_crypto::{AccessTokens, DirectoryKeys, KeyMaterial, KeyRing, KeySource, MemoryKeys, PasswordPool};
use rolecall_domain::{
    Ports,
    clock::Clock,
    meter::Meter,
    ports::{KeyDirectory, Mailer},
    rng::{Rng, SystemRng},
    settings::Settings,
};
use rolecall_mail::SesMailer;
use rolecall_storage::Store;

use crate::{data::Files, stack::StackError};

/// Builds the ports of each request, as the Lambda host does, on local adapters.
pub(crate) struct Host {
    pub(crate) settings: Arc<Settings>,
    pub(crate) mailer: Arc<dyn Mailer>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    store: Store,
    ring: Arc<KeyRing>,
    tokens: Arc<AccessTokens>,
    passwords: PasswordPool,
}

impl Host {
    /// Makes table and keys where they are missing, and publishes the public key.
    pub(crate) async fn start(
        files: &Files,
        settings: Settings,
        clock: Arc<dyn Clock>,
        dynamodb: &str,
        ses: &str,
    ) -> Result<Self, StackError> {
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let store = Store::at_endpoint(dynamodb, &settings.table, Arc::clone(&rng));
        store.ensure_table().await?;
        let ring = Arc::new(KeyRing::new(key_source(files)?));
        store.publish(&ring.public_key().await?).await?;
        let tokens = AccessTokens::new(Arc::clone(&ring), Arc::new(store.clone()), Arc::clone(&clock));
        let mailer = Arc::new(SesMailer::at_endpoint(ses, &settings.mail_from));
        let passwords = PasswordPool::new(Arc::clone(&rng));
        Ok(Self { settings: Arc::new(settings), mailer, clock, rng, store, ring, tokens: Arc::new(tokens), passwords })
    }

    /// The ports of one request, counting into `meter`.
    pub(crate) fn ports(&self, meter: Arc<Meter>) -> Ports {
        let store = Arc::new(self.store.metered(Arc::clone(&meter)));
        Ports {
            clock: Arc::clone(&self.clock),
            rng: Arc::clone(&self.rng),
            settings: Arc::clone(&self.settings),
            accounts: Arc::clone(&store) as _,
            sessions: Arc::clone(&store) as _,
            outbox: Arc::clone(&store) as _,
            keys: store,
            passwords: Arc::new(self.passwords.metered(meter)),
            secrets: Arc::clone(&self.ring) as _,
            tokens: Arc::clone(&self.tokens) as _,
        }
    }
}

fn key_source(files: &Files) -> Result<Arc<dyn KeySource>, StackError> {
    match &files.keys {
        None => Ok(Arc::new(MemoryKeys(KeyMaterial::generate()?))),
        Some(folder) => {
            let keys = DirectoryKeys::new(folder);
            keys.create_missing()?;
            Ok(Arc::new(keys))
        }
    }
}
