//! `GET /api/v1/users/{id}`: one user, for administrators.

use http::StatusCode;
use rolecall_domain::account::{self, AdministerError};
use rolecall_http::{Answer, Code, Context, Problem, Request, answer, extract, guard, openapi::Doc};

use super::managed_user::{self, ManagedUser};

/// Answers the account with its failed sign-ins.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let administrator = guard::administrator(&ctx, &request).await?;
    let id = extract::last_segment(&request).parse().map_err(|_| Problem::from(AdministerError::NotFound))?;
    let managed = account::managed_user(&ctx.ports, &administrator, id).await?;
    let body = ManagedUser::new(&managed, ctx.ports.clock.now());
    answer::with_etag(answer::json(StatusCode::OK, &body), managed.user.version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("One user", "With the failed sign-ins, and the end of a lock.")
        .answer::<ManagedUser>(200, "The user.", managed_user::example(20, Some("2026-11-23T09:45:00.000Z")))
        .errors(&[Code::NotFound])
}
