//! What administering has in common: how it fails, and what its records say.

use crate::{
    model::{
        authorization::Authorization,
        client::Client,
        idempotency::{Idempotency, StoredResponse},
        organization::MOST_SUPER_ADMINS,
        violation::Violation,
    },
    ports::{Crypto, Ports, Refused, Store, Unique},
    usecases::{
        error::{Refusal, UseCaseError, refusals},
        idempotency::opened,
    },
};

/// Who changes something, from where, and upon which version.
#[derive(Clone, Copy)]
pub struct Administrator<'a> {
    pub authorization: &'a Authorization,
    pub client: &'a Client,
    /// The version that they last saw, if they say so.
    pub if_match: Option<u64>,
}

/// Why something was not administered.
pub type AdministerError = UseCaseError<AdministerRefusal>;

/// The reasons of [`AdministerError`].
#[derive(Debug, thiserror::Error)]
pub enum AdministerRefusal {
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
    /// An organization with other members would have nobody who administers it.
    #[error("that is the last administrator of an organization")]
    LastAdministrator,
    /// The caller could not administer anything any more.
    #[error("that is the caller's own last administrating role")]
    OwnLastAdminRole,
    /// Another one has that code, address, name or number: which one is told.
    #[error("the {0} is taken")]
    Taken(Unique),
    /// A deleted account has that address; only who may restore it is told so.
    #[error("a deleted account has the address")]
    EmailOfDeleted,
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
    /// There are as many as there may be.
    #[error("there are as many as there may be")]
    LimitReached,
    /// Whoever is invited is a member already.
    #[error("is a member already")]
    AlreadyMember,
    /// The account does not wait for its owner.
    #[error("the account is not pending")]
    NotPending,
    /// Only a deleted account is erased.
    #[error("the account is not deleted")]
    NotDeleted,
    /// Nothing is known of whose account it was.
    #[error("the account is erased")]
    Erased,
    /// The idempotency key came with another body before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A value that only the stored state shows to be wrong.
    #[error("{0} is wrong")]
    Invalid(&'static str, Violation),
}

impl Refusal for AdministerRefusal {
    fn of(refused: Refused) -> Result<Self, Refused> {
        Ok(match refused {
            Refused::Taken(what) => Self::Taken(what),
            Refused::InUse => Self::InUse("It still has members."),
            Refused::LastSuperAdmin => Self::LastSuperAdmin,
            Refused::TooManySuperAdmins => too_many_super_admins(),
            Refused::NoOrganization => Self::NotFound("organization"),
            Refused::KeyReused => Self::KeyReused,
            other @ (Refused::Stale
            | Refused::AdminExists
            | Refused::NotBefore(_)
            | Refused::Replayed(_)) => {
                return Err(other);
            }
        })
    }
}

refusals!(AdministerRefusal);

/// What it means that there are as many super admins as there may be.
pub(crate) fn too_many_super_admins() -> AdministerRefusal {
    let message = format!("There are at most {MOST_SUPER_ADMINS} super admins.");
    AdministerRefusal::Invalid("role", Violation::new("too_many", message))
}

/// The first answer to an `Idempotency-Key`, where something is taken because the same request took
/// it.
pub(crate) async fn answered<T>(
    ports: &Ports<impl Store, impl Crypto>,
    idempotency: Option<&Idempotency<'_, T>>,
    taken: Unique,
) -> Result<StoredResponse, AdministerError> {
    let Some(idempotency) = idempotency else {
        return Err(AdministerRefusal::Taken(taken).into());
    };
    match ports.store.stored_response(&idempotency.key, ports.clock.now()).await? {
        Some(first) => opened(ports, idempotency, &first).await,
        None => Err(AdministerRefusal::Taken(taken).into()),
    }
}

/// Refuses everybody but super admins.
pub(crate) fn for_super_admins(
    authorization: &Authorization,
    detail: &'static str,
) -> Result<(), AdministerError> {
    if authorization.is_super_admin() {
        Ok(())
    } else {
        Err(AdministerRefusal::Forbidden(detail).into())
    }
}

/// Refuses a stale `If-Match`.
pub(crate) fn matches(if_match: Option<u64>, version: u64) -> Result<(), AdministerError> {
    if if_match.is_some_and(|asked| asked != version) {
        Err(AdministerRefusal::Stale.into())
    } else {
        Ok(())
    }
}
