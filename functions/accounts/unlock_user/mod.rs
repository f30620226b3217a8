//! `POST /api/v1/users/{id}/unlock`: an administrator ends a lock.

use http::StatusCode;
use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use super::managed_user::{self, ManagedUser};
use crate::{Context, resource::administrator};

/// Ends every lock, forgives the failed sign-ins and answers the account as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let id = ctx.path_id("id")?;
    let by = administrator(&ctx, &authorization, &request);
    let managed = account::unlock_user(&ctx.ports, by, id).await?;
    managed_user::respond(&ctx, StatusCode::OK, &managed)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Unlock a user",
        "Ends every lock and resets the failed sign-ins. Unlocking it again is not an error.",
    )
    .if_match()
    .response::<ManagedUser>(200, "The user as it is now.", managed_user::example(0, None))
    .etag()
    .errors(&[ErrorCode::NotFound, ErrorCode::AboveYourLevel])
}
