//! `POST /api/v1/activities`: something happened.

use rolecall_domain::{activity, quota::Quota, session::Caller};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc, spend,
};

use super::{
    activity_item::{self as shown, Activity},
    order::{self, Input},
};
use crate::Context;

/// Records it in the log of the organization that the caller acts in.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    spend(&ctx, &caller, Quota::Activities, 1).await?;
    let first = |one: &activity::Activity| idempotency::first(201, &Activity::from(one));
    let idempotency = idempotency::idempotency(&ctx, &request, Some(caller.user().id), &first)?;
    let tracked = activity::track(
        &ctx.ports,
        &caller,
        input.into(),
        idempotency.as_ref(),
        &ctx.client,
        &ctx.request_id,
    )
    .await?;
    idempotency::created(tracked, first)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "User, time, organization, address and user agent come from the request, never \
        from the body.";
    Doc::new("Track an activity", rules)
        .idempotent()
        .input::<Input>(order::example())
        .response::<Activity>(201, "The activity.", shown::example())
        .errors(&[ErrorCode::TooManyRequests])
}
