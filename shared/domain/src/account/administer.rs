use super::types::User;
use crate::{
    Ports,
    activity::{Enclosed, Event},
    administration::{ATTEMPTS, AdministerError, changed_too_often},
    clock::Timestamp,
    ids::UserId,
    organization::Person,
    permission::{Permit, matches},
    ports::{AccountChange, StoreError, Update},
    session::{Attempts, Client},
};

/// An account as administrators see it.
#[derive(Debug, Clone)]
pub struct ManagedUser {
    /// The account, with the memberships that the administrator may know of.
    pub person: Person,
    /// The failed sign-ins to its address.
    pub attempts: Attempts,
}

impl ManagedUser {
    /// Until when somebody is kept out: everybody, or since failed sign-ins unknown devices.
    #[must_use]
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.person
            .user
            .locked_until
            .max(self.attempts.locked_until)
            .filter(|until| *until > now)
    }

    /// As `permit` may see it.
    pub(super) fn seen_by(self, permit: &Permit) -> Self {
        Self {
            person: self.person.seen_by(permit),
            ..self
        }
    }
}

/// Whether the caller may know of a person: a member of the own organization, or for super admins
/// anybody.
pub(super) fn is_seen(permit: &Permit, person: &Person) -> bool {
    permit.is_super_admin()
        || permit
            .organization()
            .is_some_and(|organization| person.seats.of(organization).is_some())
}

/// A person that the caller may know of.
pub(crate) async fn find(
    ports: &Ports,
    permit: &Permit,
    id: UserId,
) -> Result<Person, AdministerError> {
    let found = ports
        .members
        .person(id)
        .await?
        .filter(|person| is_seen(permit, person));
    found.ok_or(AdministerError::NotFound("user"))
}

/// Whether the caller may change an account, and not only a membership: it is nobody's else, and
/// not above the caller.
pub(crate) fn may_change(
    permit: &Permit,
    person: &Person,
    now: Timestamp,
) -> Result<(), AdministerError> {
    if permit.is_super_admin() {
        return Ok(());
    }
    // First, so that nothing is told of what the person is elsewhere.
    if person
        .seats
        .iter()
        .any(|seat| !permit.sees(seat.organization.as_str()))
    {
        return Err(AdministerError::Forbidden(
            "The account is not this organization's alone: change the membership.",
        ));
    }
    let catalogue = permit.catalogue();
    let is_above = !permit
        .authority(catalogue, now)
        .reaches(person.level(catalogue, now))
        || person.seats.holds_super_admin();
    if is_above {
        Err(AdministerError::AboveYourLevel)
    } else {
        Ok(())
    }
}

/// One account with its failed sign-ins.
pub async fn managed_user(
    ports: &Ports,
    permit: &Permit,
    id: UserId,
) -> Result<ManagedUser, AdministerError> {
    let person = find(ports, permit, id).await?;
    Ok(with_attempts(ports, person).await?.seen_by(permit))
}

pub(super) async fn with_attempts(
    ports: &Ports,
    person: Person,
) -> Result<ManagedUser, StoreError> {
    let attempts = ports
        .accounts
        .login_record(&person.user.email)
        .await?
        .attempts;
    Ok(ManagedUser { person, attempts })
}

/// Ends every lock of an account and forgives its failed sign-ins.
pub async fn unlock_user(
    ports: &Ports,
    permit: &Permit,
    id: UserId,
    if_match: Option<u64>,
    client: &Client,
) -> Result<ManagedUser, AdministerError> {
    for _ in 0..ATTEMPTS {
        let person = find(ports, permit, id).await?;
        may_change(permit, &person, ports.clock.now())?;
        matches(if_match, person.etag())?;
        let managed = with_attempts(ports, person).await?;
        let enclosed =
            Enclosed::new(permit.record_of(ports, Event::Unlock, client, permit.log(), id));
        if let Some(user) = end_lock(ports, &managed.person.user, &enclosed).await? {
            let person = Person {
                user,
                ..managed.person.clone()
            };
            return Ok(ManagedUser {
                person,
                ..forgive(ports, managed, None).await?
            }
            .seen_by(permit));
        }
        if managed.person.user.locked_until.is_none() {
            return Ok(forgive(ports, managed, Some(&enclosed))
                .await?
                .seen_by(permit));
        }
    }
    Err(changed_too_often().into())
}
/// The account without an administrator's lock, if it had one and did not change meanwhile.
async fn end_lock(
    ports: &Ports,
    before: &User,
    enclosed: &Enclosed,
) -> Result<Option<User>, StoreError> {
    if before.locked_until.is_none() {
        return Ok(None);
    }
    let now = ports.clock.now();
    let after = User {
        locked_until: None,
        version: before.version + 1,
        updated_at: now,
        ..before.clone()
    };
    let change = AccountChange::new(before, &after, enclosed);
    let update = ports.accounts.change(&change, now, ports.id()).await?;
    Ok((update == Update::Done).then_some(after))
}

async fn forgive(
    ports: &Ports,
    managed: ManagedUser,
    enclosed: Option<&Enclosed>,
) -> Result<ManagedUser, AdministerError> {
    let ManagedUser {
        person,
        mut attempts,
    } = managed;
    let email = &person.user.email;
    for _ in 0..ATTEMPTS {
        if attempts.total() == 0 && attempts.sources.is_empty() && attempts.locked_until.is_none() {
            return Ok(ManagedUser { person, attempts });
        }
        let forgiven = attempts.forgiven();
        let moved = match enclosed {
            Some(enclosed) => {
                ports
                    .accounts
                    .put_attempts(email, attempts.version, &forgiven, enclosed)
                    .await?
            }
            None => {
                ports
                    .accounts
                    .settle_attempts(email, &attempts, Some(&forgiven), ports.clock.now())
                    .await?
            }
        };
        match moved {
            None => {
                return Ok(ManagedUser {
                    person,
                    attempts: forgiven,
                });
            }
            Some(moved) => attempts = moved,
        }
    }
    Err(changed_too_often().into())
}
