use rolecall_domain::{
    account::Email,
    ids::UserId,
    mail::TokenHash,
    ports::StoreError,
    recovery::{Ticket, TicketKind},
};
use serde::Deserialize;

use super::{instant, parsed};

/// The one living token of a user and kind. `asked_1` to `asked_3` are the last times that one was made.
#[derive(Deserialize)]
pub(crate) struct TicketItem {
    #[serde(default)]
    token: Option<String>,
    email: String,
    epoch: u64,
    #[serde(default)]
    new_email: Option<String>,
    ends_at: i64,
}

impl TicketItem {
    /// The ticket, unless it was used.
    pub(crate) fn ticket(self, owner: UserId, kind: TicketKind) -> Result<Option<Ticket>, StoreError> {
        let Some(token) = self.token else { return Ok(None) };
        Ok(Some(Ticket {
            owner,
            kind,
            token: TokenHash::from_stored(token),
            email: parsed(Email::parse(&self.email))?,
            epoch: self.epoch,
            new_email: parsed(self.new_email.as_deref().map(Email::parse).transpose())?,
            ends_at: instant(self.ends_at)?,
        }))
    }
}
