//! A run over several mails: what the function of the stream and the one of the schedule share.

use rolecall_domain::{
    clock::rfc3339,
    ids::MailId,
    mail::{self, Delivered},
    ports::{Mailer, StoreError},
};

use super::batch::cause;
use crate::Ports;

/// After so many mails that met a mail service which takes none, a run tries no more: each attempt
/// may wait for a time-out, and the others would meet the same.
const MOST_OUTAGES: u32 = 2;

/// One run.
pub(super) struct Mailing<'a> {
    ports: &'a Ports,
    mailer: &'a dyn Mailer,
    outages: u32,
}

impl<'a> Mailing<'a> {
    pub(super) fn new(ports: &'a Ports, mailer: &'a dyn Mailer) -> Self {
        Self { ports, mailer, outages: 0 }
    }

    /// Whether the mail service seems to take no mail now.
    pub(super) fn is_over(&self) -> bool {
        self.outages >= MOST_OUTAGES
    }

    /// Tries one mail, and logs what somebody has to know.
    pub(super) async fn deliver(&mut self, id: MailId) -> Result<Delivered, StoreError> {
        let delivered = mail::deliver(self.ports, self.mailer, id).await.inspect_err(|error| {
            tracing::warn!(mail = %id, error = %error, cause = cause(error), "the store is away; \
                the mail waits");
        })?;
        match &delivered {
            Delivered::Sent | Delivered::Nothing | Delivered::Busy => {}
            Delivered::Deferred(at) => {
                tracing::info!(mail = %id, at = %rfc3339(*at), "a mail waits for room");
            }
            Delivered::NoRoom => {
                tracing::warn!(mail = %id, "a mail is beyond what anybody may have sent");
            }
            Delivered::GivenUp(failure) => {
                tracing::error!(mail = %id, reason = failure.as_str(), code = failure.code(),
                    "given up");
            }
            Delivered::Postponed(error) => {
                tracing::warn!(mail = %id, error = %error, cause = cause(error), "a mail did not \
                    go out; it will be tried again");
            }
        }
        self.outages += u32::from(delivered.is_outage());
        Ok(delivered)
    }
}
