//! Sending what waits in the outbox.

mod outcome;

use crate::{
    model::{
        account::{AccountStatus, User},
        clock::{SignedDuration, after},
        ids::{MailId, UserId},
        mail::{DueMail, MailFailure, MailRequest, Message, OutboxMail, next_attempt},
        organization::PLATFORM,
        token::Purpose,
    },
    ports::{Claim, Crypto, KeyError, MailError, Mailer, Ports, Store, StoreError},
    usecases::{error::UseCaseError, throttle, token_secret::TokenSecret},
};

use outcome::give_up;
pub use outcome::{DeliverError, DeliverRefusal, Delivered};

/// How long a claim on a mail holds: longer than an attempt ever takes.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Claims, renders, sends and marks one mail. Only a store that is away is an error: the mail is
/// as it was, and whoever asked has to ask again. Everything else is settled by itself: what never
/// goes out is marked and recorded, what may go out later is on the list of due mails.
///
/// A crash between sending and marking, or an answer of the mail service that is lost, sends a mail
/// a second time once the claim is over: SES has no idempotency key.
pub async fn deliver(
    ports: &Ports<impl Store, impl Crypto>,
    mailer: &dyn Mailer,
    id: MailId,
) -> Result<Delivered, StoreError> {
    let now = ports.clock.now();
    let (mail, attempt) = match ports.store.claim_mail(id, now, after(now, LEASE)).await {
        Ok(Claim::Mine { mail, attempt }) => (mail, attempt),
        Ok(Claim::Done | Claim::Waiting) => return Ok(Delivered::Nothing),
        Ok(Claim::Busy { until }) => {
            ports.store.list_due_mail(DueMail { at: until, id }).await?;
            return Ok(Delivered::Busy);
        }
        Err(error) if error.is_for_good() => {
            return give_up(ports, id, None, MailFailure::Unreadable).await;
        }
        Err(error) => return Err(error),
    };
    if mail.useful_until() <= now {
        return give_up(ports, id, Some(&mail), MailFailure::Expired).await;
    }
    match send(ports, mailer, &mail, attempt).await {
        Ok(()) => {
            ports.store.mark_mail_sent(id, ports.clock.now()).await?;
            Ok(Delivered::Sent)
        }
        Err(UseCaseError::Refused(DeliverRefusal::Mail(MailError::Refused(code)))) => {
            give_up(ports, id, Some(&mail), MailFailure::Refused(code)).await
        }
        Err(UseCaseError::Store(error)) if !error.is_for_good() => {
            // Where this fails as well, the claim ends by itself.
            let _ = ports.store.release_mail(id, attempt, now).await;
            Err(error)
        }
        Err(error) => {
            let next = next_attempt(ports.clock.now(), attempt);
            // First of all it is on the list: a crash behind this loses nothing.
            ports.store.list_due_mail(DueMail { at: next, id }).await?;
            ports.store.release_mail(id, attempt, next).await?;
            Ok(Delivered::Postponed(error))
        }
    }
}

