use std::{error::Error, fmt};

use crate::model::{clock::Timestamp, idempotency::SealedResponse};

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It throttles, is away, or lost every race for this write: try again later (503). Whether a
    /// write happened is not known.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// It answered what this program cannot have written, or refused a request as wrong: a bug
    /// (500), and no later attempt with the same items ends otherwise.
    #[error("the store answered nonsense: {0}")]
    Broken(String),
    /// The table is not there, or this program has no right to it: wrongly deployed (500). Each
    /// request meets it, whatever it is about, until that is repaired.
    #[error("the store is closed to this program: {0}")]
    Denied(String),
    /// A condition of a write did not hold: nothing was written.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl StoreError {
    /// Whether the items of the request are at fault: trying again ends the same way, and other
    /// items may do better.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}

/// What an error and all that is behind it say, in one line for the log.
pub fn in_words(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut behind = error.source();
    while let Some(source) = behind {
        words = format!("{words}: {source}");
        behind = source.source();
    }
    words
}

/// Which condition of a write did not hold. Each method of a port that writes says which ones it
/// answers beside [`Refused::Stale`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// What it was decided upon is no longer so: read it again, and decide again.
    #[error("it was changed meanwhile")]
    Stale,
    /// Another one has it.
    #[error("the {0} is taken")]
    Taken(Unique),
    /// Something depends on it.
    #[error("it is in use")]
    InUse,
    /// No super admin would be active any more.
    #[error("that is the last super admin")]
    LastSuperAdmin,
    /// There would be more super admins than there may be.
    #[error("there are as many super admins as there may be")]
    TooManySuperAdmins,
    /// There is a super admin already.
    #[error("there is a super admin already")]
    AdminExists,
    #[error("there is no such organization")]
    NoOrganization,
    /// It was done too often; again from then on.
    #[error("it was done too often")]
    NotBefore(Timestamp),
    /// The same idempotency key was here before, and got this answer.
    #[error("the same key was here before")]
    Replayed(SealedResponse),
    /// The idempotency key came with another body before; told by what opens the answer.
    #[error("the idempotency key was used for another request")]
    KeyReused,
}

/// What there is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    /// The code of an organization or a definition.
    Code,
    Email,
    Username,
    /// An employee id within an organization.
    EmployeeId,
}

impl fmt::Display for Unique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code => "code",
            Self::Email => "email",
            Self::Username => "username",
            Self::EmployeeId => "employee id",
        })
    }
}
