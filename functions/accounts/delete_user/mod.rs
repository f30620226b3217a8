//! `DELETE /api/v1/users/{id}`: deleting an account softly.

use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use crate::{Context, resource::administrator};

/// Deletes it and ends its sessions.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let id = ctx.path_id("id")?;
    let by = administrator(&ctx, &authorization, &request);
    account::delete_user(&ctx.ports, by, id).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Delete a user",
        "A soft delete: nobody can sign in with the account, and it can be restored. Deleting it \
            again is not an error.",
    )
    .if_match()
    .empty(204, "Deleted.")
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::LastSuperAdmin,
        ErrorCode::LastAdministrator,
        ErrorCode::OwnLastAdminRole,
    ])
}
