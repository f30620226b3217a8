//! `DELETE /api/v1/me`: deleting one's own account.

use rolecall_domain::{
    account::{self, PlainPassword},
    session::Caller,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde_json::json;

use crate::Context;

input! {
    /// The current password.
    pub struct Input as AccountDeletion {
        current_password: PlainPassword,
    }
}

/// Deletes it softly and ends its sessions.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    account::delete_me(&ctx.ports, &caller, &input.current_password, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "A soft delete: every session ends, nobody can sign in with the account, and the \
        owner is told by mail.";
    Doc::new("Delete my account", rules)
        .input::<Input>(json!({ "current_password": "violet-anchor-mosaic-91" }))
        .empty(204, "The account is deleted.")
        .errors(&[
            ErrorCode::LastSuperAdmin,
            ErrorCode::LastAdministrator,
            ErrorCode::Stale,
            ErrorCode::TooManyRequests,
        ])
}
