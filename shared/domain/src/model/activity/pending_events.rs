use super::types::Activity;
use crate::model::mail::OutboxMail;

/// What a change brings with it, written inside one of the change's own items: its activity, and
/// the mails that it asks for.
///
/// One write is one write: neither the change nor its record exists without the other, at no
/// further cost. The table's stream hands the pending events to `relay`, which puts activity and
/// mails where they are looked for (`docs/decisions/0007-a-change-carries-its-pending-events.md`).
#[derive(Debug, Clone)]
pub struct PendingEvents {
    /// The record; none where it is written beside the change, because it is to be there even
    /// without one.
    pub activity: Option<Activity>,
    pub mails: Vec<OutboxMail>,
}

impl PendingEvents {
    /// A record without mails.
    #[must_use]
    pub fn new(activity: Activity) -> Self {
        Self { activity: Some(activity), mails: Vec::new() }
    }

    /// Nothing: of what nobody did.
    #[must_use]
    pub fn none() -> Self {
        Self { activity: None, mails: Vec::new() }
    }

    /// A mail without a record.
    #[must_use]
    pub fn mail_alone(mail: OutboxMail) -> Self {
        Self { activity: None, mails: vec![mail] }
    }

    /// With a mail more, unless it is to an address that nobody has: a service account's.
    #[must_use]
    pub fn mail(mut self, mail: OutboxMail) -> Self {
        if !mail.to.is_nobodys() {
            self.mails.push(mail);
        }
        self
    }
}
