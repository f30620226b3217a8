use std::convert::Infallible;

use super::register::blank_user;
use crate::{
    model::{
        account::{AccountStatus, Email, Profile, User, Username},
        activity::{Activity, PendingEvents},
        client::Client,
        clock::SignedDuration,
        event::Event,
        ids::UserId,
        signing::KeyList,
    },
    ports::{Crypto, NewAccount, Ports, Refused, Store, StoreError, StoredHash, Unique},
    usecases::{
        commit::commit,
        error::{Refusal, UseCaseError},
    },
};

/// Somebody who comes from another system.
#[derive(Debug, Clone)]
pub struct ImportedUser {
    pub username: Username,
    /// The address; the other system proved it.
    pub email: Email,
    /// The hash that the other system made, in one of its usual spellings. Without one, or with one
    /// that begins with `!` or `*` (the mark of unusable ones), only a reset lets the owner in.
    pub password_hash: Option<String>,
    pub profile: Profile,
    /// Whether the password has to be changed before anything else.
    pub must_change_password: bool,
}

/// The outcome of an imported user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// There is an account now.
    Created(UserId),
    /// An account has the address: imported before, or signed up.
    EmailTaken,
    /// Another account has the username.
    UsernameTaken,
    /// No mail could be sent to the address.
    EmailNotDeliverable,
    /// The hash is of no form that is known, or asks for more work than a function has.
    UnknownHash,
    /// The hash takes longer to check than a refused sign-in may.
    SlowHash,
}

/// The longest that checking an imported hash may take: every refused sign-in of the stack takes as
/// long from then on. Django's own default is within it, on one whole vCPU.
const SLOWEST_HASH: SignedDuration = SignedDuration::from_secs(2);

/// The longest hash that is taken, in bytes: known forms have a quarter of it.
const LONGEST_HASH: usize = 512;

/// Why nobody could be imported: [`Imported`] has every reason of its own.
pub type ImportError = UseCaseError<Infallible>;

impl Refusal for Infallible {}

/// Makes an active account with the hash of another system, which the first login renews. Again
/// changes nothing.
pub async fn import_user(
    ports: &Ports<impl Store, impl Crypto>,
    brought: ImportedUser,
) -> Result<Imported, ImportError> {
    if !brought.email.is_deliverable() {
        return Ok(Imported::EmailNotDeliverable);
    }
    let usable = brought.password_hash.filter(|hash| !hash.starts_with(['!', '*']));
    if let Some(hash) = &usable {
        if hash.len() > LONGEST_HASH {
            return Ok(Imported::UnknownHash);
        }
        match ports.crypto.time_of_hash(hash).await? {
            None => return Ok(Imported::UnknownHash),
            Some(time) if time > SLOWEST_HASH => return Ok(Imported::SlowHash),
            // Before anybody can sign in with it.
            Some(time) => note_hash(ports, time).await?,
        }
    }
    let user = User {
        email_verified: true,
        profile: brought.profile,
        status: AccountStatus::Active,
        must_change_password: brought.must_change_password,
        ..blank_user(ports, brought.username, brought.email)
    };
    let (id, now) = (user.id, user.created_at);
    let pending_events = PendingEvents::new(
        Activity::new(ports, Event::UserImported, &Client::default()).of_user(id),
    );
    let password_hash = match &usable {
        Some(hash) => ports.crypto.seal_hash(StoredHash { owner: id, hash }).await?,
        None => None,
    };
    let account = NewAccount::new(user, password_hash);
    let write = ports.id();
    match ports.store.create_account(&account, &pending_events, None, now, write).await {
        Ok(()) => Ok(Imported::Created(id)),
        Err(StoreError::Refused(Refused::Taken(Unique::Email))) => Ok(Imported::EmailTaken),
        Err(StoreError::Refused(Refused::Taken(Unique::Username))) => Ok(Imported::UsernameTaken),
        Err(error) => Err(error.into()),
    }
}

/// Keeps how long the slowest hash takes, beside the keys, which every sign-in reads.
async fn note_hash(
    ports: &Ports<impl Store, impl Crypto>,
    time: SignedDuration,
) -> Result<(), StoreError> {
    let load = || ports.store.public_keys();
    commit(load, |list: KeyList| async move {
        // A step of 10 ms, so that hashes of one form move the list once.
        if time <= list.slowest_hash {
            return Ok(());
        }
        let slowest_hash = time + SignedDuration::from_millis(10);
        let next = KeyList { slowest_hash, ..list.without(&[]) };
        ports.store.replace_keys(list.version, &next, &PendingEvents::none()).await
    })
    .await
}
