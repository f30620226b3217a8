//! Who did it and whom it was done to, as an activity keeps it.

use rolecall_domain::{
    activity::{API_REQUEST, Activity, Event, LoggedUser},
    ids::UserId,
    ports::StoreError,
};
use serde_json::{Map, Value};

use super::{base64, id_of_base64};
use crate::{
    keys::BY_USER,
    store::{Item, text_of},
};

/// Ids are their bytes in base64; names are the usernames of then.
pub(super) struct StoredUsers {
    pub(super) actor: Option<String>,
    pub(super) actor_name: Option<String>,
    /// [`SELF`], where it is the actor.
    pub(super) subject: Option<String>,
    pub(super) subject_name: Option<String>,
}

impl From<[Option<String>; 4]> for StoredUsers {
    fn from([actor, actor_name, subject, subject_name]: [Option<String>; 4]) -> Self {
        Self { actor, actor_name, subject, subject_name }
    }
}

/// Stands for the actor as the subject; no base64.
const SELF: &str = "=";

impl StoredUsers {
    pub(super) fn of(activity: &Activity) -> Self {
        let (actor, subject) = (activity.actor.as_ref(), activity.subject.as_ref());
        let is_self = actor.is_some() && actor.map(|one| one.id) == subject.map(|one| one.id);
        let id = |user: &LoggedUser| base64(user.id.as_bytes());
        let other = subject.filter(|_| !is_self);
        Self {
            actor: actor.map(id),
            actor_name: actor.and_then(|actor| actor.username.clone()),
            subject: if is_self { Some(SELF.to_owned()) } else { other.map(id) },
            subject_name: other.and_then(|other| other.username.clone()),
        }
    }

    /// Actor and subject.
    pub(super) fn read(self) -> Result<[Option<LoggedUser>; 2], StoreError> {
        let user = |id: Option<&str>, username: Option<String>| match id {
            Some(id) => id_of_base64(id).map(|id| Some(LoggedUser { id, username })),
            None => Ok(None),
        };
        let actor = user(self.actor.as_deref(), self.actor_name)?;
        let subject = match self.subject.as_deref() {
            Some(SELF) => actor.clone(),
            other => user(other, self.subject_name)?,
        };
        Ok([actor, subject])
    }
}

/// Actor and subject of an activity of the first form, which had one user: whom it concerned, and
/// beside it the administrator in its details.
pub(super) fn of_former(
    activity_type: &str,
    by_user: Option<&str>,
    details: &Map<String, Value>,
) -> Result<[Option<LoggedUser>; 2], StoreError> {
    let user: Option<UserId> = by_user.map(id_of_base64).transpose()?;
    let user = user.map(LoggedUser::from);
    let by = details.get("by").and_then(Value::as_str);
    let administrator = by.and_then(|by| by.parse::<UserId>().ok());
    if let Some(administrator) = administrator {
        return Ok([Some(administrator.into()), user]);
    }
    Ok(match of_one(activity_type) {
        _ if by == Some("operator") => [None, user],
        One::Actor => [user, None],
        One::Subject => [None, user],
        One::Both => [user.clone(), user],
    })
}

/// Who did it, as statistics count people, read in place.
pub(super) fn counted(item: &Item, activity_type: &str) -> Result<Option<UserId>, StoreError> {
    let former = text_of(item, BY_USER).filter(|by| !by.contains('#'));
    let actor = match former {
        Some(_) if matches!(of_one(activity_type), One::Subject) => None,
        Some(former) => Some(former),
        None => text_of(item, "actor"),
    };
    actor.map(id_of_base64).transpose()
}

/// What the one user of the first form was.
enum One {
    Actor,
    Subject,
    Both,
}

fn of_one(activity_type: &str) -> One {
    let Some(event) = Event::from_type(activity_type).filter(|_| activity_type != API_REQUEST)
    else {
        return One::Actor;
    };
    match event {
        Event::VerificationRequested
        | Event::InvitationRequested
        | Event::VerificationFail
        | Event::UserImported
        | Event::LoginFail
        | Event::LoginLock
        | Event::ResetRequested
        | Event::SessionUseAfterExpire
        | Event::TokenReuse
        | Event::MailFailed => One::Subject,
        Event::KeysRotated
        | Event::OrganizationCreated
        | Event::OrganizationUpdated
        | Event::OrganizationDeleted
        | Event::ModuleCreated
        | Event::ModuleUpdated
        | Event::ModuleDeleted
        | Event::PermissionCreated
        | Event::PermissionUpdated
        | Event::PermissionDeleted
        | Event::RoleCreated
        | Event::RoleUpdated
        | Event::RoleDeleted
        | Event::PermissionsChanged
        | Event::ActivityStreamChanged => One::Actor,
        _ => One::Both,
    }
}
