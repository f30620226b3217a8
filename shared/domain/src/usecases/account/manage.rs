use super::{
    administer::{
        ManagedUser, find, may_change_account, may_revive_all, to_user, told_of_deleted,
        with_failed_logins,
    },
    invite::invitation_mail,
    profile::{shown, with_profile},
};
use crate::{
    model::{
        account::{AccountStatus, Email, ProfilePatch, User, Username},
        activity::{AllowedOn, PendingEvents, differing},
        authorization::Authorization,
        clock::Timestamp,
        event::Event,
        ids::UserId,
        organization::{Memberships, UserWithMemberships},
        violation::Violation,
    },
    ports::{AccountChange, Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        organization::keeps_power,
    },
};

/// A change of somebody's account by an administrator.
#[derive(Debug, Clone, Default)]
pub struct UserPatch {
    /// What its owner could change, too.
    pub profile: ProfilePatch,
    pub username: Option<Username>,
    /// The address of an account that waits for its owner; the invitation goes to it anew.
    pub email: Option<Email>,
    /// Where it stands: active, inactive or suspended.
    pub status: Option<AccountStatus>,
}

/// Changes an account. Leaving `active` ends every session. Whoever typed the address of an
/// invitation wrong puts it right: the link that went to the other one is dead.
pub async fn update_user(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    id: UserId,
    patch: &UserPatch,
) -> Result<ManagedUser, AdministerError> {
    let next = |before: &User, now: Timestamp| {
        let after = with_profile(before, &patch.profile, patch.username.as_ref(), now);
        let after = with_email(before, after, patch.email.as_ref(), now)?;
        let Some(status) = patch.status.filter(|status| *status != before.status) else {
            return Ok(after);
        };
        if matches!(before.status, AccountStatus::Pending | AccountStatus::Deleted) {
            let violation = Violation::new("not_possible", "The account is pending or deleted.");
            return Err(AdministerRefusal::Invalid("status", violation).into());
        }
        Ok(User { version: before.version + 1, ..after.with_status(status, now) })
    };
    let changed = change(ports, by, id, Event::UserUpdated, &next).await;
    match &patch.email {
        Some(email) => told_of_deleted(ports, by.authorization, email, changed).await,
        None => changed,
    }
}

/// The account with a corrected address.
fn with_email(
    before: &User,
    after: User,
    email: Option<&Email>,
    now: Timestamp,
) -> Result<User, AdministerError> {
    let Some(email) = email.filter(|email| **email != before.email) else {
        return Ok(after);
    };
    if before.status != AccountStatus::Pending {
        let message = "Only the address of a pending account is corrected: owners change theirs.";
        let violation = Violation::new("not_possible", message);
        return Err(AdministerRefusal::Invalid("email", violation).into());
    }
    let (email, version) = (email.clone(), before.version + 1);
    Ok(User { email, version, updated_at: now, ..after })
}

/// Deletes an account softly: it is kept for the record, nobody signs in with it, and it may be
/// restored. One that its owner never used gives its address and username free. Again changes
/// nothing.
pub async fn delete_user(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    id: UserId,
) -> Result<(), AdministerError> {
    let next = |before: &User, now| Ok(before.with_status(AccountStatus::Deleted, now));
    change(ports, by, id, Event::UserDeleted, &next).await.map(drop)
}

/// Brings a deleted account back to what it was. One that is not deleted stays.
pub async fn restore_user(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    id: UserId,
) -> Result<ManagedUser, AdministerError> {
    let email = find(ports, by.authorization, id).await?.user.email;
    let owner = ports.store.login_record(&email).await?.owner;
    let has_password = owner.is_some_and(|account| account.password_hash.is_some());
    let next = |before: &User, now| {
        if before.status != AccountStatus::Deleted {
            return Ok(before.clone());
        }
        // One that was deleted before this was kept.
        let likely = if has_password || before.email_verified {
            AccountStatus::Active
        } else {
            AccountStatus::Pending
        };
        Ok(before.with_status(before.restores_to.unwrap_or(likely), now))
    };
    change(ports, by, id, Event::UserRestored, &next).await
}

async fn change(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    id: UserId,
    event: Event,
    next: &(dyn Fn(&User, Timestamp) -> Result<User, AdministerError> + Sync),
) -> Result<ManagedUser, AdministerError> {
    to_user(ports, authorization, id, |(authorization, person)| async move {
        let authorization = &authorization;
        let now = ports.clock.now();
        may_change_account(authorization, &person, now)?;
        matches(if_match, person.seen_by(authorization).etag())?;
        let before = &person.user;
        let after = next(before, now)?;
        if after == *before {
            return Ok(with_failed_logins(ports, authorization, person)
                .await?
                .seen_by(authorization));
        }
        if before.is_nameless() {
            return Err(AdministerRefusal::Erased.into());
        }
        let relied_on = may_move(ports, authorization, &person, after.status, now).await?;
        let [was, is] = differing(Some(&shown(before)), Some(&shown(&after)));
        let mut record = authorization
            .record_of(ports, event, client, &authorization.log(), before)
            .with("before", was)
            .with("after", is);
        record.allowed_on.extend(relied_on);
        let mut pending_events = PendingEvents::new(record);
        let is_readdressed = after.email.key() != before.email.key();
        if is_readdressed {
            // Whoever reads the other mailbox has all of these roles.
            may_revive_all(authorization, &person, now)?;
        }
        let mut one_time_token = None;
        if is_readdressed {
            let organization = person.memberships.iter().next();
            let organization = organization.map(|membership| membership.organization.to_string());
            let (token, mail) = invitation_mail(ports, &after, organization).await?;
            pending_events = pending_events.mail(mail);
            one_time_token = Some(token);
        }
        let person_if_moved = (is_readdressed || after.status != before.status).then_some(&person);
        let change = AccountChange {
            person: person_if_moved,
            one_time_token: one_time_token.as_ref(),
            ..AccountChange::new(before, &after, &pending_events)
        };
        ports.store.change_account(&change, now, ports.id()).await?;
        let person = UserWithMemberships { user: after, ..person };
        Ok(with_failed_logins(ports, authorization, person).await?.seen_by(authorization))
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
) -> Result<Vec<AllowedOn>, AdministerError> {
    let before = person.user.status;
    if status == before {
        return Ok(Vec::new());
    }
    // An invitation and a program are the organization's own, an account is its owner's.
    let is_own =
        [before, status].contains(&AccountStatus::Pending) || person.user.is_service_account();
    if !authorization.is_super_admin() && !is_own {
        let why = "Only super admins end, suspend or restore accounts: change the membership.";
        return Err(AdministerRefusal::Forbidden(why).into());
    }
    if status == AccountStatus::Active || before == AccountStatus::Deleted {
        return may_revive_all(authorization, person, now).map(|()| Vec::new());
    }
    keeps_power(ports, authorization, person, &Memberships::default()).await
}
