use crate::model::{clock::Timestamp, ids::UserId};

/// How far the erasure of a deleted account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// It is to begin then, unless the account is restored before.
    Due(Timestamp),
    /// The account has no name and no address any more since then; what tells of it elsewhere goes.
    Begun(Timestamp),
    /// Nothing tells who it was since then.
    Done(Timestamp),
}

/// An erasure that waits for its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueErasure {
    pub at: Timestamp,
    pub user: UserId,
}
