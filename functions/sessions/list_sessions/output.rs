use rolecall_domain::{
    clock::{Timestamp, rfc3339},
    session::{Caller, OwnedSessions, Session},
};
use rolecall_http::words;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A page of sessions.
#[derive(Serialize, ToSchema)]
pub struct UserSessions {
    /// Newest first; ended sessions stay listed until their longest life is over.
    items: Vec<UserSession>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

impl UserSessions {
    pub(super) fn new(
        found: &OwnedSessions,
        caller: &Caller,
        now: Timestamp,
        next_cursor: Option<String>,
    ) -> Self {
        let is_active = |session: &Session| session.is_active(&found.owner, now);
        let items = found
            .sessions
            .iter()
            .map(|session| UserSession::new(session, caller, is_active(session)))
            .collect();
        Self { items, next_cursor }
    }
}

/// A session. It holds no credential.
#[derive(Serialize, ToSchema)]
pub struct UserSession {
    /// The session's id.
    #[schema(format = "uuid")]
    session_id: String,
    /// The address of the sign-in.
    ip_address: Option<String>,
    /// `desktop`, `mobile`, `tablet`, `bot`, `cli` or `unknown`.
    #[schema(value_type = words::DeviceType)]
    device_type: String,
    /// `Firefox`, `Edge`, `curl`, …
    browser: Option<String>,
    /// `Windows`, `iPadOS`, …
    os: Option<String>,
    /// The page that the client last named in `X-Current-Page`.
    current_page: Option<String>,
    /// When the session began.
    #[schema(format = "date-time")]
    created_at: String,
    /// Last activity, to the minute.
    #[schema(format = "date-time")]
    last_activity: String,
    /// When it ends unless it is refreshed.
    #[schema(format = "date-time")]
    expires_at: String,
    /// Whether the session is alive.
    is_active: bool,
    /// Whether it is the current session.
    current: bool,
}

impl UserSession {
    fn new(session: &Session, caller: &Caller, is_active: bool) -> Self {
        let agent = session.client.device();
        Self {
            session_id: session.id.to_string(),
            ip_address: session.client.address.clone(),
            device_type: agent.device_type.as_str().to_owned(),
            browser: agent.browser.map(str::to_owned),
            os: agent.os.map(str::to_owned),
            current_page: session.page.clone(),
            created_at: rfc3339(session.created_at),
            last_activity: rfc3339(session.last_activity.max(session.created_at)),
            expires_at: rfc3339(session.expires_at()),
            is_active,
            current: session.id == caller.session().id,
        }
    }
}

/// A page for the OpenAPI document.
pub(super) fn example() -> Value {
    let session = json!({
        "session_id": "0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60",
        "ip_address": "203.0.113.9",
        "device_type": "tablet",
        "browser": "Safari",
        "os": "iPadOS",
        "current_page": "/projects/7",
        "created_at": "2026-11-23T09:30:00.000Z",
        "last_activity": "2026-11-23T10:02:00.000Z",
        "expires_at": "2026-11-30T10:02:00.000Z",
        "is_active": true,
        "current": true,
    });
    json!({ "items": [session], "next_cursor": null })
}
