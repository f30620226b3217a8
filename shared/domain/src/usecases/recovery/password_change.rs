use super::proof::{ProofError, present_password};
use crate::{
    model::{
        account::{NewPassword, PlainPassword, User, check_policy_of},
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
        mail::{MailRequest, OutboxMail},
        session::Caller,
        violation::Violation,
    },
    ports::{AccountChange, Crypto, PasswordError, Ports, Store, StoreError, Update},
    usecases::administration::{ATTEMPTS, changed_too_often},
};

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordChangeError {
    /// The present password did not prove who calls.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The new password breaks the policy.
    #[error("the password is refused")]
    Password(Violation),
    /// It is the present one.
    #[error("the new password is the present one")]
    Unchanged,
    /// A password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] PasswordError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes the caller's own password: every other session ends, reset links and known devices are
/// forgotten, and the owner is told.
pub async fn change_password(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    current: &PlainPassword,
    new: &NewPassword,
    client: &Client,
) -> Result<(), PasswordChangeError> {
    if current.reveal() == new.reveal() {
        return Err(PasswordChangeError::Unchanged);
    }
    check_policy_of(caller.user(), new).map_err(PasswordChangeError::Password)?;
    let mut before =
        present_password(ports, caller, current, client, Event::PasswordChangeFail).await?.user;
    let hash = ports.crypto.hash_password(new.reveal()).await?;
    for _ in 0..ATTEMPTS {
        if set_password(ports, &before, caller, &hash, client).await? == Update::Done {
            return Ok(());
        }
        // Something else of the account changed meanwhile; if it was the password, the present one
        // is no more.
        let credential = before.credential;
        let newer = ports.store.user(before.id).await?.filter(|user| user.credential == credential);
        before = newer.ok_or(ProofError::Wrong)?;
    }
    Err(changed_too_often().into())
}

async fn set_password(
    ports: &Ports<impl Store, impl Crypto>,
    before: &User,
    caller: &Caller,
    hash: &str,
    client: &Client,
) -> Result<Update, StoreError> {
    let after = before.with_new_password(ports.clock.now());
    let session = caller.session().id;
    let activity =
        Activity::new(ports, Event::PasswordChange, client).of_user(before.id).by(caller);
    let mail = MailRequest::PasswordChanged { at: after.updated_at };
    let mail = OutboxMail::new(ports, &before.email, Some(&before.username), mail);
    let pending_events = &PendingEvents::new(activity.with("by", "owner")).mail(mail);
    let change = AccountChange {
        password_hash: Some(hash),
        keep: Some(session),
        ..AccountChange::new(before, &after, pending_events)
    };
    ports.store.change_account(&change, after.updated_at, ports.id()).await
}
