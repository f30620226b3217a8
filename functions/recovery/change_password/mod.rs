//! `POST /api/v1/auth/password-change`: the caller's own password.

use rolecall_domain::{
    account::{NewPassword, PlainPassword},
    recovery,
    session::Caller,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde_json::json;

use crate::Context;

input! {
    /// The current and the new password.
    pub struct Input as PasswordChange {
        current_password: PlainPassword,
        /// 8 to 128 characters after NFC; passwords that are easily guessed are refused.
        new_password: NewPassword,
    }
}

/// Changes it; the session that asks lives on.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    recovery::change_password(
        &ctx.ports,
        &caller,
        &input.current_password,
        &input.new_password,
        &ctx.client,
    )
    .await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "Every other session ends, reset links stop working, and the owner is told by \
        mail. Also open to users who must change their password first.";
    Doc::new("Change my password", rules)
        .input::<Input>(json!({ "current_password": "violet-anchor-mosaic-91",
            "new_password": "copper-meadow-lantern-58" }))
        .empty(204, "The password is changed.")
        .errors(&[ErrorCode::Stale, ErrorCode::TooManyRequests])
}