/// Renders for the reader who may get it. A mail without a reader is done without being sent, and
/// so is one above the limit of an address that anybody may type.
async fn send(
    ports: &Ports<impl Store, impl Crypto>,
    mailer: &dyn Mailer,
    mail: &OutboxMail,
    attempt: u32,
) -> Result<(), DeliverError> {
    let name = || mail.username.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
    if matches!(mail.message, MailRequest::VerifyEmail { .. } | MailRequest::ConfirmNewEmail { .. })
    {
        // One that is tried again was let through before.
        if attempt == 1 && !throttle::may_mail(ports, &mail.to).await? {
            return Ok(());
        }
        if let Some(owner) = ports.store.owner(&mail.to).await? {
            let sent = mailer.send(owner.email.address(), &Message::AlreadyRegistered);
            return Ok(sent.await.map_err(DeliverRefusal::Mail)?);
        }
    }
    let (to, message) = match &mail.message {
        MailRequest::VerifyEmail { nonce, valid_for } => {
            let link = link(ports, Purpose::VerifyEmail, None, *nonce).await?;
            (
                mail.to.clone(),
                Message::VerifyEmail { username: name(), link, hours: valid_for.as_hours() },
            )
        }
        MailRequest::ConfirmNewEmail { owner, nonce, valid_for } => {
            let link = link(ports, Purpose::ChangeEmail, Some(*owner), *nonce).await?;
            (
                mail.to.clone(),
                Message::ConfirmNewEmail { username: name(), link, hours: valid_for.as_hours() },
            )
        }
        MailRequest::ResetPassword { owner, nonce, valid_for } => {
            let Some(user) = reader(ports, mail, *owner).await? else {
                return Ok(());
            };
            let link = link(ports, Purpose::ResetPassword, Some(*owner), *nonce).await?;
            let username = user.username.as_str().to_owned();
            (user.email, Message::ResetPassword { username, link, minutes: valid_for.as_mins() })
        }
        MailRequest::Invitation { owner, organization, nonce, valid_for } => {
            let Some(user) = invited(ports, mail, *owner).await? else {
                return Ok(());
            };
            let link = link(ports, Purpose::Invitation, Some(*owner), *nonce).await?;
            let organization = name_of(ports, organization.as_deref()).await?;
            (
                user.email,
                Message::Invitation { organization, link, days: valid_for.as_hours() / 24 },
            )
        }
        MailRequest::AccountLocked { owner, nonce, until } => {
            let Some(user) = reader(ports, mail, *owner).await? else {
                return Ok(());
            };
            let link = link(ports, Purpose::Unlock, Some(*owner), *nonce).await?;
            let username = user.username.as_str().to_owned();
            (user.email, Message::AccountLocked { username, until: *until, link })
        }
        MailRequest::PasswordChanged { at } => {
            (mail.to.clone(), Message::PasswordChanged { username: name(), at: *at })
        }
        MailRequest::EmailChangeRequested { new_email, at } => {
            let new_email = new_email.address().to_owned();
            (
                mail.to.clone(),
                Message::EmailChangeRequested { username: name(), new_email, at: *at },
            )
        }
        MailRequest::EmailChanged { new_email, at } => {
            let new_email = new_email.address().to_owned();
            (mail.to.clone(), Message::EmailChanged { username: name(), new_email, at: *at })
        }
        MailRequest::SessionEndedForReuse { at } => {
            (mail.to.clone(), Message::SessionEndedForReuse { username: name(), at: *at })
        }
    };
    Ok(mailer.send(to.address(), &message).await.map_err(DeliverRefusal::Mail)?)
}

/// The active account that a mail about `owner` may go to, at its stored address and not as
/// somebody typed it (CVE-2019-19844).
async fn reader(
    ports: &Ports<impl Store, impl Crypto>,
    mail: &OutboxMail,
    owner: UserId,
) -> Result<Option<User>, StoreError> {
    let found = ports.store.owner(&mail.to).await?;
    Ok(found.filter(|user| user.id == owner && user.status == AccountStatus::Active))
}

/// The pending account that an invitation may go to.
async fn invited(
    ports: &Ports<impl Store, impl Crypto>,
    mail: &OutboxMail,
    owner: UserId,
) -> Result<Option<User>, StoreError> {
    let found = ports.store.owner(&mail.to).await?;
    Ok(found.filter(|user| user.id == owner && user.status == AccountStatus::Pending))
}

/// What an organization is called, as a message says it.
async fn name_of(
    ports: &Ports<impl Store, impl Crypto>,
    organization: Option<&str>,
) -> Result<String, StoreError> {
    let Some(code) = organization.filter(|code| *code != PLATFORM) else {
        return Ok(ports.settings.product_name.clone());
    };
    let found = ports.store.organization(code).await?;
    Ok(found.map_or_else(|| code.to_owned(), |organization| organization.name.as_str().to_owned()))
}

/// A link of the configured origin; nothing of a request is ever part of it.
async fn link(
    ports: &Ports<impl Store, impl Crypto>,
    purpose: Purpose,
    owner: Option<UserId>,
    nonce: [u8; 32],
) -> Result<String, KeyError> {
    let token = TokenSecret::from_nonce(ports, purpose, owner, nonce).await?;
    Ok(format!("{}/{}?token={}", ports.settings.link_base(), purpose.label(), token.reveal()))
}
