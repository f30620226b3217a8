//! `POST /api/v1/activities/batch`: several things happened.

use http::StatusCode;
use rolecall_domain::activity::{self, Order};
use rolecall_http::{
    Answer, Code, Context, Problem, ProblemBody, Request, answer,
    extract::{self, Fields},
    guard, idempotency,
    openapi::Doc,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    order::{self, Body, Input as One},
    scope,
};

/// The most activities of one request: what one batch of DynamoDB takes.
const MOST: usize = 25;

/// Up to 25 activities, each good or wrong on its own.
pub struct Input(Vec<Result<Order, Problem>>);

/// As the document describes [`Input`].
#[derive(ToSchema)]
#[schema(as = NewActivities)]
#[expect(dead_code, reason = "it is described and never made")]
pub struct Several {
    /// Up to 25.
    activities: Vec<Body>,
}

/// What became of them.
#[derive(Serialize, ToSchema)]
pub struct Tracked {
    /// In the order of `activities`.
    results: Vec<Outcome>,
}

/// An id, or what was wrong.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Outcome {
    /// It is recorded.
    Id {
        /// Its id.
        #[schema(format = "uuid")]
        id: String,
    },
    /// It is not.
    Problem(ProblemBody),
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let list = fields.objects("activities", MOST)?;
        Some(Self(list.into_iter().map(|map| extract::take::<One>(map).map(|One(order)| order)).collect()))
    }
}

/// Records those that are good; with an `Idempotency-Key` all of the good ones or none.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let Input(read) = extract::body(&request)?;
    let wrong: Vec<Option<ProblemBody>> =
        read.iter().map(|one| one.as_ref().err().map(|problem| problem.body(&ctx.request_id))).collect();
    let orders: Vec<Order> = read.into_iter().filter_map(Result::ok).collect();
    let first =
        |all: &Vec<activity::Activity>| idempotency::first(200, &Tracked::new(&wrong, all.iter().map(Some), &ctx.request_id));
    let once = idempotency::of_caller(&ctx, &request, "track_activities", &caller, &first).await?;
    match activity::track_all(&ctx.ports, &caller, orders, once.as_ref(), &ctx.client, &ctx.request_id).await {
        Ok(tracked) => {
            let tracked = Tracked::new(&wrong, tracked.iter().map(Option::as_ref), &ctx.request_id);
            answer::json(StatusCode::OK, &tracked)
        }
        Err(error) => scope::untracked(error),
    }
}

impl Tracked {
    /// Puts the outcomes of the good ones between the problems of the others.
    fn new<'a>(
        wrong: &[Option<ProblemBody>],
        mut tracked: impl Iterator<Item = Option<&'a activity::Activity>>,
        request_id: &str,
    ) -> Self {
        let results = wrong.iter().map(|wrong| match wrong {
            Some(problem) => Outcome::Problem(problem.clone()),
            None => match tracked.next().flatten() {
                Some(activity) => Outcome::Id { id: activity.id.to_string() },
                None => Outcome::Problem(Problem::new(Code::Unavailable, "Send this one again.").body(request_id)),
            },
        });
        Self { results: results.collect() }
    }
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let id = json!({ "id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b" });
    Doc::new("Track up to 25 activities", "The good ones are kept, whatever is wrong with the others.")
        .header("Idempotency-Key", "The same key and body give the first answer again, for 24 hours.")
        .input::<Several>(json!({ "activities": [order::example()] }))
        .answer::<Tracked>(200, "An id or a problem for each.", json!({ "results": [id] }))
        .errors(&[Code::IdempotencyKeyReused])
}
