//! `GET /api/v1/me`: the caller.

use http::StatusCode;
use rolecall_domain::session::Caller;
use rolecall_http::{Problem, Request, Response, openapi::Doc, response};

use super::user::{self, User};
use crate::Context;

/// Returns the account that the gate read.
pub async fn handler(_: Context, caller: Caller, _: Request) -> Result<Response, Problem> {
    let person = caller.person();
    response::with_etag(response::json(StatusCode::OK, &User::from(person)), person.etag())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get my account", "The caller's account and memberships, with an `ETag`.")
        .response::<User>(200, "The caller.", user::example())
        .etag()
}
