//! `POST /api/v1/organizations`: one organization more.

use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc, response,
};
use serde_json::json;

use super::organization::{NewOrganization, Organization, example};
use crate::Context;

/// Makes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let input: NewOrganization = extract::body(&request)?;
    let first =
        |made: &organization::Organization| idempotency::first(201, &Organization::from(made));
    let idempotency =
        idempotency::idempotency(&ctx, &request, authorization.user_id(), &first).await?;
    let made = organization::create_organization(
        &ctx.ports,
        &authorization,
        input.into(),
        idempotency.as_ref(),
        &ctx.client,
    )
    .await?;
    response::with_etag(idempotency::created(made, first), 1)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Create an organization", "Super admins only.")
        .header(
            "Idempotency-Key",
            "The same key and body get the first response again, for 24 hours.",
        )
        .input::<NewOrganization>(
            json!({ "code": "MY_COMPANY", "name": "My Company", "settings": { "theme": "dark" } }),
        )
        .response::<Organization>(201, "The organization.", example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
