//! One suite a port: what the doc comment of the port says MUST be so, held against the real
//! adapter.

mod accounts;
mod activities;
mod activity_stats;
pub(crate) mod activity_stream;
mod api_keys;
mod appearance;
mod crypto;
pub(crate) mod definitions;
pub(crate) mod email_changes;
mod failed_logins;
mod keys;
pub(crate) mod members;
mod one_time_tokens;
pub(crate) mod organizations;
pub(crate) mod outbox;
mod people;
mod presence;
mod secrets;
pub(crate) mod sessions;

use std::sync::Arc;

use rolecall_domain::{
    account::{AccountStatus, Email, SignUp, User, Username},
    activity::{Activity, Event, PendingEvents},
    clock::{Clock, SignedDuration, SystemClock, Timestamp},
    ids::{Id, MailId},
    mail::{MailRequest, OutboxMail},
    ports::{NewAccount, Refused, StoreError},
    rng::SystemRng,
    session::{Client, Network},
};
use rolecall_local::PlainHttp;
use rolecall_storage::Store;

use crate::support::{TestApp, options};

/// The table of a stack, by the adapter that the stack uses.
pub(crate) fn store_of(app: &TestApp) -> Store {
    store_at(&app.stack)
}

/// The same of a stack without a test's conveniences.
pub(crate) fn store_at(stack: &rolecall_local::Stack) -> Store {
    let table =
        stack.environment().iter().find(|(name, _)| *name == "ROLECALL_TABLE").unwrap().1.clone();
    Store::at_endpoint(stack.dynamodb_endpoint(), PlainHttp::default(), &table, Arc::new(SystemRng))
}

/// An empty table that nobody else looks at: the stack's poller is there, and finds mails that
/// nobody sends.
async fn table() -> (TestApp, Store) {
    let app = TestApp::start(options()).await;
    let store = store_of(&app);
    (app, store)
}

/// What a write was refused with; `None` where it was made.
fn refusal(written: Result<(), StoreError>) -> Option<Refused> {
    match written {
        Ok(()) => None,
        Err(StoreError::Refused(refused)) => Some(refused),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn id<Kind>() -> Id<Kind> {
    Id::new(&SystemClock, &SystemRng)
}

fn now() -> Timestamp {
    SystemClock.now()
}

/// An active account of that name, not yet in any table.
pub(crate) fn user(name: &str) -> User {
    let email = Email::parse(&format!("{name}@example.com")).unwrap();
    let user = User::new(id(), Username::parse(name).unwrap(), email, now());
    User { status: AccountStatus::Active, ..user }
}

/// What writes it.
pub(crate) fn account(user: &User) -> NewAccount {
    NewAccount::new(user.clone(), Some("$argon2id$x".to_owned()))
}

fn sign_up(user: &User, network: &str) -> SignUp {
    let user = User { status: AccountStatus::Pending, ..user.clone() };
    let expires_at = now() + SignedDuration::from_hours(24);
    let network = Network::of(Some(network));
    SignUp {
        password_hash: format!("$argon2id${}", user.username.as_str()),
        user,
        network,
        expires_at,
    }
}

fn mail(user: &User) -> OutboxMail {
    let message = MailRequest::SessionEndedForReuse { at: now() };
    OutboxMail {
        id: id::<rolecall_domain::ids::MailKind>() as MailId,
        to: user.email.clone(),
        username: Some(user.username.clone()),
        message,
        language: None,
        asked_by: None,
        created_at: now(),
    }
}

/// What some change brings with it.
pub(crate) fn pending_events() -> PendingEvents {
    PendingEvents::new(record())
}

/// The record of some change.
pub(crate) fn record() -> Activity {
    Activity {
        allowed_on: Vec::new(),
        id: id(),
        organization: None,
        what: Event::LoginFail.into(),
        actor: None,
        service_id: None,
        subject: None,
        session_id: None,
        client: Client::new(Some("127.0.0.1"), Some("curl/8")),
        details: serde_json::Map::new(),
        extra: rolecall_domain::activity::Extra::default(),
    }
}

/// Puts `count` accounts with a session each into the table.
pub(crate) async fn fill(store: &Store, count: usize) {
    for n in 0..count {
        let user = user(&format!("filler{n}"));
        rolecall_domain::ports::AccountStore::create_account(
            store,
            &account(&user),
            &pending_events(),
            None,
            now(),
            id(),
        )
        .await
        .unwrap();
        rolecall_domain::ports::SessionStore::start_session(
            store,
            &sessions::session(user.id, now()),
            &pending_events(),
        )
        .await
        .unwrap();
    }
}
