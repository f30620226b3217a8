//! `POST /api/v1/activities/batch`: several things happened.

mod input;
mod outcome;

use http::StatusCode;
use rolecall_domain::activity::{self, Order};
use rolecall_http::{
    Answer, Code, Context, ProblemBody, Request, answer, extract, guard, idempotency, openapi::Doc,
};
use serde_json::json;

use super::{order, scope};
pub use input::{Input, Several};
pub use outcome::{Outcome, Tracked};

/// Records those that are good; with an `Idempotency-Key` all of the good ones or none.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let Input(read) = extract::body(&request)?;
    let wrong: Vec<Option<ProblemBody>> = read
        .iter()
        .map(|one| {
            one.as_ref()
                .err()
                .map(|problem| problem.body(&ctx.request_id))
        })
        .collect();
    let orders: Vec<Order> = read.into_iter().filter_map(Result::ok).collect();
    let first = |all: &Vec<activity::Activity>| {
        idempotency::first(
            200,
            &Tracked::new(&wrong, all.iter().map(Some), &ctx.request_id),
        )
    };
    let once = idempotency::once(
        &ctx,
        &request,
        "track_activities",
        Some(caller.user().id),
        &first,
    )
    .await?;
    match activity::track_all(
        &ctx.ports,
        &caller,
        orders,
        once.as_ref(),
        &ctx.client,
        &ctx.request_id,
    )
    .await
    {
        Ok(tracked) => {
            let tracked = Tracked::new(&wrong, tracked.iter().map(Option::as_ref), &ctx.request_id);
            answer::json(StatusCode::OK, &tracked)
        }
        Err(error) => scope::untracked(error),
    }
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let id = json!({ "id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b" });
    Doc::new(
        "Track up to 25 activities",
        "The good ones are kept, whatever is wrong with the others.",
    )
    .header(
        "Idempotency-Key",
        "The same key and body give the first answer again, for 24 hours.",
    )
    .input::<Several>(json!({ "activities": [order::example()] }))
    .answer::<Tracked>(
        200,
        "An id or a problem for each.",
        json!({ "results": [id] }),
    )
    .errors(&[Code::IdempotencyKeyReused])
}
