use std::sync::Arc;

use functions::Ports;
use rolecall_crypto::{Crypto, DirectoryKeys, KeySource, PasswordPool, TrustedProxy};
use rolecall_domain::{
    Process,
    clock::Clock,
    meter::Meter,
    ports::Mailer,
    rng::{Rng, SystemRng},
    settings::Settings,
    signing,
};
use rolecall_storage::Store;

use crate::{data::Files, mailers, options::Options, plain_http::PlainHttp, stack::StackError};

/// Builds the ports of each request, as the Lambda host does, on local adapters.
pub(crate) struct Host {
    pub(crate) mailer: Arc<dyn Mailer>,
    process: Process,
    store: Store,
    crypto: Crypto<Store>,
    pub(crate) proxy: TrustedProxy,
}

impl Host {
    /// Makes table and keys where they are missing.
    pub(crate) async fn start(
        options: &Options,
        files: &Files,
        settings: Settings,
        clock: Arc<dyn Clock>,
        http: &PlainHttp,
        dynamodb: &str,
        ses: &str,
    ) -> Result<Self, StackError> {
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let store = Store::at_endpoint(dynamodb, http.clone(), &settings.table, Arc::clone(&rng))
            .retention(settings.retention());
        store.ensure_table().await?;
        let passwords = PasswordPool::with_cost(options.password_cost, Arc::clone(&rng));
        let keys = key_source(options, files);
        let is_trusted = settings.trusted_proxy;
        let proxy = TrustedProxy::new(is_trusted, Arc::clone(&keys), Arc::clone(&clock));
        let crypto = Crypto::new(keys, store.clone(), Arc::clone(&clock), passwords);
        let mailer = mailers::mailer(options, &settings, http, ses)?;
        let process = Process {
            clock,
            rng,
            settings: Arc::new(settings),
            blocked: Arc::default(),
            quotas: Arc::default(),
            catalogue: Arc::default(),
        };
        let host = Self { mailer, process, store, crypto, proxy };
        signing::ensure_keys(&host.ports(Arc::default())).await?;
        Ok(host)
    }

    /// The ports of one request, counting into `meter`.
    pub(crate) fn ports(&self, meter: Arc<Meter>) -> Ports {
        let store = self.store.metered(Arc::clone(&meter));
        Ports::new(&self.process, store, self.crypto.metered(meter))
    }
}

fn key_source(options: &Options, files: &Files) -> Arc<dyn KeySource> {
    match &files.keys {
        None => (options.memory_keys)(),
        Some(folder) => Arc::new(DirectoryKeys::new(folder)),
    }
}
