use std::convert::Infallible;

use super::register::blank_user;
use crate::{
    model::{
        account::{AccountStatus, Email, Profile, User, Username},
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
        ids::UserId,
    },
    ports::{Crypto, NewAccount, Ports, Refused, Store, StoreError, Unique},
    usecases::error::{Refusal, UseCaseError},
};

/// Somebody who comes from another system.
#[derive(Debug, Clone)]
pub struct ImportedUser {
    pub username: Username,
    /// The address; the other system proved it.
    pub email: Email,
    /// The hash that the other system made: a PHC string, or a form of Django or bcrypt. Without
    /// one, only a reset lets the owner in.
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
}

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
    if let Some(hash) = &brought.password_hash
        && !ports.crypto.recognises_hash(hash).await?
    {
        return Ok(Imported::UnknownHash);
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
    let account = NewAccount::new(user, brought.password_hash);
    let write = ports.id();
    match ports.store.create_account(&account, &pending_events, None, now, write).await {
        Ok(()) => Ok(Imported::Created(id)),
        Err(StoreError::Refused(Refused::Taken(Unique::Email))) => Ok(Imported::EmailTaken),
        Err(StoreError::Refused(Refused::Taken(Unique::Username))) => Ok(Imported::UsernameTaken),
        Err(error) => Err(error.into()),
    }
}
