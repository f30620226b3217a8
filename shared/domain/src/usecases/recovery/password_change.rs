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
    ports::{AccountChange, Crypto, Ports, Store, StoreError},
    usecases::{
        commit::commit_on,
        error::{Refusal, UseCaseError, refusals},
        password::{WrongPassword, present_password},
    },
};

/// Why a password was not changed.
pub type PasswordChangeError = UseCaseError<PasswordChangeRefusal>;

/// The reasons of [`PasswordChangeError`].
#[derive(Debug, thiserror::Error)]
pub enum PasswordChangeRefusal {
    /// The present password did not prove who calls.
    #[error(transparent)]
    WrongPassword(#[from] WrongPassword),
    /// The new password breaks the policy.
    #[error("the password is refused")]
    Password(Violation),
    /// It is the present one.
    #[error("the new password is the present one")]
    Unchanged,
}

impl Refusal for PasswordChangeRefusal {}
refusals!(PasswordChangeRefusal);

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
        return Err(PasswordChangeRefusal::Unchanged.into());
    }
    let product = &ports.settings.product_name;
    check_policy_of(caller.user(), new, product).map_err(PasswordChangeRefusal::Password)?;
    let proven = present_password(ports, caller, current, client, Event::PasswordChangeFail);
    let proven = proven.await.map_err(|error| error.map(PasswordChangeRefusal::from))?.user;
    let hash = ports.crypto.hash_password(proven.id, new.reveal()).await?;
    let (id, credential) = (proven.id, proven.credential);
    let load = || async move {
        // Something else of the account changed meanwhile; if it was the password, the present one
        // is no more.
        let newer = ports.store.user(id).await?.filter(|user| user.credential == credential);
        newer.ok_or(PasswordChangeRefusal::WrongPassword(WrongPassword).into())
    };
    let hash = &hash;
    commit_on(proven, load, |before: User| async move {
        Ok(set_password(ports, &before, caller, hash, client).await?)
    })
    .await
}

async fn set_password(
    ports: &Ports<impl Store, impl Crypto>,
    before: &User,
    caller: &Caller,
    hash: &str,
    client: &Client,
) -> Result<(), StoreError> {
    let after = before.with_new_password(ports.clock.now());
    let session = caller.session().id;
    let activity = Activity::new(ports, Event::PasswordChange, client).of_user(before).by(caller);
    let mail = MailRequest::PasswordChanged { at: after.updated_at };
    let mail = OutboxMail::to_user(ports, before, mail);
    let pending_events = &PendingEvents::new(activity.with("by", "owner")).mail(mail);
    let change = AccountChange {
        password_hash: Some(hash),
        keep: Some(session),
        ..AccountChange::new(before, &after, pending_events)
    };
    ports.store.change_account(&change, after.updated_at, ports.id()).await
}
