use super::reset::reset_mail;
use crate::{
    model::{
        account::{UndoLink, User},
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
        mail::{MailRequest, OutboxMail},
        organization::UserWithMemberships,
        throttle::Rule,
        token::{Purpose, TokenHash},
    },
    ports::{AccountChange, Crypto, Ports, Refused, Store},
    usecases::{
        commit::commit,
        error::{Refusal, UseCaseError, refusals},
        throttle,
        token_secret::TokenSecret,
    },
};

/// Why no change of an address was stopped or taken back.
pub type EmailUndoError = UseCaseError<EmailUndoRefusal>;

/// The reasons of [`EmailUndoError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailUndoRefusal {
    /// Unknown, used, or worth nothing since another link was used.
    #[error("the token is not valid")]
    InvalidToken,
    /// The link is over.
    #[error("the token is over")]
    Expired,
}

impl Refusal for EmailUndoRefusal {
    fn of(refused: Refused) -> Result<Self, Refused> {
        match refused {
            // The address is not the account's own any more.
            Refused::Taken(_) => Ok(Self::InvalidToken),
            other => Err(other),
        }
    }
}

refusals!(EmailUndoRefusal);

/// Stops the change of an address that waits, or takes back one that was made, as the link was
/// mailed for: whoever follows it reads the account's mailbox, or the one that it had. Whatever
/// else changed meanwhile, and whatever the status is, stays.
///
/// Taking back also ends every session, device and link, and the password: a thief knew it, or
/// chose it. The restored address is mailed a link for a new one, and the address that the account
/// loses is told.
pub async fn undo_email_change(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(), EmailUndoError> {
    throttle::check(ports, Rule::Links, client)?;
    let owner = TokenSecret::owner(token);
    let hash = &TokenHash::of(Purpose::UndoEmailChange, token);
    let load = || async move {
        Ok::<_, EmailUndoError>(match owner {
            Some(owner) => ports.store.user_with_memberships(owner).await?,
            None => None,
        })
    };
    let undone = commit(load, |person: Option<UserWithMemberships>| async move {
        let person = person.filter(|person| person.user.holds_names());
        let person = person.ok_or(EmailUndoRefusal::InvalidToken)?;
        let (now, ended_before) = (ports.clock.now(), ports.crypto.ended_before().await?);
        match person.user.undo_link(hash, ended_before, now) {
            Some(UndoLink::Stop) => stop(ports, &person.user, client).await,
            Some(UndoLink::Restore) => restore(ports, &person, hash, client).await,
            Some(UndoLink::Over) => Err(EmailUndoRefusal::Expired.into()),
            None => Err(EmailUndoRefusal::InvalidToken.into()),
        }
    });
    match undone.await {
        // Counts the failure of the network.
        Err(UseCaseError::Refused(EmailUndoRefusal::InvalidToken)) => {
            match throttle::count(ports, Rule::Links, client).await? {
                None => Err(EmailUndoRefusal::InvalidToken.into()),
                Some(too_many) => Err(too_many.into()),
            }
        }
        undone => undone,
    }
}

async fn stop(
    ports: &Ports<impl Store, impl Crypto>,
    before: &User,
    client: &Client,
) -> Result<(), EmailUndoError> {
    let now = ports.clock.now();
    let after = before.with_pending_email(None, now);
    let wished = before.pending_email.as_ref().map(|one| one.email.address());
    let activity = Activity::new(ports, Event::EmailChangeStopped, client).of_self(before);
    let pending_events = PendingEvents::new(activity.with("new_email", wished));
    let change = AccountChange::new(before, &after, &pending_events);
    Ok(ports.store.change_account(&change, now, ports.id()).await?)
}

async fn restore(
    ports: &Ports<impl Store, impl Crypto>,
    person: &UserWithMemberships,
    undo: &TokenHash,
    client: &Client,
) -> Result<(), EmailUndoError> {
    let (before, now) = (&person.user, ports.clock.now());
    let after = before.restored(undo, now).ok_or(EmailUndoRefusal::InvalidToken)?;
    let activity = Activity::new(ports, Event::EmailChangeUndone, client)
        .of_self(&after)
        .with("before", before.email.address())
        .with("after", after.email.address());
    let (reset, mail) = reset_mail(ports, after.id, &after.email, Some(&after)).await?;
    let notice = MailRequest::EmailChangeUndone { at: now };
    let notice = OutboxMail::to_user(ports, before, notice);
    let pending_events = PendingEvents::new(activity).mail(mail).mail(notice);
    let change = AccountChange {
        person: Some(person),
        one_time_token: Some(&reset),
        ..AccountChange::new(before, &after, &pending_events)
    };
    Ok(ports.store.change_account(&change, now, ports.id()).await?)
}
