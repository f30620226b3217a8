use serde_json::{Map, Value, json};

use crate::{
    model::{
        account::{Email, ProfilePatch, User, Username},
        activity::{Activity, PendingEvents},
        client::Client,
        clock::Timestamp,
        event::Event,
        fields::{Fields, audited},
        organization::UserWithMemberships,
        session::Caller,
    },
    ports::{AccountChange, Crypto, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal, matches},
        commit::commit_on,
    },
};

/// Changes the caller's own profile and username, and answers the user as it is now.
///
/// `if_match` is the version that the client last saw; another one is [`AdministerRefusal::Stale`].
/// Without it the change is made on whatever version there is.
pub async fn update_profile(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    (patch, username): (ProfilePatch, Option<Username>),
    if_match: Option<u64>,
    client: &Client,
) -> Result<UserWithMemberships, AdministerError> {
    if let Some(username) = username.as_ref().filter(|name| **name != caller.user().username) {
        let reserved = &ports.settings.reserved_usernames;
        let checked = reserved.check(username);
        checked.map_err(|violation| AdministerRefusal::Invalid("username", violation))?;
    }
    let load = || async move {
        let person = ports.store.user_with_memberships(caller.user().id).await?;
        person.ok_or(AdministerRefusal::Stale.into())
    };
    let (patch, username) = (&patch, username.as_ref());
    commit_on(caller.person().clone(), load, |person| async move {
        matches(if_match, person.etag())?;
        let after = with_profile(&person.user, patch, username, ports.clock.now());
        if after != person.user {
            write(ports, caller, &person.user, &after, client).await?;
        }
        Ok(UserWithMemberships { user: after, ..person })
    })
    .await
}

/// The account with this change, in its next version; the same account if nothing changes.
pub(super) fn with_profile(
    before: &User,
    patch: &ProfilePatch,
    username: Option<&Username>,
    now: Timestamp,
) -> User {
    let mut after = before.clone();
    after.profile.patch(patch);
    if let Some(username) = username {
        after.username = username.clone();
    }
    if after != *before {
        after.version += 1;
        after.updated_at = now;
    }
    after
}

async fn write(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    before: &User,
    after: &User,
    client: &Client,
) -> Result<(), StoreError> {
    let mut activity = Activity::new(ports, Event::UserUpdated, client).of_user(before).by(caller);
    let (was, is) = (shown(before), shown(after));
    for (name, is) in &is {
        if let Some(was) = was.get(name).filter(|was| *was != is) {
            activity = activity.with(name, json!({ "before": was, "after": is }));
        }
    }
    let pending_events = &PendingEvents::new(activity);
    let change = AccountChange::new(before, after, pending_events);
    ports.store.change_account(&change, after.updated_at, ports.id()).await
}

/// What records of changes show of an account: its names, its address, its profile and its status.
pub(super) fn shown(user: &User) -> Map<String, Value> {
    let mut shown = audited(&user.profile);
    shown.insert("status".to_owned(), json!(user.status));
    shown.insert("username".to_owned(), json!(user.username.as_str()));
    shown.insert("email".to_owned(), json!(user.mail_address().map(Email::address)));
    shown
}
