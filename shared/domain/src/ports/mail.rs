use std::error::Error;

use async_trait::async_trait;

use super::error::StoreError;
use crate::model::{
    clock::Timestamp,
    ids::MailId,
    mail::{Message, OutboxMail},
};

/// An attempt to take a mail for delivery.
#[derive(Debug, Clone)]
pub enum Claim {
    /// It is the caller's until the lease is over.
    Mine {
        mail: Box<OutboxMail>,
        /// How often it was claimed, this time included.
        attempt: u32,
    },
    /// It was sent, or is gone.
    Done,
    /// Somebody else holds it.
    Busy,
}

/// Mail that waits to be sent.
#[trait_variant::make(Send)]
pub trait Outbox: Send + Sync {
    /// MUST give a mail to one claimant at a time.
    async fn claim_mail(
        &self,
        id: MailId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claim, StoreError>;
    /// MUST make every later claim [`Claim::Done`].
    async fn mark_mail_sent(&self, id: MailId, now: Timestamp) -> Result<(), StoreError>;
    /// Gives a claim back.
    async fn release_mail(&self, id: MailId) -> Result<(), StoreError>;
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
#[error("the mail service did not take the mail")]
pub struct MailError(#[source] pub Box<dyn Error + Send + Sync>);

#[async_trait]
pub trait Mailer: Send + Sync {
    /// Renders and sends one message.
    async fn send(&self, to: &str, message: &Message) -> Result<(), MailError>;
}
