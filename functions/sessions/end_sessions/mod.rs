//! `DELETE /api/v1/user-sessions`: signing all devices out, or all but this one.

use rolecall_domain::{
    Violation,
    session::{self, Caller, Scope, Whose},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    openapi::Doc,
    response,
};

use super::whose;
use crate::Context;

/// Which sessions end.
pub struct Query {
    scope: Scope,
    whose: Whose,
}

impl extract::Input for Query {
    fn read(fields: &mut Fields) -> Option<Self> {
        let scope = fields.required("scope", |text| match text {
            "others" => Ok(Scope::Others),
            "all" => Ok(Scope::All),
            _ => Err(Violation::new("unknown_scope", "A scope is `others` or `all`.")),
        });
        let whose = whose::read(fields);
        Some(Self { scope: scope?, whose: whose? })
    }
}

/// Ends them by one write, however many they are.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let query: Query = extract::query(&request)?;
    session::end_sessions(&ctx.ports, &caller, query.whose, query.scope, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "End several sessions",
        "All of the caller's sessions, or all but the current one. Known devices are forgotten.",
    )
    .query("scope", "`others` or `all`; required.")
    .query("user_id", whose::USER_ID)
    .empty(204, "The sessions have ended.")
    .errors(&[ErrorCode::Forbidden, ErrorCode::AboveYourLevel, ErrorCode::NotFound])
}
