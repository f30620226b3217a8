//! What becomes of a mail after an attempt.

use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        clock::Timestamp,
        event::Event,
        ids::MailId,
        mail::{MailFailure, OutboxMail},
    },
    ports::{Crypto, MailError, Ports, Store, StoreError},
    usecases::error::{Refusal, UseCaseError, refusals},
};

/// What became of a mail.
#[derive(Debug)]
pub enum Delivered {
    /// It went out now.
    Sent,
    /// It was over, is gone, or waits for a later attempt.
    Nothing,
    /// Another delivery holds it. It is due again when that one's claim is over, which may be by a
    /// crash.
    Busy,
    /// It never goes out, which is recorded.
    GivenUp(MailFailure),
    /// It is tried again later.
    Postponed(DeliverError),
    /// It goes out then: there is no room before, for what anybody may have mailed.
    Deferred(Timestamp),
    /// It never goes out: there is no room while it is of use.
    NoRoom,
}

/// Why a mail did not go out this time.
pub type DeliverError = UseCaseError<DeliverRefusal>;

/// The reasons of [`DeliverError`].
#[derive(Debug, thiserror::Error)]
pub enum DeliverRefusal {
    /// The mail service refused or is away.
    #[error(transparent)]
    Mail(#[from] MailError),
}

impl Refusal for DeliverRefusal {}
refusals!(DeliverRefusal);

impl Delivered {
    /// Whether any other mail would meet the same now.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Postponed(
                UseCaseError::Refused(DeliverRefusal::Mail(MailError::Unavailable(_)))
                    | UseCaseError::Key(_)
            )
        )
    }
}

/// Marks a mail that never goes out, and records it: of whom it is and why, not its address.
pub(super) async fn give_up(
    ports: &Ports<impl Store, impl Crypto>,
    id: MailId,
    mail: Option<&OutboxMail>,
    failure: MailFailure,
) -> Result<Delivered, StoreError> {
    let mut activity = Activity::new(ports, Event::MailFailed, &Client::default())
        .with("mail", id.to_string())
        .with("reason", failure.as_str());
    if let Some(code) = failure.code() {
        activity = activity.with("code", code);
    }
    if let Some(mail) = mail {
        activity = activity.with("message", mail.message.as_str());
        if let Some(owner) = ports.store.owner(&mail.to).await? {
            activity = activity.of_user(&owner);
        }
    }
    let pending_events = PendingEvents::new(activity);
    let now = ports.clock.now();
    let is_news = ports.store.mark_mail_failed(id, &failure, &pending_events, now).await?;
    Ok(if is_news { Delivered::GivenUp(failure) } else { Delivered::Nothing })
}
