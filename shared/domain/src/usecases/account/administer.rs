use crate::{
    model::{
        account::{AccountStatus, Email, EmailDelivery, User},
        activity::PendingEvents,
        authorization::Authorization,
        clock::Timestamp,
        event::Event,
        ids::UserId,
        organization::{Membership, UserWithMemberships},
        permission::Right,
        session::FailedLogins,
    },
    ports::{AccountChange, Crypto, LoginRecord, Ports, Refused, Store, StoreError, Unique},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        commit::commit_on,
        error::UseCaseError,
        permission::renewed,
    },
};

/// An account as administrators see it.
#[derive(Debug, Clone)]
pub struct ManagedUser {
    /// The account, with the memberships that the administrator may know of.
    pub person: UserWithMemberships,
    /// The failed sign-ins to its address.
    pub failed_logins: FailedLogins,
    /// That mail to its address came back, or was not wanted.
    pub delivery: Option<EmailDelivery>,
    /// Whether the administrator may change it, and not only a membership.
    pub may_change: bool,
}

impl ManagedUser {
    /// Until when somebody is kept out: everybody, or since failed sign-ins unknown devices.
    #[must_use]
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.person
            .user
            .locked_until
            .max(self.failed_logins.locked_until)
            .filter(|until| *until > now)
    }

    /// As the caller may see it.
    pub(super) fn seen_by(self, authorization: &Authorization) -> Self {
        Self { person: self.person.seen_by(authorization), ..self }
    }
}

/// Tells super admins that a deleted account has the address that is taken: they may restore it.
/// Others learn nothing of accounts that they do not see.
pub(super) async fn told_of_deleted<T>(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    email: &Email,
    outcome: Result<T, AdministerError>,
) -> Result<T, AdministerError> {
    let is_taken =
        matches!(&outcome, Err(UseCaseError::Refused(AdministerRefusal::Taken(Unique::Email))));
    if !is_taken || !authorization.is_super_admin() {
        return outcome;
    }
    let owner = ports.store.owner(email).await?;
    if owner.is_some_and(|user| user.status == AccountStatus::Deleted) {
        Err(AdministerRefusal::EmailOfDeleted.into())
    } else {
        outcome
    }
}

/// Whether the caller may know of a person: a member of the own organization, or for super admins
/// anybody.
pub(super) fn is_seen(authorization: &Authorization, person: &UserWithMemberships) -> bool {
    authorization.is_super_admin()
        || authorization
            .organization()
            .is_some_and(|organization| person.memberships.of(organization).is_some())
}

/// A person that the caller may know of.
pub(crate) async fn find(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    id: UserId,
) -> Result<UserWithMemberships, AdministerError> {
    let found = ports
        .store
        .user_with_memberships(id)
        .await?
        .filter(|person| is_seen(authorization, person));
    found.ok_or(AdministerRefusal::NotFound("user").into())
}

/// What another attempt to change an account goes by.
pub(super) async fn again(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    id: UserId,
) -> Result<(Authorization, UserWithMemberships), AdministerError> {
    let authorization = renewed(ports, authorization).await?;
    let person = find(ports, &authorization, id).await?;
    Ok((authorization, person))
}

/// Does what is planned to an account that the caller may know of; again when it, or what the
/// caller may do, is no longer as it was read.
pub(super) async fn to_user<Plan, Done>(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    id: UserId,
    plan: Plan,
) -> Result<ManagedUser, AdministerError>
where
    Plan: FnMut((Authorization, UserWithMemberships)) -> Done,
    Done: Future<Output = Result<ManagedUser, AdministerError>>,
{
    let first = (authorization.clone(), find(ports, authorization, id).await?);
    commit_on(first, || again(ports, authorization, id), plan).await
}

/// Whether the caller may change an account, and not only a membership: it is nobody's else, and
/// not above the caller.
pub(crate) fn may_change(
    authorization: &Authorization,
    person: &UserWithMemberships,
    now: Timestamp,
) -> Result<(), AdministerError> {
    if authorization.is_super_admin() {
        return Ok(());
    }
    // First, so that nothing is told of what the person is elsewhere.
    if person
        .memberships
        .iter()
        .any(|membership| !authorization.sees(membership.organization.as_str()))
    {
        return Err(AdministerRefusal::Forbidden(
            "The account also belongs to other organizations: change the membership instead.",
        )
        .into());
    }
    let catalogue = authorization.catalogue();
    let is_above = !authorization.authority(catalogue, now).reaches(person.level(catalogue, now))
        || person.memberships.holds_super_admin();
    if is_above { Err(AdministerRefusal::AboveYourLevel.into()) } else { Ok(()) }
}

