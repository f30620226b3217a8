//! `PATCH /api/v1/activity-streams/{id}`: pinning an entry of the activity stream, and showing it
//! to everybody.

use rolecall_domain::{
    activity_stream::{self, ActivityStreamScope, EntryPatch},
    permission::Authorization,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, WithQuery, extract, input, openapi::Doc, page,
};
use serde_json::json;

use super::{
    activity_stream_entry::{self as shown, ActivityStreamEntry},
    scope::{self, ScopeQuery},
};
use crate::{Context, resource::administrator};

input! {
    /// Changes: missing fields stay as they are.
    pub struct Input as ActivityStreamEntryPatch {
        /// Pinned entries come first and are kept; at most 20.
        is_pinned: Option<bool>,
        /// Whether all members of the organization see it.
        is_public: Option<bool>,
    }
}

/// Changes it and answers it as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    (WithQuery(query), request): (WithQuery<ScopeQuery>, Request),
) -> Result<Response, Problem> {
    let Input { is_pinned, is_public } = extract::body(&request)?;
    let caller = page::whose(&authorization)?;
    let stream_scope = ActivityStreamScope::of(&ctx.ports, caller, query.organization())
        .await
        .map_err(scope::problem)?;
    let id = ctx.path_id("id")?;
    let by = administrator(&ctx, &authorization, &request);
    let patch = EntryPatch { is_pinned, is_public };
    shown::shown(&activity_stream::update(&ctx.ports, by, &stream_scope, id, patch).await?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Update an activity stream entry",
        "A merge patch (RFC 7396), in the caller's organization; super admins may name another \
            one, or `*` for all.",
    )
    .query::<ScopeQuery>()
    .if_match()
    .input::<Input>(json!({ "is_pinned": true }))
    .response::<ActivityStreamEntry>(200, "The entry as it is now.", shown::example())
    .etag()
    .errors(&[ErrorCode::NotFound, ErrorCode::Forbidden])
}
