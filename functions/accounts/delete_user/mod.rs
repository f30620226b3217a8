//! `DELETE /api/v1/users/{id}`: deleting an account softly.

use rolecall_domain::{account, administration::AdministerError, permission::Right};
use rolecall_http::{
    Answer, Code, Context, Problem, Request, answer, extract, guard, openapi::Doc,
};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ManageUsers];

/// Deletes it and ends its sessions.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let id = extract::last_segment(&request)
        .parse()
        .map_err(|_| Problem::from(AdministerError::NotFound("user")))?;
    account::delete_user(
        &ctx.ports,
        &permit,
        id,
        extract::if_match(&request),
        &ctx.client,
    )
    .await?;
    answer::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Delete a user",
        "Softly: nobody signs in with it, and it may be restored. Again is no error.",
    )
    .header(
        "If-Match",
        "The `ETag` that was last seen; a stale one changes nothing.",
    )
    .empty(204, "It is deleted.")
    .errors(&[
        Code::NotFound,
        Code::AboveYourLevel,
        Code::LastSuperAdmin,
        Code::OwnLastAdminRole,
        Code::Stale,
    ])
}
