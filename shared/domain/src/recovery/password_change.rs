use super::proof::{ProofError, present_password};
use crate::{
    Ports, Violation,
    account::{NewPassword, PasswordAttempt, check_policy_of},
    activity::{Activity, Enclosed, Event},
    ids::Id,
    mail::{Message, OutboxMail},
    ports::{AccountChange, PasswordError, StoreError, Update},
    session::{Caller, Client},
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
    /// The account changed at the same moment.
    #[error("the account was changed meanwhile")]
    Stale,
    /// A password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] PasswordError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes the caller's own password: every other session ends, reset links and known devices are forgotten, and the
/// owner is told.
pub async fn change_password(
    ports: &Ports,
    caller: &Caller,
    current: &PasswordAttempt,
    new: &NewPassword,
    client: &Client,
) -> Result<(), PasswordChangeError> {
    check_policy_of(caller.user(), new).map_err(PasswordChangeError::Password)?;
    let account = present_password(ports, caller, current, client).await?;
    let hash = ports.passwords.hash(new.reveal()).await?;
    let before = &account.user;
    let after = before.with_new_password(ports.clock.now());
    let session = caller.session().id;
    let activity = Activity::new(ports, Event::PasswordChange, client).of_user(before.id).in_session(session);
    let mail = Message::PasswordChanged { at: after.updated_at };
    let mail = OutboxMail::new(ports, &before.email, Some(&before.username), mail);
    let change = AccountChange {
        before,
        after: &after,
        password_hash: Some(&hash),
        keep: Some(session),
        uses: None,
        enclosed: &Enclosed::new(activity.with("by", "owner")).mail(mail),
    };
    match ports.accounts.change(&change, after.updated_at, Id::new(ports.clock.as_ref(), ports.rng.as_ref())).await? {
        Update::Done => Ok(()),
        Update::Stale => Err(PasswordChangeError::Stale),
    }
}
