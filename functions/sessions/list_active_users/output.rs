use rolecall_domain::{
    clock::rfc3339,
    session::{self, Caller},
};
use rolecall_http::words;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A page of people.
#[derive(Serialize, ToSchema)]
pub struct ActiveUsers {
    /// Sorted by id; each person once, however many sessions they have.
    items: Vec<ActiveUser>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

impl ActiveUsers {
    /// `reads_users`: whether the caller may.
    pub(super) fn new(
        people: Vec<session::ActiveUser>,
        caller: &Caller,
        reads_users: bool,
        next_cursor: Option<String>,
    ) -> Self {
        let shown = |one: session::ActiveUser| {
            let is_own = one.user.id == caller.user().id;
            ActiveUser::new(one, reads_users, reads_users || is_own)
        };
        Self { items: people.into_iter().map(shown).collect(), next_cursor }
    }
}

/// A user who was active within five minutes.
#[derive(Serialize, ToSchema)]
pub struct ActiveUser {
    /// The user's id.
    #[schema(format = "uuid")]
    user_id: String,
    username: String,
    /// For whoever has `users.read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Last activity, to the minute.
    #[schema(format = "date-time")]
    last_activity: String,
    /// The page that the client last named in `X-Current-Page`.
    current_page: Option<String>,
    /// `desktop`, `mobile`, `tablet`, `bot`, `cli` or `unknown`; like what follows of oneself, and
    /// for whoever has `users.read`.
    #[schema(value_type = Option<words::DeviceType>)]
    device_type: Option<String>,
    /// `Firefox`, `Edge`, `curl`, …
    browser: Option<String>,
    /// `Windows`, `iPadOS`, …
    os: Option<String>,
}

impl ActiveUser {
    fn new(one: session::ActiveUser, with_address: bool, with_device: bool) -> Self {
        let session::ActiveUser { user, session } = one;
        let agent = Some(session.client.device()).filter(|_| with_device);
        Self {
            user_id: user.id.to_string(),
            username: user.username.as_str().to_owned(),
            email: with_address.then(|| user.email.address().to_owned()),
            last_activity: rfc3339(session.last_activity.max(session.created_at)),
            current_page: session.page,
            device_type: agent.as_ref().map(|agent| agent.device_type.as_str().to_owned()),
            browser: agent.as_ref().and_then(|agent| agent.browser).map(str::to_owned),
            os: agent.as_ref().and_then(|agent| agent.os).map(str::to_owned),
        }
    }
}

/// A page for the OpenAPI document.
pub(super) fn example() -> Value {
    let person = json!({
        "user_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "username": "ada",
        "email": "ada@example.com",
        "last_activity": "2026-11-23T10:02:00.000Z",
        "current_page": "/projects/7",
        "device_type": "desktop",
        "browser": "Firefox",
        "os": "Linux",
    });
    json!({ "items": [person], "next_cursor": null })
}
