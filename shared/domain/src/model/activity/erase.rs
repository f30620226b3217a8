use serde_json::{Map, Value};

use super::{types::Activity, users::LoggedUser};
use crate::model::{client::Client, event::Event, ids::UserId};

/// What stays of the details of a built-in event that somebody erased was the subject of.
const KEPT: [&str; 17] = [
    "account_status",
    "by",
    "code",
    "entry",
    "failures",
    "invitation",
    "invited_by",
    "limit",
    "mail",
    "most",
    "organization",
    "reason",
    "role",
    "roles",
    "scope",
    "seconds_since_rotation",
    "session",
];

/// What stays of what differed.
const KEPT_OF_CHANGES: [&str; 8] = [
    "email_verified",
    "is_active",
    "locked_until",
    "must_change_password",
    "organization",
    "primary",
    "roles",
    "status",
];

impl Activity {
    /// The same without what tells who a user was who did it or whom it was done to: name, address,
    /// agent, and of what Rolecall itself wrote of them all but what is known to tell nothing. Ids
    /// stay, and so does what clients wrote.
    #[must_use]
    pub fn without(&self, user: UserId) -> Self {
        let is_user = |one: &Option<LoggedUser>| one.as_ref().is_some_and(|one| one.id == user);
        let mut after = self.clone();
        for one in [after.actor.as_mut(), after.subject.as_mut()].into_iter().flatten() {
            if one.id == user {
                one.username = None;
            }
        }
        if is_user(&self.actor) || is_user(&self.subject) {
            after.client = Client::default();
        }
        if is_user(&self.subject) && Event::from_type(&self.what.activity_type).is_some() {
            after.details = kept(&self.details);
        }
        after
    }
}

fn kept(details: &Map<String, Value>) -> Map<String, Value> {
    let kept = details.iter().filter_map(|(name, value)| match (name.as_str(), value) {
        ("before" | "after", Value::Object(fields)) => {
            let mut fields = fields.clone();
            fields.retain(|field, _| KEPT_OF_CHANGES.contains(&field.as_str()));
            Some((name.clone(), Value::Object(fields)))
        }
        (known, _) if KEPT.contains(&known) => Some((name.clone(), value.clone())),
        _ => None,
    });
    kept.collect()
}
