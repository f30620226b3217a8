//! `POST /api/v1/permissions/check`: may they?

mod input;
mod output;

use http::StatusCode;
use rolecall_domain::permission;
use rolecall_http::{Answer, Code, Context, Request, answer, extract, guard, openapi::Doc};
use serde_json::json;

pub use input::{Body, Check, Input};
pub use output::{Blocker, Chain, CheckAnswer, CheckResults, Checked, Step};

/// Decides what is asked, out of what the gate read.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let Input {
        checks,
        is_batch,
        asked,
        explain,
    } = extract::body(&request)?;
    let checked = permission::check(&ctx.ports, &caller, &asked).await?;
    let standing = checked.standing();
    let results = checks
        .iter()
        .map(|check| Checked::new(&standing, check.question(), checked.organization(), explain));
    answer::json(
        StatusCode::OK,
        &CheckAnswer::new(results.collect(), is_batch),
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "One question, or up to 100 in `checks`. About others asks whoever has `access.check`. What is unknown is not \
                 allowed. With `explain`: the chain that allows, or every blocker and the smallest grant that would allow it.";
    Doc::new("Check permissions", rules)
        .input::<Body>(json!({ "permission": "pid.create" }))
        .answer::<CheckAnswer>(
            200,
            "One answer, or `results` in the order of `checks`.",
            json!({ "allowed": true }),
        )
        .errors(&[Code::Forbidden, Code::NotFound])
}
