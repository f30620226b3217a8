use super::types::{Bio, PersonName, PhoneNumber, User};
use crate::{
    Ports,
    ids::Id,
    ports::{StoreError, Update},
    session::Caller,
};

/// Changes to one's own profile: outer `None` leaves a field, `Some(None)` clears it (RFC 7396).
#[derive(Debug, Clone, Default)]
pub struct ProfilePatch {
    /// First name.
    pub first_name: Option<Option<PersonName>>,
    /// Last name.
    pub last_name: Option<Option<PersonName>>,
    /// Phone number.
    pub phone_number: Option<Option<PhoneNumber>>,
    /// About.
    pub bio: Option<Option<Bio>>,
}

/// Why a profile was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The user changed since the caller read it.
    #[error("the user was changed meanwhile")]
    Stale,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes the caller's own profile, on the version that the gate just read, and answers the user as it is now.
///
/// `if_match` is the version that the client last saw; another one is [`ProfileError::Stale`].
pub async fn update_profile(
    ports: &Ports,
    caller: &Caller,
    patch: ProfilePatch,
    if_match: Option<u64>,
) -> Result<User, ProfileError> {
    let before = caller.user();
    if if_match.is_some_and(|version| version != before.version) {
        return Err(ProfileError::Stale);
    }
    let mut after = before.clone();
    set(&mut after.first_name, patch.first_name);
    set(&mut after.last_name, patch.last_name);
    set(&mut after.phone_number, patch.phone_number);
    set(&mut after.bio, patch.bio);
    if after == *before {
        return Ok(after);
    }
    after.version += 1;
    after.updated_at = ports.clock.now();
    let write = Id::new(ports.clock.as_ref(), ports.rng.as_ref());
    match ports.accounts.update(before, &after, write).await? {
        Update::Done => Ok(after),
        Update::Stale => Err(ProfileError::Stale),
    }
}

fn set<T>(field: &mut Option<T>, change: Option<Option<T>>) {
    if let Some(value) = change {
        *field = value;
    }
}
