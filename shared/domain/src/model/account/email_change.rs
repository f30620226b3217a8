use super::types::Email;
use crate::model::{
    clock::{SignedDuration, Timestamp, after},
    token::TokenHash,
};

/// A change of address that waits for its link to be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingEmail {
    /// The wished address.
    pub email: Email,
    /// Of the link that stops it, which was mailed to the present address.
    pub stop: TokenHash,
    /// The account's epoch when it was asked for; dead when that is another.
    pub epoch: u64,
    /// Dead from then on.
    pub ends_at: Timestamp,
}

/// An address that an account had. It stays taken until its time is over, and is nobody's to sign
/// in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerEmail {
    pub email: Email,
    /// Of the link that brings it back, which was mailed to it.
    pub undo: TokenHash,
    /// Free from then on.
    pub until: Timestamp,
}

impl FormerEmail {
    /// When the account moved away from it.
    #[must_use]
    pub fn made_at(&self) -> Timestamp {
        after(self.until, -Self::PERIOD)
    }

    /// How long a change of address can be taken back.
    pub const PERIOD: SignedDuration = SignedDuration::from_hours(7 * 24);

    /// How many of them an account has at once. No change makes room for itself: the oldest one
    /// may be what a thief wants to be rid of.
    pub const MOST: usize = 5;

    /// Whether it is still taken.
    #[must_use]
    pub fn is_kept(&self, now: Timestamp) -> bool {
        self.until > now
    }
}

/// What the token of an undo link stands for, in the account as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoLink {
    /// It stops the change that waits.
    Stop,
    /// It brings a former address back.
    Restore,
    /// It did one or the other, and its time is over.
    Over,
}
