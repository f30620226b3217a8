use std::error::Error;

use async_trait::async_trait;

use super::error::StoreError;
use crate::model::{
    account::Email,
    activity::PendingEvents,
    clock::Timestamp,
    ids::MailId,
    mail::{DueMail, LateLine, Letterhead, MailFailure, MailedReply, Message, OutboxMail},
};

/// An attempt to take a mail for delivery.
#[derive(Debug, Clone)]
pub enum Claim {
    /// It is the caller's until the lease is over.
    Mine {
        mail: Box<OutboxMail>,
        /// How often it was claimed, this time included.
        attempt: u32,
        /// Whether it passed the bounds of mail that anybody may ask for, at an earlier attempt.
        is_admitted: bool,
    },
    /// It was sent, was given up, or is gone.
    Done,
    /// Somebody else holds it until then.
    Busy { until: Timestamp },
    /// Its next attempt is later, and is on the list of due mails.
    Waiting,
}

/// Mail that waits to be sent.
#[trait_variant::make(Send)]
pub trait Outbox: Send + Sync {
    /// MUST give a mail to one claimant at a time, and to nobody before its next attempt. A mail
    /// that cannot be read is [`StoreError::Broken`].
    async fn claim_mail(
        &self,
        id: MailId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claim, StoreError>;
    /// MUST make every later claim [`Claim::Done`].
    async fn mark_mail_sent(&self, id: MailId, now: Timestamp) -> Result<(), StoreError>;
    /// MUST make every later claim [`Claim::Done`], and write the record with it. Tells whether it
    /// did: a mail that was over stays as it was.
    async fn mark_mail_failed(
        &self,
        id: MailId,
        failure: &MailFailure,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Gives the claim of this attempt back; MUST let nobody claim the mail before `next`, and MUST
    /// tell later claims of it whether it `is_admitted`. A claim that somebody else has meanwhile
    /// stays theirs.
    async fn release_mail(
        &self,
        id: MailId,
        attempt: u32,
        next: Timestamp,
        is_admitted: bool,
    ) -> Result<(), StoreError>;
    /// Takes the line of an address that is over its bound, if nobody is in it at `now`, until
    /// `next`; else the line as a mail with this reply finds it. MUST let one of several at once
    /// have it.
    async fn start_late_line(
        &self,
        to: &Email,
        reply: MailedReply,
        id: MailId,
        now: Timestamp,
        next: Timestamp,
    ) -> Result<Option<LateLine>, StoreError>;
    /// Takes the place of the line that is free at `at`, so that the next one is free at `next`.
    /// Tells whether it did: MUST give a place to one mail.
    async fn take_late_place(
        &self,
        to: &Email,
        reply: MailedReply,
        id: MailId,
        at: Timestamp,
        next: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Puts a mail on the list of those that are due from an instant on. Again is no error.
    async fn list_due_mail(&self, due: DueMail) -> Result<(), StoreError>;
    /// Mails that are due at `now`, the longest due first, behind `after`, at most `limit`.
    async fn due_mails(
        &self,
        now: Timestamp,
        after: Option<DueMail>,
        limit: usize,
    ) -> Result<Vec<DueMail>, StoreError>;
    /// Takes a mail off the list.
    async fn forget_due_mail(&self, due: DueMail) -> Result<(), StoreError>;
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The mail service will never take this mail: its address or its content is at fault. The
    /// text is the service's own word for it, and holds no address.
    #[error("the mail service refused the mail for good: {0}")]
    Refused(String),
    /// It does not take this mail now; others may go out.
    #[error("the mail service did not take the mail this time")]
    Postponed(#[source] Box<dyn Error + Send + Sync>),
    /// It takes no mail now: it is away, or our account may not send.
    #[error("the mail service takes no mail")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

#[async_trait]
pub trait Mailer: Send + Sync {
    /// Renders and sends one message.
    async fn send(&self, to: &str, message: &Message, head: &Letterhead) -> Result<(), MailError>;
}
