//! `GET /api/v1/user-sessions`: where the caller is signed in.

use http::StatusCode;
use rolecall_domain::{
    Violation,
    clock::{Timestamp, rfc3339},
    ids::UserId,
    session::{self, Caller, Session},
};
use rolecall_http::{
    Answer, Code, Context, Problem, Request, answer,
    extract::{self, Fields},
    guard,
    openapi::Doc,
    page::{self, PageQuery},
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Whose sessions, and which page of them.
pub struct Query {
    page: PageQuery,
    user_id: Option<UserId>,
}

impl extract::Input for Query {
    fn read(fields: &mut Fields) -> Option<Self> {
        let page = PageQuery::read(fields);
        let user_id = fields.optional("user_id", |text| {
            text.parse().map_err(|_| Violation::new("invalid_id", "A user id is a UUID in lower case."))
        });
        Some(Self { page: page?, user_id: user_id? })
    }
}

/// A page of sessions.
#[derive(Serialize, ToSchema)]
pub struct UserSessions {
    /// Newest first, one a login; those that are over leave after their longest life.
    items: Vec<UserSession>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// One login. Nothing in it is a credential.
#[derive(Serialize, ToSchema)]
pub struct UserSession {
    /// Its id.
    #[schema(format = "uuid")]
    session_id: String,
    /// From where it was made.
    ip_address: Option<String>,
    /// `desktop`, `mobile`, `tablet`, `bot`, `cli` or `unknown`.
    #[schema(pattern = "^(desktop|mobile|tablet|bot|cli|unknown)$")]
    device_type: String,
    /// `Firefox`, `Edge`, `curl`, …
    browser: Option<String>,
    /// `Windows`, `iPadOS`, …
    os: Option<String>,
    /// What the client last said in `X-Current-Page` or `Referer`.
    current_page: Option<String>,
    /// When it was made.
    #[schema(format = "date-time")]
    created_at: String,
    /// Last seen, to the minute.
    #[schema(format = "date-time")]
    last_activity: String,
    /// When it is over unless it is renewed.
    #[schema(format = "date-time")]
    expires_at: String,
    /// Whether somebody is signed in with it.
    is_active: bool,
    /// Whether it is the one that asks.
    current: bool,
}

impl UserSession {
    fn new(session: &Session, caller: &Caller, now: Timestamp) -> Self {
        let agent = session.client.device();
        Self {
            session_id: session.id.to_string(),
            ip_address: session.client.address.clone(),
            device_type: agent.device_type.as_str().to_owned(),
            browser: agent.browser.map(str::to_owned),
            os: agent.os.map(str::to_owned),
            current_page: session.page.clone(),
            created_at: rfc3339(session.created_at),
            last_activity: rfc3339(session.last_activity),
            expires_at: rfc3339(session.expires_at()),
            is_active: session.is_active(caller.user(), now),
            current: session.id == caller.session().id,
        }
    }
}

const LIST: &str = "user-sessions";

/// Answers a page of the caller's own sessions.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let query: Query = extract::query(&request)?;
    let user = caller.user().id;
    if query.user_id.is_some_and(|wished| wished != user) {
        return Err(Problem::new(Code::Forbidden, "You may see your own sessions."));
    }
    let invalid = || Problem::new(Code::InvalidCursor, "Start again without a cursor.");
    let before = query.page.position(&ctx, user, LIST).await?.map(|id| id.parse().map_err(|_| invalid())).transpose()?;
    let mut found = session::sessions(&ctx.ports, &caller, before, query.page.limit + 1).await?;
    let is_cut = found.len() > query.page.limit;
    found.truncate(query.page.limit);
    let position = found.last().filter(|_| is_cut).map(|last| last.id.to_string());
    let now = ctx.ports.clock.now();
    let items = found.iter().map(|session| UserSession::new(session, &caller, now)).collect();
    answer::json(StatusCode::OK, &UserSessions { items, next_cursor: page::cursor(&ctx, user, LIST, position).await? })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
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
    Doc::new("Where am I signed in", "The caller's sessions, newest first, living and dead.")
        .pages()
        .query("user_id", "The caller's own id.")
        .answer::<UserSessions>(200, "A page of sessions.", json!({ "items": [session], "next_cursor": null }))
        .errors(&[Code::Forbidden])
}
