//! `POST /api/v1/activities/batch`: several things happened.

mod input;
mod outcome;

use rolecall_domain::{
    activity::{self, Order},
    quota::Quota,
    session::Caller,
};
use rolecall_http::{
    ErrorCode, Problem, ProblemBody, Request, Response, extract, fields::Each, idempotency,
    openapi::Doc, spend,
};
use serde_json::json;

use super::order;
use crate::Context;
pub use input::Input;
pub use outcome::{Outcome, Recorded, Tracked};

/// Records those that are good; with an `Idempotency-Key` all of the good ones or none.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let Input { activities: Each(read) } = extract::body(&request)?;
    let wrong: Vec<Option<ProblemBody>> = read
        .iter()
        .map(|one| one.as_ref().err().map(|problem| problem.body(&ctx.request_id)))
        .collect();
    let orders: Vec<Order> = read.into_iter().flatten().map(Order::from).collect();
    let good = u32::try_from(orders.len()).unwrap_or(u32::MAX);
    spend(&ctx, &caller, Quota::Activities, good).await?;
    let first = |all: &Vec<activity::Activity>| {
        idempotency::first(200, &Tracked::new(&wrong, all.iter().map(Some), &ctx.request_id))
    };
    let idempotency = idempotency::idempotency(&ctx, &request, Some(caller.user().id), &first)?;
    let tracked = activity::track_all(
        &ctx.ports,
        &caller,
        orders,
        idempotency.as_ref(),
        &ctx.client,
        &ctx.request_id,
    )
    .await?;
    idempotency::created(tracked, |taken: &Vec<Option<activity::Activity>>| {
        let taken = taken.iter().map(Option::as_ref);
        idempotency::first(200, &Tracked::new(&wrong, taken, &ctx.request_id))
    })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let id = json!({ "id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b" });
    Doc::new(
        "Track activities in a batch",
        "Up to 25. Valid activities are stored even if others in the batch are invalid.",
    )
    .idempotent()
    .input::<Input>(json!({ "activities": [order::example()] }))
    .response::<Tracked>(200, "An id or a problem for each activity.", json!({ "results": [id] }))
    .errors(&[ErrorCode::TooManyRequests])
}
