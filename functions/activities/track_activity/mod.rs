//! `POST /api/v1/activities`: something happened.

use http::StatusCode;
use rolecall_domain::activity;
use rolecall_http::{
    Answer, Code, Context, Request, answer, extract, guard, idempotency, openapi::Doc,
};

use super::{
    activity::{self as shown, Activity},
    order::{self, Body, Input},
    scope,
};

/// Records it in the log of the organization that the caller acts in.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let Input(order) = extract::body(&request)?;
    let first = |one: &activity::Activity| idempotency::first(201, &Activity::from(one));
    let once = idempotency::once(
        &ctx,
        &request,
        "track_activity",
        Some(caller.user().id),
        &first,
    )
    .await?;
    match activity::track(
        &ctx.ports,
        &caller,
        order,
        once.as_ref(),
        &ctx.client,
        &ctx.request_id,
    )
    .await
    {
        Ok(tracked) => answer::json(StatusCode::CREATED, &Activity::from(&tracked)),
        Err(error) => scope::untracked(error),
    }
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "Who, when, where, organization, address and agent come from the request, never \
        from the body.";
    Doc::new("Track an activity", rules)
        .header(
            "Idempotency-Key",
            "The same key and body give the first answer again, for 24 hours.",
        )
        .input::<Body>(order::example())
        .answer::<Activity>(201, "The activity.", shown::example())
        .errors(&[Code::IdempotencyKeyReused])
}
