//! What administering has in common: how it fails, and what its records say.

use crate::{
    model::{throttle::TooMany, violation::Violation},
    ports::{Crypto, Idempotency, KeyError, Ports, Remembered, Store, StoreError, StoredResponse},
};

/// Why something was not administered.
#[derive(Debug, thiserror::Error)]
pub enum AdministerError {
    /// There is no such thing, or none that the caller may know of.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The caller may not.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// It stands for more power than the caller has.
    #[error("that is above the caller's level")]
    AboveYourLevel,
    /// Nobody could administer the system any more.
    #[error("that is the last super admin")]
    LastSuperAdmin,
    /// The caller could not administer anything any more.
    #[error("that is the caller's own last administrating role")]
    OwnLastAdminRole,
    /// Another one has that code, address, name or number: which one is told.
    #[error("the {0} is taken")]
    Taken(Unique),
    /// It changed since the caller read it.
    #[error("it was changed meanwhile")]
    Stale,
    /// Something depends on it.
    #[error("it is in use: {0}")]
    InUse(&'static str),
    /// A system role cannot be deleted.
    #[error("it is a system role")]
    SystemRole,
    /// What is built in stays as it is.
    #[error("it is built in")]
    BuiltIn,
    /// The account does not wait for its owner.
    #[error("the account is not pending")]
    NotPending,
    /// That was done too often.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The idempotency key came with another body before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A value that only the stored state shows to be wrong.
    #[error("{0} is wrong")]
    Invalid(&'static str, Violation),
    /// The server key is out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
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

impl std::fmt::Display for Unique {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code => "code",
            Self::Email => "email",
            Self::Username => "username",
            Self::EmployeeId => "employee id",
        })
    }
}

/// The first answer to an `Idempotency-Key`, where something is taken because the same request took
/// it.
pub(crate) async fn answered<T>(
    ports: &Ports<impl Store, impl Crypto>,
    idempotency: Option<&Idempotency<'_, T>>,
    taken: Unique,
) -> Result<StoredResponse, AdministerError> {
    let Some(idempotency) = idempotency else {
        return Err(AdministerError::Taken(taken));
    };
    match ports
        .store
        .stored_response(&idempotency.key, &idempotency.fingerprint, ports.clock.now())
        .await?
    {
        Remembered::Response(first) => Ok(first),
        Remembered::OtherBody => Err(AdministerError::KeyReused),
        Remembered::Nothing => Err(AdministerError::Taken(taken)),
    }
}

/// How often a change is tried again on a newer version.
pub(crate) const ATTEMPTS: usize = 10;

/// What is said when that was not often enough.
pub(crate) fn changed_too_often() -> StoreError {
    StoreError::Unavailable("it changed too often meanwhile".into())
}

/// Sets a field of a patch, where the patch has it.
pub(crate) fn set<T: Clone>(field: &mut T, change: Option<&T>) {
    if let Some(value) = change {
        field.clone_from(value);
    }
}

/// Refuses a stale `If-Match`.
pub(crate) fn matches(if_match: Option<u64>, version: u64) -> Result<(), AdministerError> {
    if if_match.is_some_and(|asked| asked != version) {
        Err(AdministerError::Stale)
    } else {
        Ok(())
    }
}
