use super::{
    administer::{ManagedUser, find, may_change, with_failed_logins},
    profile::{shown, with_profile},
};
use crate::{
    model::{
        account::{AccountStatus, ProfilePatch, User},
        activity::{PendingEvents, differing},
        authorization::Authorization,
        clock::Timestamp,
        event::Event,
        ids::UserId,
        organization::{Memberships, UserWithMemberships},
        violation::Violation,
    },
    ports::{AccountChange, Crypto, Owner, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        commit::commit_on,
        organization::keeps_own_power,
        permission::renewed,
    },
};

/// A change of somebody's account by an administrator.
#[derive(Debug, Clone, Default)]
pub struct UserPatch {
    /// What its owner could change, too.
    pub profile: ProfilePatch,
    /// Where it stands: active, inactive or suspended.
    pub status: Option<AccountStatus>,
}

/// Changes an account. Leaving `active` ends every session.
pub async fn update_user(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    id: UserId,
    patch: &UserPatch,
) -> Result<ManagedUser, AdministerError> {
    let next = |before: &User, now: Timestamp| {
        let mut after = with_profile(before, &patch.profile, now);
        let status = patch.status.filter(|status| *status != before.status);
        if let Some(status) = status {
            if matches!(before.status, AccountStatus::Pending | AccountStatus::Deleted) {
                let violation =
                    Violation::new("not_possible", "The account is pending or deleted.");
                return Err(AdministerRefusal::Invalid("status", violation).into());
            }
            after = with_status(&after, before, status, now);
        }
        Ok(after)
    };
    change(ports, by, id, Event::UserUpdated, &next).await
}

/// Deletes an account softly: it is kept for the record, nobody signs in with it, and it may be
/// restored. Again changes nothing.
pub async fn delete_user(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    id: UserId,
) -> Result<(), AdministerError> {
    let next = |before: &User, now| Ok(with_status(before, before, AccountStatus::Deleted, now));
    change(ports, by, id, Event::UserDeleted, &next).await.map(drop)
}

/// Brings a deleted account back: pending while its owner has never chosen a password, active
/// otherwise. One that is not deleted stays.
pub async fn restore_user(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    id: UserId,
) -> Result<ManagedUser, AdministerError> {
    let email = find(ports, by.authorization, id).await?.user.email;
    let has_password = match ports.store.login_record(&email).await?.owner {
        Owner::Account(account) => account.password_hash.is_some(),
        Owner::Pending(_) | Owner::Nobody => false,
    };
    let next = |before: &User, now| {
        let was = if has_password || before.email_verified {
            AccountStatus::Active
        } else {
            AccountStatus::Pending
        };
        let status = if before.status == AccountStatus::Deleted { was } else { before.status };
        Ok(with_status(before, before, status, now))
    };
    change(ports, by, id, Event::UserRestored, &next).await
}

/// `after` with another status than `before`.
fn with_status(after: &User, before: &User, status: AccountStatus, now: Timestamp) -> User {
    if status == before.status {
        return after.clone();
    }
    let ends = before.status == AccountStatus::Active;
    User {
        status,
        epoch: before.epoch + u64::from(ends),
        version: before.version + 1,
        updated_at: now,
        ..after.clone()
    }
}

async fn change(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    id: UserId,
    event: Event,
    next: &(dyn Fn(&User, Timestamp) -> Result<User, AdministerError> + Sync),
) -> Result<ManagedUser, AdministerError> {
    let first = (authorization.clone(), find(ports, authorization, id).await?);
    let load = || async move {
        let authorization = renewed(ports, authorization).await?;
        let person = find(ports, &authorization, id).await?;
        Ok((authorization, person))
    };
    commit_on(first, load, |(authorization, person)| async move {
        let authorization = &authorization;
        let now = ports.clock.now();
        may_change(authorization, &person, now)?;
        matches(if_match, person.etag())?;
        let before = &person.user;
        let after = next(before, now)?;
        if after == *before {
            return Ok(with_failed_logins(ports, person).await?.seen_by(authorization));
        }
        may_move(ports, authorization, &person, after.status, now).await?;
        let [was, is] = differing(Some(&shown(before)), Some(&shown(&after)));
        let record = authorization
            .record_of(ports, event, client, authorization.log(), id)
            .with("before", was)
            .with("after", is);
        let pending_events = PendingEvents::new(record);
        let person_if_moved = (after.status != before.status).then_some(&person);
        let change = AccountChange {
            person: person_if_moved,
            ..AccountChange::new(before, &after, &pending_events)
        };
        ports.store.change_account(&change, now, ports.id()).await?;
        let person = UserWithMemberships { user: after, ..person };
        Ok(with_failed_logins(ports, person).await?.seen_by(authorization))
    })
    .await
}

/// Switching an account on gives back all of its roles; the own one is switched off by somebody
/// else.
async fn may_move(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    person: &UserWithMemberships,
    status: AccountStatus,
    now: Timestamp,
) -> Result<(), AdministerError> {
    if status == person.user.status {
        return Ok(());
    }
    if status == AccountStatus::Active || person.user.status == AccountStatus::Deleted {
        let may = person
            .memberships
            .iter()
            .all(|membership| authorization.may_revive(membership, authorization.catalogue(), now));
        return if may { Ok(()) } else { Err(AdministerRefusal::AboveYourLevel.into()) };
    }
    keeps_own_power(ports, authorization, person, &Memberships::default()).await
}
