//! `POST /api/v1/permissions/check`: may they?

mod input;
mod output;

use http::StatusCode;
use rolecall_domain::{permission, session::Caller};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};
use serde_json::json;

use input::Questions;
pub use input::{Check, Input};
pub use output::{Blocker, Chain, CheckResult, Checked, Explanation, Step};

use crate::Context;

/// Decides what is asked, out of what the gate read.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let Questions { checks, is_batch, subject, explain } =
        extract::body::<Input>(&request)?.try_into()?;
    let checked = permission::check(&ctx.ports, &caller, &subject).await?;
    let effective_roles = checked.effective_roles();
    let results = checks.iter().map(|check| {
        Checked::new(&effective_roles, check.question(), checked.organization(), explain)
    });
    response::json(StatusCode::OK, &CheckResult::new(results.collect(), is_batch))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "One check, or up to 100 in `checks`. Checks about other users need \
        `access.check`. Unknown codes are not allowed. With `explain`: the chain that allows it, \
        or every blocker and the smallest grant that would allow it.";
    Doc::new("Check permissions", rules)
        .input::<Input>(json!({ "permission": "pid.create" }))
        .response::<CheckResult>(
            200,
            "One result, or `results` in the order of `checks`.",
            json!({ "allowed": true }),
        )
        .errors(&[ErrorCode::Forbidden, ErrorCode::NotFound])
}
