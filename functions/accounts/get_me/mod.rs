//! `GET /api/v1/me`: the caller.

use http::StatusCode;
use rolecall_domain::session::Caller;
use rolecall_http::{Problem, Request, Response, openapi::Doc, response};

use super::own_user::{self, OwnUser};
use crate::Context;

/// Returns the account that the gate read.
pub async fn handler(ctx: Context, caller: Caller, _: Request) -> Result<Response, Problem> {
    let person = caller.person();
    let own = OwnUser::new(person, caller.organization(), ctx.ports.clock.now());
    response::with_etag(response::json(StatusCode::OK, &own), person.etag())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get my account", "The caller's account and memberships, with an `ETag`.")
        .response::<OwnUser>(200, "The caller.", own_user::example())
        .etag()
}
