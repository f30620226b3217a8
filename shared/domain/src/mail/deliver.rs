use super::{MailToken, Message, OutboxMail, Purpose};
use crate::{
    Ports,
    clock::{SignedDuration, Timestamp, after},
    ids::MailId,
    ports::{Claim, KeyError, MailError, Mailer, StoreError},
};

/// How long a claim on a mail holds: longer than a delivery ever takes.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// A mail with all that its templates need. Rendering is the mailer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// Prove your address by this link.
    VerifyEmail {
        /// The username of the sign-up.
        username: String,
        /// The link, token included.
        link: String,
        /// Hours that the link works.
        hours: i64,
    },
    /// Somebody tried to sign up with the address of this account.
    AlreadyRegistered,
    /// A used refresh token came back.
    SessionEndedForReuse {
        /// The account's username.
        username: String,
        /// When.
        at: Timestamp,
    },
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// It went out now.
    Sent,
    /// It had gone out before, or is gone: nothing to do.
    Nothing,
}

/// Why a mail did not go out. The stream tries again.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// Another delivery holds it.
    #[error("another delivery of this mail is under way")]
    Busy,
    /// The mail service refused or is away.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The server key is out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Claims, renders, sends and marks one mail.
///
/// A crash between sending and marking sends it a second time once the claim is over: SES has no idempotency key.
pub async fn deliver(ports: &Ports, mailer: &dyn Mailer, id: MailId) -> Result<Delivered, DeliverError> {
    let now = ports.clock.now();
    let mail = match ports.outbox.claim(id, now, after(now, LEASE)).await? {
        Claim::Mine(mail) => mail,
        Claim::Done => return Ok(Delivered::Nothing),
        Claim::Busy => return Err(DeliverError::Busy),
    };
    match send(ports, mailer, &mail).await {
        Ok(()) => {
            ports.outbox.mark_sent(id, ports.clock.now()).await?;
            Ok(Delivered::Sent)
        }
        Err(error) => {
            ports.outbox.release(id).await?;
            Err(error)
        }
    }
}

async fn send(ports: &Ports, mailer: &dyn Mailer, mail: &OutboxMail) -> Result<(), DeliverError> {
    let username = mail.username.as_str().to_owned();
    let letter = match &mail.message {
        Message::VerifyEmail { .. } if ports.accounts.has_owner(&mail.to).await? => Letter::AlreadyRegistered,
        Message::VerifyEmail { nonce, valid_for } => {
            let token = MailToken::from_nonce(ports, Purpose::VerifyEmail, *nonce).await?;
            let link = format!("{}/verify-email?token={}", ports.settings.link_base, token.reveal());
            Letter::VerifyEmail { username, link, hours: valid_for.as_hours() }
        }
        Message::SessionEndedForReuse { at } => Letter::SessionEndedForReuse { username, at: *at },
    };
    Ok(mailer.send(mail.to.address(), &letter).await?)
}
