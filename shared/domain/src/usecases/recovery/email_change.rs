use super::one_time_token::{InvalidToken, Redeemable, redeemable, refused};
use crate::{
    model::{
        account::{Email, FormerEmail, PendingEmail, PlainPassword, User},
        activity::{Activity, PendingEvents},
        client::Client,
        clock::after,
        event::Event,
        mail::{MailRequest, OutboxMail, UndoSeed},
        recovery::OneTimeToken,
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

/// Mails the wished address a link, and the present one a notice with a link that stops the change.
/// It does not look at whether the wished address has an account, as signing up does not; if it
/// has, its owner gets a notice and no link goes out.
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
    let proven = present_password(ports, caller, current, client, Event::EmailChangeFail);
    let proven = proven.await.map_err(|error| error.map(EmailChangeRefusal::from))?.user;
    let load = || async move {
        // In a batch, as the gate reads: this needs no right of its own.
        let (newer, _) = ports.store.one_time_token(user.id, Purpose::ChangeEmail).await?;
        let newer = newer.map(|person| person.user);
        newer.ok_or(EmailChangeRefusal::WrongPassword(WrongPassword).into())
    };
    let asked = commit_on(proven, load, |before: User| async move {
        // If the password changed or the devices were signed out meanwhile, the proof is over.
        if (before.credential, before.epoch) != (user.credential, user.epoch) {
            return Err(EmailChangeRefusal::WrongPassword(WrongPassword).into());
        }
        write_wish(ports, &before, caller, new_email, client).await
    });
    match asked.await {
        Err(UseCaseError::Store(StoreError::Refused(Refused::NotBefore(at)))) => {
            let activity = Activity::new(ports, Event::RateLimit, client).of_user(user).by(caller);
            ports.store.record(&activity.with("limit", "email changes")).await?;
            Err(TooMany(at.duration_since(ports.clock.now())).into())
        }
        asked => asked,
    }
}

async fn write_wish(
    ports: &Ports<impl Store, impl Crypto>,
    before: &User,
    caller: &Caller,
    new_email: &Email,
    client: &Client,
) -> Result<(), EmailChangeError> {
    let now = ports.clock.now();
    if let Some(at) = before.may_move_from(new_email, now) {
        return Err(StoreError::from(Refused::NotBefore(at)).into());
    }
    let valid_for = ports.settings.verification_lifetime;
    let token = TokenSecret::new(ports, Purpose::ChangeEmail, Some(before.id)).await?;
    let stop = TokenSecret::new(ports, Purpose::UndoEmailChange, Some(before.id)).await?;
    let link = MailRequest::ConfirmNewEmail { owner: before.id, seed: token.seed, valid_for };
    let undo = Some(UndoSeed { owner: before.id, seed: stop.seed, valid_for });
    let notice = MailRequest::EmailChangeRequested { new_email: new_email.clone(), at: now, undo };
    let link = OutboxMail { to: new_email.clone(), ..OutboxMail::to_user(ports, before, link) };
    let activity =
        Activity::new(ports, Event::EmailChangeRequested, client).of_user(before).by(caller);
    let pending_events = PendingEvents::new(activity.with("new_email", new_email.address()))
        .mail(link.asked_by(client))
        .mail(OutboxMail::to_user(ports, before, notice));
    let ends_at = after(now, valid_for);
    let one_time_token = OneTimeToken {
        owner: before.id,
        purpose: Purpose::ChangeEmail,
        token: token.hash(),
        email: before.email.clone(),
        credential: before.credential,
        epoch: before.epoch,
        new_email: Some(new_email.clone()),
        made_at: now,
        ends_at,
        last_until: None,
    };
    let (email, stop) = (new_email.clone(), stop.hash());
    let wish = PendingEmail { email, stop, epoch: before.epoch, ends_at };
    let after = before.with_pending_email(Some(wish), now);
    let (store, write) = (&ports.store, ports.id());
    let asked =
        store.request_email_change(before, &after, &one_time_token, &pending_events, now, write);
    Ok(asked.await?)
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
/// meanwhile is refused like a used token. The old address is mailed a link that takes it back.
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
        if person.user.may_move_from(&new_email, ports.clock.now()).is_some() {
            return Err(refused(ports, client).await.map(EmailConfirmRefusal::from));
        }
        change_email(ports, &person.user, new_email, &one_time_token, client).await
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
) -> Result<(), EmailConfirmError> {
    let now = ports.clock.now();
    let undo = TokenSecret::new(ports, Purpose::UndoEmailChange, Some(before.id)).await?;
    let after = before.moved_to(new_email, undo.hash(), now);
    let is_former = after.former_emails.iter().any(|one| one.undo == undo.hash());
    let undo = is_former.then_some(UndoSeed {
        owner: before.id,
        seed: undo.seed,
        valid_for: FormerEmail::PERIOD,
    });
    let notice = MailRequest::EmailChanged { new_email: after.email.clone(), at: now, undo };
    let activity = Activity::new(ports, Event::EmailChanged, client)
        .of_self(&after)
        .with("before", before.email.address())
        .with("after", after.email.address());
    let notice = OutboxMail::to_user(ports, before, notice);
    let pending_events = PendingEvents::new(activity).mail(notice);
    let (store, write) = (&ports.store, ports.id());
    let token = &one_time_token.token;
    Ok(store.change_email(before, &after, token, &pending_events, now, write).await?)
}
