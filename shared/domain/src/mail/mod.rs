//! Mail: what is to be written to whom, its one-time tokens, and its delivery.
//!
//! No request handler sends. It writes an [`OutboxMail`] in the transaction of its change; [`deliver()`] sends it.

mod deliver;
mod token;

pub use deliver::{DeliverError, Delivered, Letter, deliver};
pub use token::{MailToken, Purpose, TokenHash};

use crate::{
    account::{Email, Username},
    clock::{SignedDuration, Timestamp},
    ids::MailId,
};

/// A mail that waits to be sent. It holds the seed of a token and never a token.
#[derive(Debug, Clone)]
pub struct OutboxMail {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub to: Email,
    /// The username that is spoken to.
    pub username: Username,
    /// What it says.
    pub message: Message,
    /// When it was written.
    pub created_at: Timestamp,
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Prove your address; to the owner of an account: somebody tried to sign up with it.
    VerifyEmail {
        /// The seed of the token in the link.
        nonce: [u8; 32],
        /// How long the link works.
        valid_for: SignedDuration,
    },
    /// A used refresh token came back, so the session was ended.
    SessionEndedForReuse {
        /// When.
        at: Timestamp,
    },
}
