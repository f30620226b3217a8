use rolecall_domain::{
    account::{Email, FormerEmail, PendingEmail},
    mail::TokenHash,
};
use serde::{Deserialize, Serialize};

use super::Instant;

/// A change of address that waits, within an account.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredPendingEmail {
    email: Email,
    stop: String,
    epoch: u64,
    ends_at: Instant,
}

impl From<PendingEmail> for StoredPendingEmail {
    fn from(pending: PendingEmail) -> Self {
        let PendingEmail { email, stop, epoch, ends_at } = pending;
        Self { email, stop: stop.as_str().to_owned(), epoch, ends_at: Instant(ends_at) }
    }
}

impl From<StoredPendingEmail> for PendingEmail {
    fn from(stored: StoredPendingEmail) -> Self {
        let StoredPendingEmail { email, stop, epoch, ends_at } = stored;
        Self { email, stop: TokenHash::from_stored(stop), epoch, ends_at: ends_at.0 }
    }
}

/// An address that the account had.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredFormerEmail {
    email: Email,
    undo: String,
    until: Instant,
}

impl From<FormerEmail> for StoredFormerEmail {
    fn from(former: FormerEmail) -> Self {
        let FormerEmail { email, undo, until } = former;
        Self { email, undo: undo.as_str().to_owned(), until: Instant(until) }
    }
}

impl From<StoredFormerEmail> for FormerEmail {
    fn from(stored: StoredFormerEmail) -> Self {
        let StoredFormerEmail { email, undo, until } = stored;
        Self { email, undo: TokenHash::from_stored(undo), until: until.0 }
    }
}