/// Whether the caller may change what an account itself is: of one that its owner made,
/// organizations have the membership alone.
pub(super) fn may_change_account(
    authorization: &Authorization,
    person: &UserWithMemberships,
    now: Timestamp,
) -> Result<(), AdministerError> {
    may_change(authorization, person, now)?;
    let is_theirs = person.user.invited_by.as_ref() == Some(&authorization.log());
    if authorization.is_super_admin() || is_theirs {
        return Ok(());
    }
    let why = "The account is its owner's: change the membership instead.";
    Err(AdministerRefusal::Forbidden(why).into())
}

/// Whether the caller may give all roles that an account has anywhere.
pub(super) fn may_revive_all(
    authorization: &Authorization,
    person: &UserWithMemberships,
    now: Timestamp,
) -> Result<(), AdministerError> {
    let catalogue = authorization.catalogue();
    let may = |one: &Membership| authorization.may_revive(one, catalogue, now);
    if person.memberships.iter().all(may) {
        Ok(())
    } else {
        Err(AdministerRefusal::AboveYourLevel.into())
    }
}

/// One account with its failed sign-ins.
pub async fn managed_user(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    id: UserId,
) -> Result<ManagedUser, AdministerError> {
    let person = find(ports, authorization, id).await?;
    Ok(with_failed_logins(ports, authorization, person).await?.seen_by(authorization))
}

pub(super) async fn with_failed_logins(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    person: UserWithMemberships,
) -> Result<ManagedUser, StoreError> {
    let now = ports.clock.now();
    let may_change = authorization.has(Right::ManageUsers, now)
        && may_change_account(authorization, &person, now).is_ok();
    let LoginRecord { owner, failed_logins } = ports.store.login_record(&person.user.email).await?;
    let delivery = owner.and_then(|credentials| credentials.delivery);
    Ok(ManagedUser { person, failed_logins, delivery, may_change })
}

/// Ends every lock of an account and forgives its failed sign-ins.
pub async fn unlock_user(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    id: UserId,
) -> Result<ManagedUser, AdministerError> {
    to_user(ports, authorization, id, |(authorization, person)| async move {
        may_change_account(&authorization, &person, ports.clock.now())?;
        matches(if_match, person.seen_by(&authorization).etag())?;
        let managed = with_failed_logins(ports, &authorization, person).await?;
        let (log, user) = (authorization.log(), &managed.person.user);
        let record = authorization.record_of(ports, Event::Unlock, client, &log, user);
        let pending_events = PendingEvents::new(record);
        let unlocked = if managed.person.user.locked_until.is_some() {
            let user = end_lock(ports, &managed.person.user, &pending_events).await?;
            let person = UserWithMemberships { user, ..managed.person };
            let failed_logins = settle(ports, &person.user.email, managed.failed_logins).await?;
            ManagedUser { person, failed_logins, ..managed }
        } else if is_blank(&managed.failed_logins) {
            managed
        } else {
            let failed_logins = managed.failed_logins.forgiven();
            let (email, before) = (&managed.person.user.email, managed.failed_logins.version);
            let (store, write) = (&ports.store, ports.id());
            store
                .forgive_failed_logins(email, before, &failed_logins, &pending_events, write)
                .await?;
            ManagedUser { failed_logins, ..managed }
        };
        Ok(unlocked.seen_by(&authorization))
    })
    .await
}

/// Whether there is nothing to forgive.
fn is_blank(failed_logins: &FailedLogins) -> bool {
    failed_logins.total() == 0
        && failed_logins.sources.is_empty()
        && failed_logins.locked_until.is_none()
}

/// The account without an administrator's lock.
async fn end_lock(
    ports: &Ports<impl Store, impl Crypto>,
    before: &User,
    pending_events: &PendingEvents,
) -> Result<User, StoreError> {
    let now = ports.clock.now();
    let after =
        User { locked_until: None, version: before.version + 1, updated_at: now, ..before.clone() };
    let change = AccountChange::new(before, &after, pending_events);
    ports.store.change_account(&change, now, ports.id()).await?;
    Ok(after)
}

/// Forgives failed sign-ins whose record is written.
async fn settle(
    ports: &Ports<impl Store, impl Crypto>,
    email: &Email,
    failed_logins: FailedLogins,
) -> Result<FailedLogins, StoreError> {
    let load =
        || async move { Ok::<_, StoreError>(ports.store.login_record(email).await?.failed_logins) };
    commit_on(failed_logins, load, |failed_logins| async move {
        if is_blank(&failed_logins) {
            return Ok(failed_logins);
        }
        let (forgiven, now) = (failed_logins.forgiven(), ports.clock.now());
        let moved =
            ports.store.settle_failed_logins(email, &failed_logins, Some(&forgiven), now).await?;
        if moved.is_some() { Err(Refused::Stale.into()) } else { Ok(forgiven) }
    })
    .await
}
