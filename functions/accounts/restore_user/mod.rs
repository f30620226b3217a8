//! `POST /api/v1/users/{id}/restore`: bringing a deleted account back.

use http::StatusCode;
use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use super::managed_user::{self, ManagedUser};
use crate::{Context, resource::administrator};

/// Restores it and answers it as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let id = ctx.path_id("id")?;
    let by = administrator(&ctx, &authorization, &request);
    let managed = account::restore_user(&ctx.ports, by, id).await?;
    managed_user::respond(&ctx, StatusCode::OK, &managed)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Restore a user",
        "Restores the user with the status and the roles that it had; you cannot restore roles \
            that you could not assign. Restoring it again is not an error.",
    )
    .if_match()
    .response::<ManagedUser>(200, "The user as it is now.", managed_user::example(0, None))
    .etag()
    .errors(&[ErrorCode::NotFound, ErrorCode::AboveYourLevel])
    .errors(&[ErrorCode::EmailTaken, ErrorCode::UsernameTaken, ErrorCode::Erased])
}
