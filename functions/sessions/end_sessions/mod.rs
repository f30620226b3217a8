//! `DELETE /api/v1/user-sessions`: signing all devices out, or all but this one.

use rolecall_domain::{
    Violation,
    session::{self, Scope},
};
use rolecall_http::{
    Answer, Code, Context, Request, answer,
    extract::{self, Fields},
    guard,
    openapi::Doc,
};

/// Which sessions end.
pub struct Query {
    scope: Scope,
}

impl extract::Input for Query {
    fn read(fields: &mut Fields) -> Option<Self> {
        let scope = fields.required("scope", |text| match text {
            "others" => Ok(Scope::Others),
            "all" => Ok(Scope::All),
            _ => Err(Violation::new("unknown_scope", "A scope is `others` or `all`.")),
        });
        Some(Self { scope: scope? })
    }
}

/// Ends them by one write, however many they are.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let query: Query = extract::query(&request)?;
    session::end_sessions(&ctx.ports, &caller, query.scope, &ctx.client).await?;
    answer::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Sign devices out", "All of the caller's sessions, or all but the one that asks. Reset links die with them.")
        .query("scope", "`others` or `all`; it has to be there.")
        .empty(204, "The sessions are over.")
        .errors(&[Code::Stale])
}
