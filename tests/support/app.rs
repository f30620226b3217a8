use std::{
    collections::BTreeSet,
    env,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::Method;
use rolecall_crypto::Cost;
use rolecall_domain::{
    account::{Email, User},
    activity_stats::Period,
    clock::{Clock, SystemClock, Timestamp},
    ids::Id,
    ports::{AccountChange, AccountStore},
    rng::SystemRng,
};
use rolecall_local::{Options, Stack};
use serde_json::{Value, json};

use super::{
    Actor, Body, Call, Json,
    deployed::{Deployed, Place},
    keys, logs,
    wire::Wire,
};

/// What a hash costs where the password is not the point: Argon2id's least.
const CHEAP: Cost = Cost { memory_kib: 8, passes: 1 };

/// Where one signs in.
const TOKEN: &str = "/auth/token";

/// Another password that the policy takes.
pub(crate) const OTHER_PASSWORD: &str = "copper-meadow-lantern-58";

/// A password that the policy takes.
pub(crate) const PASSWORD: &str = "violet-anchor-mosaic-91";

/// What `name` signs up with.
pub(crate) fn person(name: &str) -> Value {
    json!({ "username": name, "email": format!("{name}@example.com"), "password": PASSWORD })
}

/// A whole stack of its own, or a deployed one, and a client that nobody signed in with.
pub(crate) struct TestApp {
    pub(crate) stack: Place,
    pub(super) wire: Arc<Wire>,
}

impl TestApp {
    /// Mode `verified`.
    pub(crate) async fn new() -> Self {
        Self::with_registration("verified").await
    }

    /// Mode `open`: accounts at once.
    pub(crate) async fn open() -> Self {
        Self::with_registration("open").await
    }

    pub(crate) async fn with_options(options: Options) -> Self {
        Self::start(options).await
    }

    /// [`open`](Self::open) with hashes that cost what they cost people, where that is the point.
    pub(crate) async fn with_dear_hashes() -> Self {
        if let Some(app) = Self::deployed("open") {
            return app;
        }
        let registration = Some("open".to_owned());
        Self::start(Options { registration, password_cost: Cost::OWASP, ..options() }).await
    }

    /// With a first super admin.
    pub(crate) async fn with_admin(mode: &str) -> Self {
        match Self::deployed(mode) {
            Some(app) => app,
            None => Self::with_admin_on(mode, options()).await,
        }
    }

    /// The same on a local stack of these options.
    pub(crate) async fn with_admin_on(mode: &str, options: Options) -> Self {
        let (registration, admin_email) =
            (Some(mode.to_owned()), Some("admin@example.com".to_owned()));
        let admin_password = Some(PASSWORD.to_owned());
        Self::start(Options { registration, admin_email, admin_password, ..options }).await
    }

    /// The super admin, signed in.
    pub(crate) async fn admin(&self) -> Actor {
        match &self.stack {
            Place::Local(_) => self.sign_in("admin").actor().await,
            Place::Deployed(deployed) => {
                Actor::new(&self.wire, deployed.admin(&self.wire.client).await)
            }
        }
    }

    pub(crate) async fn with_registration(mode: &str) -> Self {
        if let Some(app) = Self::deployed(mode) {
            return app;
        }
        Self::start(Options { registration: Some(mode.to_owned()), ..options() }).await
    }

    pub(crate) async fn start(options: Options) -> Self {
        assert!(
            Deployed::from_environment().is_none(),
            "needs settings: put it into tests/deployed/left_out.txt"
        );
        logs::keep();
        let log_start = logs::length();
        let stack = Stack::start(options).await.unwrap();
        let wire = Wire::new(stack.url(), None, log_start);
        Self { stack: Place::Local(Box::new(stack)), wire }
    }

    /// The deployed stack, where there is one.
    fn deployed(mode: &str) -> Option<Self> {
        let deployed = Arc::new(Deployed::from_environment()?);
        deployed.expect_mode(mode);
        let (stack, deployed) = (Place::Deployed(Arc::clone(&deployed)), Some(deployed));
        let wire = Wire::new(stack.url(), deployed, 0);
        Some(Self { stack, wire })
    }

    /// Accounts at once, with settings of one's own.
    pub(crate) async fn with_settings(settings: &[(&'static str, &str)]) -> Self {
        let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self::start(Options { registration: Some("open".to_owned()), settings, ..options() }).await
    }

    /// Tries to sign in as `name` from another address of the loopback network.
    pub(crate) fn sign_in_from(&self, address: &str, name: &str, password: &str) -> Call {
        self.sign_in_with(name, password).sent_from(address)
    }

    /// Changes an account as an administrator will be able to.
    pub(crate) async fn alter(&self, name: &str, change: impl FnOnce(&mut User)) {
        let store = crate::contracts::store_of(self);
        let email = Email::parse(&format!("{name}@example.com")).unwrap();
        let before = store.owner(&email).await.unwrap().unwrap();
        let mut after = before.clone();
        change(&mut after);
        after.version += 1;
        let pending_events = crate::contracts::pending_events();
        let change = AccountChange::new(&before, &after, &pending_events);
        let now = SystemClock.now();
        store.change_account(&change, now, Id::new(&SystemClock, &SystemRng)).await.unwrap();
    }

    /// Tries to sign in as `name` with another password.
    pub(crate) fn sign_in_with(&self, name: &str, password: &str) -> Call {
        self.post(TOKEN, json!({ "email": format!("{name}@example.com"), "password": password }))
    }

    /// Asks for a reset and waits for the newest of `count` mails; its token.
    pub(crate) async fn reset_token(&self, name: &str, count: usize) -> String {
        let email = format!("{name}@example.com");
        self.post("/auth/password-reset", json!({ "email": email })).await.expect(202);
        self.mailed_token(&email, count).await
    }

    /// The activities of a type that are there now; on a deployed stack those that this test led
    /// to.
    pub(crate) async fn activities_so_far(&self, activity_type: &str) -> Vec<Value> {
        if let Place::Deployed(deployed) = &self.stack {
            return deployed.activities(&self.wire.client, activity_type).await;
        }
        let is_one = |item: &Value| {
            item["entity"]["S"] == "activity" && item["activity_type"]["S"] == activity_type
        };
        super::items(self).await.into_iter().filter(is_one).collect()
    }

    /// Waits until the items of the table are as they are to be.
    pub(crate) async fn settled(&self, is_so: impl Fn(&[Value]) -> bool) {
        let pause = Duration::from_millis(25);
        let mut look = tokio::time::interval(pause);
        let settled = async {
            loop {
                look.tick().await;
                let began = Instant::now();
                if is_so(&super::items(self).await) {
                    break;
                }
                // A large table is busy with being read: what is waited for has its turn.
                look.reset_after(began.elapsed().max(pause));
            }
        };
        tokio::time::timeout(Duration::from_mins(2), settled).await.expect("the stream is read");
    }

    /// Waits until it is noted of each activity that its log had one in its hour: statistics are
    /// made of what is noted.
    pub(crate) async fn noted(&self) {
        self.stack.recorded().await;
        self.settled(|items| {
            let of =
                |entity: &'static str| items.iter().filter(move |one| one["entity"]["S"] == entity);
            let noted: BTreeSet<&str> = of("log hour").map(|one| one.text_of("SK/S")).collect();
            of("activity").all(|one| {
                let at = Timestamp::from_millisecond(one.text_of("at/N").parse().unwrap()).unwrap();
                let hour = Period::Hour.start(at);
                noted.contains(format!("{hour}#{}", one.text_of("organization/S")).as_str())
            })
        })
        .await;
    }

    /// Waits until the day of the last sign-in is noted at so many accounts, and in the lists.
    pub(crate) async fn logins_noted(&self, count: usize) {
        self.settled(|items| {
            let noted = |item: &&Value| !item["last_login"].is_null();
            let listed = |item: &&Value| {
                !item["done"]["M"]["last_login"].is_null() && item["begun"].is_null()
            };
            let users = items.iter().filter(|item| item["entity"]["S"] == "user");
            users.filter(noted).count() >= count && items.iter().filter(listed).count() >= count
        })
        .await;
    }

    /// Waits until no activity waits for its entries.
    pub(crate) async fn indexed(&self) {
        self.noted().await;
        self.settled(|items| items.iter().all(|one| one["by_user"].is_null())).await;
    }

    /// The activities of a type, once there are `count`.
    pub(crate) async fn activities(&self, activity_type: &str, count: usize) -> Vec<Value> {
        let mut look = tokio::time::interval(Duration::from_millis(25));
        let filed = async {
            loop {
                look.tick().await;
                let found = self.activities_so_far(activity_type).await;
                if found.len() >= count {
                    return found;
                }
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(30), filed)
            .await
            .expect("the activity is filed");
        assert_eq!(found.len(), count, "{found:?}");
        found
    }

    /// The URL of a path as it is, without the `/api/v1` that calls put before theirs.
    pub(crate) fn url(&self, path: &str) -> String {
        self.wire.url(path)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> Call {
        self.wire.request(method, path)
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str, body: impl Body) -> Call {
        self.request(Method::POST, path).json(body)
    }

    /// Signs up and signs in, whatever the mode.
    pub(crate) async fn signed_in(&self, name: &str) -> Actor {
        let response = self.post("/auth/register", person(name)).await;
        if response.status == 202 {
            let token = self.mailed_token(&format!("{name}@example.com"), 1).await;
            self.verify(&token, PASSWORD).await.expect(204);
        }
        self.sign_in(name).actor().await
    }

    /// Follows the link of a verification mail, with the password of the sign-up.
    pub(crate) fn verify(&self, token: &str, password: &str) -> Call {
        self.post("/auth/verify-email", json!({ "token": token, "password": password }))
    }

    pub(crate) fn sign_in(&self, name: &str) -> Call {
        self.sign_in_with(name, PASSWORD)
    }

    pub(crate) fn refresh(&self, refresh: &str) -> Call {
        self.post("/auth/token/refresh", json!({ "refresh": refresh }))
    }

    /// Moves the stack's clock.
    pub(crate) async fn advance(&self, seconds: u32) {
        self.post("/_local/clock", json!({ "advance_seconds": seconds })).await.expect(200);
    }

    /// The numbers of a route in `metrics.json`.
    pub(crate) async fn cost_of(&self, route: &str) -> Value {
        let metrics = self.get("/_local/metrics.json").await.json();
        let mut routes = metrics.list_of("routes").iter();
        routes.find(|one| one["route"] == route).expect(route)["last_request"].clone()
    }

    /// Whether it is on AWS, or on what stands for it.
    pub(crate) fn is_deployed(&self) -> bool {
        matches!(self.stack, Place::Deployed(_))
    }

    /// Asserts a figure of a route's last call; what a deployed stack's calls cost is in its logs
    /// alone.
    pub(crate) async fn expect_cost(&self, route: &str, figure: &str, expected: f64) {
        if !self.is_deployed() {
            assert_eq!(self.cost_of(route).await[figure], expected, "{figure} of {route}");
        }
    }

    /// A secret that is to be in no log.
    pub(crate) fn note(&self, secret: &str) {
        self.wire.note(secret);
    }
}

/// Free ports and nothing kept; with `ROLECALL_TEST_DYNAMODB_ENDPOINT`, a table of its own on that
/// DynamoDB.
#[expect(
    clippy::disallowed_methods,
    reason = "the suite is pointed at another DynamoDB by its environment"
)]
pub(crate) fn options() -> Options {
    static TABLES: AtomicU32 = AtomicU32::new(0);
    let dynamodb_endpoint = env::var("ROLECALL_TEST_DYNAMODB_ENDPOINT").ok();
    let table = match dynamodb_endpoint {
        Some(_) => {
            format!("rolecall-{}-{}", std::process::id(), TABLES.fetch_add(1, Ordering::Relaxed))
        }
        None => "rolecall".to_owned(),
    };
    Options {
        dynamodb_endpoint,
        table,
        memory_keys: keys::shared,
        password_cost: CHEAP,
        ..Options::in_memory()
    }
}
