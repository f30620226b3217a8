//! Sending what waits in the outbox.

mod bounds;
mod outcome;
mod reply;

use crate::{
    model::{
        account::{AccountStatus, Email, User},
        appearance::Language,
        clock::{SignedDuration, Timestamp, after},
        ids::{MailId, UserId},
        mail::{
            DueMail, Letterhead, MailFailure, MailRequest, Message, OutboxMail, UndoLine, UndoSeed,
            next_attempt,
        },
        organization::PLATFORM,
        process::Process,
        token::{Purpose, TokenSeed},
    },
    ports::{Claim, Crypto, KeyError, MailError, Mailer, Ports, Store, StoreError},
    usecases::{error::UseCaseError, token_secret::TokenSecret},
};

use bounds::{Admission, admission};
use outcome::give_up;
pub use outcome::{DeliverError, DeliverRefusal, Delivered};
use reply::Reply;

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
    let claim = ports.store.claim_mail(id, now, after(now, LEASE)).await;
    let (mail, attempt, mut is_admitted) = match claim {
        Ok(Claim::Mine { mail, attempt, is_admitted }) => (mail, attempt, is_admitted),
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
    match send(ports, mailer, &mail, &mut is_admitted).await {
        Ok(Sending::Done) => {
            ports.store.mark_mail_sent(id, ports.clock.now()).await?;
            Ok(Delivered::Sent)
        }
        Ok(Sending::NoRoom) => {
            ports.store.mark_mail_sent(id, ports.clock.now()).await?;
            Ok(Delivered::NoRoom)
        }
        Ok(Sending::At(next)) => {
            try_again_at(ports, id, attempt, next, is_admitted).await?;
            Ok(Delivered::Deferred(next))
        }
        Err(UseCaseError::Refused(DeliverRefusal::Mail(MailError::Refused(code)))) => {
            give_up(ports, id, Some(&mail), MailFailure::Refused(code)).await
        }
        Err(UseCaseError::Store(error)) if !error.is_for_good() => {
            // Where this fails as well, the claim ends by itself.
            let _ = ports.store.release_mail(id, attempt, now, is_admitted).await;
            Err(error)
        }
        Err(error) => {
            let next = next_attempt(ports.clock.now(), attempt);
            try_again_at(ports, id, attempt, next, is_admitted).await?;
            Ok(Delivered::Postponed(error))
        }
    }
}

/// Gives a mail back until `next`.
async fn try_again_at(
    ports: &Ports<impl Store, impl Crypto>,
    id: MailId,
    attempt: u32,
    next: Timestamp,
    is_admitted: bool,
) -> Result<(), StoreError> {
    // First of all it is on the list: a crash behind this loses nothing.
    ports.store.list_due_mail(DueMail { at: next, id }).await?;
    ports.store.release_mail(id, attempt, next, is_admitted).await
}

/// How an attempt went that met no error.
enum Sending {
    /// It went out, or there is nobody to write to, or another mail goes out in its place.
    Done,
    /// It is let through from then on.
    At(Timestamp),
    /// It is beyond what anybody may ask for, as long as it is of use.
    NoRoom,
}

/// Renders for the reader who may get it. A mail without a reader is done without being sent; one
/// that anybody may ask for has bounds, which it passes once.
async fn send(
    ports: &Ports<impl Store, impl Crypto>,
    mailer: &dyn Mailer,
    mail: &OutboxMail,
    is_admitted: &mut bool,
) -> Result<Sending, DeliverError> {
    let appearance = ports.store.appearance(false).await?;
    let settings = &ports.settings;
    let letterhead =
        |language| Letterhead::new(&appearance, &settings.product_name, &settings.issuer, language);
    let written = match mail.message.address_request() {
        None => message(ports, mail, appearance.product(&settings.product_name)).await?,
        Some(request) => {
            let Some(reply) = Reply::to(ports, mail, request).await? else {
                return Ok(Sending::Done);
            };
            if !*is_admitted && reply.is_bounded() {
                match admission(ports, mail, reply.kind).await? {
                    Admission::Covered => return Ok(Sending::Done),
                    Admission::Full => return Ok(Sending::NoRoom),
                    Admission::At(at) => {
                        *is_admitted = true;
                        if at > ports.clock.now() {
                            return Ok(Sending::At(at));
                        }
                    }
                }
            }
            reply.write(ports, mail).await?
        }
    };
    if let Some(Written { to, message, language }) = written {
        let letterhead = letterhead(language.or(mail.language));
        let sent = mailer.send(to.address(), &message, &letterhead).await;
        sent.map_err(DeliverRefusal::Mail)?;
    }
    Ok(Sending::Done)
}

/// What goes out, and to whom.
struct Written {
    to: Email,
    message: Message,
    /// What the account reads that has the address; the mail may know it, too.
    language: Option<Language>,
}

impl Written {
    fn to_address(to: &Email, message: Message) -> Self {
        Self { to: to.clone(), message, language: None }
    }

    fn to_user(user: &User, message: Message) -> Self {
        Self { language: user.profile.language, ..Self::to_address(&user.email, message) }
    }
}

