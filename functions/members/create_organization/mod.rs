//! `POST /api/v1/organizations`: one organization more.

use rolecall_domain::{
    code::Code,
    organization::{self, OrganizationFields},
    permission::Authorization,
    words::Line,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    idempotency,
    openapi::Doc,
    response,
};
use serde_json::json;
use utoipa::ToSchema;

use super::organization::{Organization, PatchInput, example};
use crate::Context;

/// An organization that is to be, with everything that a change may set.
#[derive(ToSchema)]
#[schema(as = NewOrganization)]
pub struct Input {
    /// Its code, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    code: Code,
    /// Its name.
    #[schema(value_type = String, max_length = 100)]
    name: Line<100>,
    #[schema(ignore)]
    rest: PatchInput,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let name = fields.required("name", Line::parse);
        let rest = PatchInput::read_rest(fields);
        Some(Self { code: code?, name: name?, rest: rest? })
    }
}

impl From<Input> for OrganizationFields {
    fn from(Input { code, name, rest }: Input) -> Self {
        Self { code, name, patch: rest.into() }
    }
}

/// Makes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
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
        .input_with::<Input, PatchInput>(
            json!({ "code": "MY_COMPANY", "name": "My Company", "settings": { "theme": "dark" } }),
        )
        .response::<Organization>(201, "The organization.", example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
