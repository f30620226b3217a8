use super::one_time_token::{InvalidToken, Redeemable, redeemable, refused};
use crate::{
    model::{
        account::{Email, PlainPassword, User},
        activity::{Activity, PendingEvents},
        client::Client,
        clock::after,
        event::Event,
        mail::{MailRequest, OutboxMail},
        recovery::{OneTimeToken, Requested},
        session::Caller,
        throttle::{Rule, TooMany},
        token::Purpose,
    },
    ports::{Crypto, Ports, Refused, Store, StoreError},
    usecases::{
        commit::commit_on,
        error::{Refusal, UseCaseError, refusals},
        password::{WrongPassword, own_password, present_password},
        throttle,
        token_secret::TokenSecret,
    },
};

/// Why no mail went to the wished address.
pub type EmailChangeError = UseCaseError<EmailChangeRefusal>;

/// The reasons of [`EmailChangeError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailChangeRefusal {
    /// The present password did not prove who calls.
    #[error(transparent)]
    WrongPassword(#[from] WrongPassword),
    /// It is the address that the account has.
    #[error("the account has this address")]
    Unchanged,
}

impl Refusal for EmailChangeRefusal {}
refusals!(EmailChangeRefusal);

/// Mails the wished address a link and the present one a notice. It does not look at whether the
/// wished address has an account, as signing up does not; if it has, its owner gets a notice and no
/// link goes out.
pub async fn request_email_change(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    new_email: &Email,
    current: &PlainPassword,
    client: &Client,
) -> Result<(), EmailChangeError> {
    let user = caller.user();
    if new_email.key() == user.email.key() {
        return Err(EmailChangeRefusal::Unchanged.into());
    }
    present_password(ports, caller, current, client, Event::EmailChangeFail)
        .await
        .map_err(|error| error.map(EmailChangeRefusal::from))?;
    let now = ports.clock.now();
    let valid_for = ports.settings.verification_lifetime;
    let token = TokenSecret::new(ports, Purpose::ChangeEmail, Some(user.id)).await?;
    let link = MailRequest::ConfirmNewEmail { owner: user.id, seed: token.seed, valid_for };
    let notice = MailRequest::EmailChangeRequested { new_email: new_email.clone(), at: now };
    let activity =
        Activity::new(ports, Event::EmailChangeRequested, client).of_user(user.id).by(caller);
    let pending_events = PendingEvents::new(activity.with("new_email", new_email.address()))
        .mail(OutboxMail::new(ports, new_email, Some(&user.username), link).asked_by(client))
        .mail(OutboxMail::new(ports, &user.email, Some(&user.username), notice));
    let one_time_token = OneTimeToken {
        owner: user.id,
        purpose: Purpose::ChangeEmail,
        token: token.hash(),
        email: user.email.clone(),
        credential: user.credential,
        epoch: user.epoch,
        new_email: Some(new_email.clone()),
        ends_at: after(now, valid_for),
        last_until: None,
    };
    match ports.store.put_one_time_token(&one_time_token, &pending_events, now).await? {
        Requested::Done => Ok(()),
        Requested::NotBefore(at) => {
            let activity =
                Activity::new(ports, Event::RateLimit, client).of_user(user.id).by(caller);
            ports.store.record(&activity.with("limit", "email changes")).await?;
            Err(TooMany(at.duration_since(now)).into())
        }
    }
}

/// Why an account did not move to another address.
pub type EmailConfirmError = UseCaseError<EmailConfirmRefusal>;

/// The reasons of [`EmailConfirmError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailConfirmRefusal {
    /// The token is not good, or the address got an owner meanwhile.
    #[error(transparent)]
    InvalidToken(#[from] InvalidToken),
    /// Nothing, or the wrong thing, tells that the account wants it. The link stays.
    #[error("the credentials are not valid")]
    InvalidCredentials,
}

impl Refusal for EmailConfirmRefusal {}
refusals!(EmailConfirmRefusal);

impl From<WrongPassword> for EmailConfirmRefusal {
    fn from(WrongPassword: WrongPassword) -> Self {
        Self::InvalidCredentials
    }
}

/// What tells that an account wants its other address.
#[derive(Debug, Clone, Copy)]
pub enum OwnerProof<'a> {
    /// Its session.
    Session(&'a Caller),
    Password(&'a PlainPassword),
    /// A click alone.
    None,
}

/// Moves the account to the address that the token was mailed to. The link proves the address, and
/// `proof` that the account wants it: who reads a mailbox by mistake takes no account. Sessions go
/// on; reset links to the old address and the token are dead. An address that got an owner
/// meanwhile is refused like a used token.
pub async fn confirm_email_change(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    proof: OwnerProof<'_>,
    client: &Client,
) -> Result<(), EmailConfirmError> {
    let load = || async move {
        let redeemed = redeemable(ports, Purpose::ChangeEmail, token, client).await;
        redeemed.map_err(|error| error.map(EmailConfirmRefusal::from))
    };
    let found = load().await?;
    wants_it(ports, &found.0.user, proof, client).await?;
    let changed = commit_on(found, load, |(person, one_time_token): Redeemable| async move {
        let Some(new_email) = one_time_token.new_email.clone() else {
            return Err(refused(ports, client).await.map(EmailConfirmRefusal::from));
        };
        Ok(change_email(ports, &person.user, new_email, &one_time_token, client).await?)
    });
    match changed.await {
        Err(UseCaseError::Store(StoreError::Refused(Refused::Taken(_)))) => {
            Err(refused(ports, client).await.map(EmailConfirmRefusal::from))
        }
        changed => changed,
    }
}

async fn wants_it(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
    proof: OwnerProof<'_>,
    client: &Client,
) -> Result<(), EmailConfirmError> {
    match proof {
        OwnerProof::Session(caller) if caller.user().id == user.id => Ok(()),
        OwnerProof::Password(password) => {
            let proven = own_password(ports, user, password, client, Event::EmailChangeFail).await;
            proven.map(drop).map_err(|error| error.map(EmailConfirmRefusal::from))
        }
        OwnerProof::Session(_) | OwnerProof::None => {
            throttle::count(ports, Rule::Links, client).await?;
            Err(EmailConfirmRefusal::InvalidCredentials.into())
        }
    }
}

async fn change_email(
    ports: &Ports<impl Store, impl Crypto>,
    before: &User,
    new_email: Email,
    one_time_token: &OneTimeToken,
    client: &Client,
) -> Result<(), StoreError> {
    let now = ports.clock.now();
    let mut after = before.clone();
    after.email = new_email;
    after.email_verified = true;
    after.version += 1;
    after.updated_at = now;
    let notice = MailRequest::EmailChanged { new_email: after.email.clone(), at: now };
    let activity = Activity::new(ports, Event::EmailChanged, client)
        .of_user(after.id)
        .with("before", before.email.address())
        .with("after", after.email.address());
    let pending_events = PendingEvents::new(activity).mail(OutboxMail::new(
        ports,
        &before.email,
        Some(&before.username),
        notice,
    ));
    let write = ports.id();
    ports
        .store
        .change_email(before, &after, &one_time_token.token, &pending_events, now, write)
        .await
}
