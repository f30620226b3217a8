use serde_json::json;

use crate::{
    model::{
        account::{Bio, PersonName, PhoneNumber, User},
        activity::{Activity, PendingEvents},
        client::Client,
        clock::Timestamp,
        event::Event,
        organization::UserWithMemberships,
        patch::Patch,
        session::Caller,
    },
    ports::{AccountChange, Crypto, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal, matches},
        commit::commit_on,
    },
};

/// Changes to one's own profile: outer `None` leaves a field, `Some(None)` clears it (RFC 7396).
#[derive(Debug, Clone, Default)]
pub struct ProfilePatch {
    pub first_name: Patch<PersonName>,
    pub last_name: Patch<PersonName>,
    /// Phone number.
    pub phone_number: Patch<PhoneNumber>,
    pub bio: Patch<Bio>,
}

/// Changes the caller's own profile, and answers the user as it is now.
///
/// `if_match` is the version that the client last saw; another one is [`AdministerRefusal::Stale`].
/// Without it the change is made on whatever version there is.
pub async fn update_profile(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    patch: ProfilePatch,
    if_match: Option<u64>,
    client: &Client,
) -> Result<UserWithMemberships, AdministerError> {
    let load = || async move {
        let person = ports.store.user_with_memberships(caller.user().id).await?;
        person.ok_or(AdministerRefusal::Stale.into())
    };
    let patch = &patch;
    commit_on(caller.person().clone(), load, |person| async move {
        matches(if_match, person.etag())?;
        let after = patch.apply(&person.user, ports.clock.now());
        if after != person.user {
            write(ports, caller, &person.user, &after, client).await?;
        }
        Ok(UserWithMemberships { user: after, ..person })
    })
    .await
}

impl ProfilePatch {
    /// The account with this change, in its next version; the same account if nothing changes.
    pub(super) fn apply(&self, before: &User, now: Timestamp) -> User {
        let mut after = before.clone();
        self.first_name.apply(&mut after.first_name);
        self.last_name.apply(&mut after.last_name);
        self.phone_number.apply(&mut after.phone_number);
        self.bio.apply(&mut after.bio);
        if after != *before {
            after.version += 1;
            after.updated_at = now;
        }
        after
    }
}

async fn write(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    before: &User,
    after: &User,
    client: &Client,
) -> Result<(), StoreError> {
    let mut activity =
        Activity::new(ports, Event::UserUpdated, client).of_user(after.id).by(caller);
    for (name, was, is) in changes(before, after) {
        activity = activity.with(name, json!({ "before": was, "after": is }));
    }
    let pending_events = &PendingEvents::new(activity);
    let change = AccountChange::new(before, after, pending_events);
    ports.store.change_account(&change, after.updated_at, ports.id()).await
}

/// The fields that differ, with what was and what is.
pub(super) fn changes<'a>(
    before: &'a User,
    after: &'a User,
) -> Vec<(&'static str, Option<&'a str>, Option<&'a str>)> {
    let fields = |user: &'a User| {
        [
            ("first_name", user.first_name.as_ref().map(PersonName::as_str)),
            ("last_name", user.last_name.as_ref().map(PersonName::as_str)),
            ("phone_number", user.phone_number.as_ref().map(PhoneNumber::as_str)),
            ("bio", user.bio.as_ref().map(Bio::as_str)),
            ("status", Some(user.status.as_str())),
        ]
    };
    let pairs = fields(before).into_iter().zip(fields(after));
    pairs
        .filter(|((_, was), (_, is))| was != is)
        .map(|((name, was), (_, is))| (name, was, is))
        .collect()
}
