//! `POST /api/v1/users/{id}/erase`: having a deleted account erased.

use http::StatusCode;
use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use super::managed_user::{self, ManagedUser};
use crate::{Context, resource::administrator};

/// Says that it is to be erased from now on; `relay` and the job `erase_users` do it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let id = ctx.path_id("id")?;
    let by = administrator(&ctx, &authorization, &request);
    let managed = account::erase_user(&ctx.ports, by, id).await?;
    managed_user::respond(&ctx, StatusCode::ACCEPTED, &managed)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Erase a user",
        "Of a deleted account, for super admins: names, addresses, network and agent go wherever \
            the user is actor or subject; ids stay, and so do texts that clients wrote. It cannot \
            be taken back. The username and the email address are free; `erased_at` tells when it \
            is done. Erasing it again is not an error. Backups keep it for up to 35 days.",
    )
    .if_match()
    .response::<ManagedUser>(202, "It will be erased.", managed_user::example(0, None))
    .etag()
    .errors(&[ErrorCode::NotFound, ErrorCode::NotDeleted])
}
