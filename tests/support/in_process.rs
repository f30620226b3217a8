use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use bytes::Bytes;
use functions::Ports;
use http::Request;
use rolecall_crypto::{Crypto, DirectoryKeys, KeySource, PasswordPool};
use rolecall_domain::{
    Process,
    clock::{Clock, SignedDuration, SystemClock, Timestamp, after},
    meter::Meter,
    rng::{Rng, SystemRng},
    settings::Settings,
};
use rolecall_http::{
    Gateway, Response,
    gateway::{Event, Payload},
    serve,
};
use rolecall_local::PlainHttp;
use rolecall_storage::Store;
use serde_json::Value;

use super::TestApp;

/// Handlers called in this process, on the stack's table.
pub(crate) struct InProcess {
    process: Process,
    store: Store,
    crypto: Crypto<Store>,
}

impl InProcess {
    fn new(environment: &[(&'static str, String)], endpoint: &str) -> Self {
        Self::at(environment, endpoint, Arc::new(SystemClock))
    }

    fn at(environment: &[(&'static str, String)], endpoint: &str, clock: Arc<dyn Clock>) -> Self {
        let keys = value(environment, "ROLECALL_KEYS_DIR").unwrap();
        let keys: Arc<dyn KeySource> = Arc::new(DirectoryKeys::new(keys.as_ref()));
        let settings = Arc::new(Settings::read(|name| value(environment, name)).unwrap());
        let store = Store::at_endpoint(
            endpoint,
            PlainHttp::default(),
            &settings.table,
            Arc::new(SystemRng),
        );
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let passwords = PasswordPool::new(Arc::clone(&rng));
        let crypto = Crypto::new(keys, store.clone(), Arc::clone(&clock), passwords);
        let process = Process {
            clock,
            rng,
            settings,
            blocked: Arc::default(),
            quotas: Arc::default(),
            catalogue: Arc::default(),
        };
        Self { process, store, crypto }
    }

    /// What the handlers are given.
    pub(crate) fn ports(&self) -> Ports {
        self.ports_over(self.store.clone())
    }

    /// The same over another store, such as one that counts.
    pub(crate) fn ports_over(&self, store: Store) -> Ports {
        Ports::new(&self.process, store, self.crypto.clone())
    }

    /// Runs the handler of a route.
    pub(crate) async fn response(&self, route: &str, request: Request<Bytes>) -> Response {
        let source_ip = Some("127.0.0.1".to_owned());
        let gateway = Gateway { source_ip, route: route.to_owned(), parameters: None };
        self.serve(gateway, request).await
    }

    /// Runs the handler of an event's route, and answers as a function does.
    pub(crate) async fn payload(&self, event: Value) -> Value {
        let event: Event = serde_json::from_value(event).unwrap();
        let (gateway, request) = event.into_request();
        serde_json::to_value(Payload::from(self.serve(gateway, request).await)).unwrap()
    }

    async fn serve(&self, gateway: Gateway, request: Request<Bytes>) -> Response {
        let key = gateway.route.replacen("HEAD ", "GET ", 1);
        let endpoint = functions::routes::all()
            .into_iter()
            .chain(functions::routes::pages())
            .chain([functions::routes::fallback()])
            .find(|endpoint| endpoint.key() == key)
            .expect(&key);
        let meter = Arc::new(Meter::default());
        serve(&endpoint, self.ports(), meter, gateway, request).await.response
    }
}

/// The handlers of `app`'s settings on its table and keys.
pub(crate) fn in_process(app: &TestApp) -> InProcess {
    InProcess::new(app.stack.environment(), app.stack.dynamodb_endpoint())
}

/// The same with one setting that is another.
pub(crate) fn in_process_with(app: &TestApp, (name, value): (&'static str, &str)) -> InProcess {
    let environment = app.stack.environment().iter().cloned();
    let environment: Vec<(&'static str, String)> =
        [(name, value.to_owned())].into_iter().chain(environment).collect();
    InProcess::new(&environment, app.stack.dynamodb_endpoint())
}

/// The handlers of `app`'s settings as another instance has them, by a clock of its own.
pub(crate) fn in_process_at(app: &TestApp, clock: Arc<dyn Clock>) -> InProcess {
    InProcess::at(app.stack.environment(), app.stack.dynamodb_endpoint(), clock)
}

/// The machine's clock, moved forward.
#[derive(Default)]
pub(crate) struct Shifted(AtomicI64);

impl Shifted {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Shifted {
    fn now(&self) -> Timestamp {
        after(SystemClock.now(), SignedDuration::from_secs(self.0.load(Ordering::SeqCst)))
    }
}

/// The handlers of `app`'s settings with no store behind them.
pub(crate) async fn in_process_without_a_store(app: &TestApp) -> InProcess {
    let nowhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    InProcess::new(app.stack.environment(), &format!("http://{nowhere}"))
}

fn value(environment: &[(&'static str, String)], name: &str) -> Option<String> {
    environment.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
}
