use std::sync::Arc;

use rolecall_crypto::{AccessTokens, DirectoryKeys, KeyMaterial, KeyRing, KeySource, MemoryKeys, PasswordPool};
use rolecall_domain::{
    Ports, Process,
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
    pub(crate) mailer: Arc<dyn Mailer>,
    process: Process,
    store: Store,
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
        let process = Process { clock, rng, settings: Arc::new(settings), secrets: ring, tokens: Arc::new(tokens) };
        Ok(Self { mailer, process, store, passwords })
    }

    /// The ports of one request, counting into `meter`.
    pub(crate) fn ports(&self, meter: Arc<Meter>) -> Ports {
        self.process.ports(self.store.metered(Arc::clone(&meter)), self.passwords.metered(meter))
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
