//! `GET /api/v1/active-users`: who was seen within five minutes.

use http::StatusCode;
use rolecall_domain::{
    clock::rfc3339,
    session::{self, Agent, Presence},
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

/// Which page.
pub struct Query(PageQuery);

impl extract::Input for Query {
    fn read(fields: &mut Fields) -> Option<Self> {
        PageQuery::read(fields).map(Self)
    }
}

/// A page of people.
#[derive(Serialize, ToSchema)]
pub struct ActiveUsers {
    /// By id; each person once, however many sessions they have.
    items: Vec<ActiveUser>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Somebody who was seen lately.
#[derive(Serialize, ToSchema)]
pub struct ActiveUser {
    /// Who.
    #[schema(format = "uuid")]
    user_id: String,
    /// Their username.
    username: String,
    /// Last seen, to the minute.
    #[schema(format = "date-time")]
    last_activity: String,
    /// What the client last said in `X-Current-Page` or `Referer`.
    current_page: Option<String>,
    /// `desktop`, `mobile`, `tablet`, `bot`, `cli` or `unknown`.
    #[schema(pattern = "^(desktop|mobile|tablet|bot|cli|unknown)$")]
    device_type: String,
    /// `Firefox`, `Edge`, `curl`, …
    browser: Option<String>,
    /// `Windows`, `iPadOS`, …
    os: Option<String>,
}

impl From<Presence> for ActiveUser {
    fn from(presence: Presence) -> Self {
        let agent = Agent::read(presence.agent.as_deref().unwrap_or_default());
        Self {
            user_id: presence.user_id.to_string(),
            username: presence.username,
            last_activity: rfc3339(presence.last_activity),
            current_page: presence.page,
            device_type: agent.device_type.as_str().to_owned(),
            browser: agent.browser.map(str::to_owned),
            os: agent.os.map(str::to_owned),
        }
    }
}

const LIST: &str = "active-users";

/// Answers a page of the people in the caller's organization.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let Query(page) = extract::query(&request)?;
    let user = caller.user().id;
    let invalid = || Problem::new(Code::InvalidCursor, "Start again without a cursor.");
    let after = page.position(&ctx, user, LIST).await?.map(|id| id.parse().map_err(|_| invalid())).transpose()?;
    let (people, next) = session::active_users(&ctx.ports, &caller, after, page.limit).await?;
    let items = people.into_iter().map(ActiveUser::from).collect();
    let next_cursor = page::cursor(&ctx, user, LIST, next.map(|id| id.to_string())).await?;
    answer::json(StatusCode::OK, &ActiveUsers { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let person = json!({
        "user_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "username": "ada",
        "last_activity": "2026-11-23T10:02:00.000Z",
        "current_page": "/projects/7",
        "device_type": "desktop",
        "browser": "Firefox",
        "os": "Linux",
    });
    Doc::new("Who is here", "People, not sessions, who were seen within five minutes.").pages().answer::<ActiveUsers>(
        200,
        "A page of people.",
        json!({ "items": [person], "next_cursor": null }),
    )
}