/// What goes out of what the product writes by itself.
async fn message(
    ports: &Ports<impl Store, impl Crypto>,
    mail: &OutboxMail,
    product: &str,
) -> Result<Option<Written>, DeliverError> {
    let name = || mail.username.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
    let message = match &mail.message {
        MailRequest::VerifyEmail { .. }
        | MailRequest::ResetPassword { .. }
        | MailRequest::ConfirmNewEmail { .. } => return Ok(None),
        MailRequest::Invitation { owner, organization, seed, valid_for } => {
            let Some(user) = invited(ports, mail, *owner).await? else {
                return Ok(None);
            };
            let link = link(ports, Purpose::Invitation, *owner, *seed).await?;
            let organization = name_of(ports, organization.as_deref(), product).await?;
            let days = valid_for.as_hours() / 24;
            let message = Message::Invitation { organization, link, days };
            return Ok(Some(Written::to_user(&user, message)));
        }
        MailRequest::JoinOrganization { invitation, organization, seed, valid_for } => {
            // One that was withdrawn or mailed again has another link, or none.
            let named = UserId::from_bytes(*invitation.as_bytes());
            let purpose = Purpose::JoinOrganization;
            let token = TokenSecret::from_seed(ports, purpose, Some(named), *seed).await?;
            let waiting = ports.store.invitation(*invitation).await?;
            let Some(waiting) = waiting.filter(|waiting| waiting.token == token.hash()) else {
                return Ok(None);
            };
            let link = url(ports, purpose, token.reveal());
            let organization = name_of(ports, Some(organization), product).await?;
            let days = valid_for.as_hours() / 24;
            let message = Message::Invitation { organization, link, days };
            return Ok(Some(Written::to_address(&waiting.order.email, message)));
        }
        MailRequest::AccountLocked { owner, seed, until } => {
            let Some(user) = reader(ports, mail, *owner).await? else {
                return Ok(None);
            };
            let link = link(ports, Purpose::Unlock, *owner, *seed).await?;
            let username = user.username.as_str().to_owned();
            let message = Message::AccountLocked { username, until: *until, link };
            return Ok(Some(Written::to_user(&user, message)));
        }
        MailRequest::PasswordChanged { at } => {
            Message::PasswordChanged { username: name(), at: *at }
        }
        MailRequest::EmailChangeRequested { new_email, at, undo } => {
            let (username, at, new_email) = (name(), *at, new_email.address().to_owned());
            let undo = undo_line(ports, *undo).await?;
            Message::EmailChangeRequested { username, new_email, at, undo }
        }
        MailRequest::EmailChanged { new_email, at, undo } => {
            let (username, at, new_email) = (name(), *at, new_email.address().to_owned());
            let undo = undo_line(ports, *undo).await?;
            Message::EmailChanged { username, new_email, at, undo }
        }
        MailRequest::EmailChangeUndone { at } => {
            Message::EmailChangeUndone { username: name(), at: *at }
        }
        MailRequest::AccountDeleted { at } => Message::AccountDeleted { username: name(), at: *at },
        MailRequest::ApiKeyCreated { name: key, at } => {
            let key = key.as_str().to_owned();
            Message::ApiKeyCreated { username: name(), key, at: *at }
        }
        MailRequest::ApiKeyRotated { name: key, at } => {
            let key = key.as_str().to_owned();
            Message::ApiKeyRotated { username: name(), key, at: *at }
        }
        MailRequest::ApiKeyEnds { name: key, at } => {
            let key = key.as_str().to_owned();
            Message::ApiKeyEnds { username: name(), key, at: *at }
        }
        MailRequest::SessionEndedForReuse { at } => {
            Message::SessionEndedForReuse { username: name(), at: *at }
        }
    };
    Ok(Some(Written::to_address(&mail.to, message)))
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
    product: &str,
) -> Result<String, StoreError> {
    let Some(code) = organization.filter(|code| *code != PLATFORM) else {
        return Ok(product.to_owned());
    };
    let found = ports.store.organization(code).await?;
    Ok(found.map_or_else(|| code.to_owned(), |organization| organization.name.as_str().to_owned()))
}

/// The link of a token that is of an account.
async fn link(
    ports: &Ports<impl Store, impl Crypto>,
    purpose: Purpose,
    owner: UserId,
    seed: TokenSeed,
) -> Result<String, KeyError> {
    let token = TokenSecret::from_seed(ports, purpose, Some(owner), seed).await?;
    Ok(url(ports, purpose, token.reveal()))
}

/// The link of a notice that undoes what it tells.
async fn undo_line(
    ports: &Ports<impl Store, impl Crypto>,
    undo: Option<UndoSeed>,
) -> Result<Option<UndoLine>, KeyError> {
    let Some(UndoSeed { owner, seed, valid_for }) = undo else {
        return Ok(None);
    };
    let link = link(ports, Purpose::UndoEmailChange, owner, seed).await?;
    Ok(Some(UndoLine { link, hours: valid_for.as_hours() }))
}

/// A link of the configured origin; nothing of a request is ever part of it. What stands behind `#`
/// no browser sends: neither a log nor a referrer has the token.
fn url(process: &Process, purpose: Purpose, token: &str) -> String {
    format!("{}/{}#token={token}", process.settings.link_base(), purpose.page())
}
