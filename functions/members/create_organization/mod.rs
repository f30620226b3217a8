//! `POST /api/v1/organizations`: one organization more.

use rolecall_domain::{
    code::Code,
    organization::{self, Made, OrganizationFields},
    permission::Right,
    words::Line,
};
use rolecall_http::{
    Answer, Code as ErrorCode, Context, Request, answer,
    extract::{self, Fields},
    guard, idempotency,
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::organization::{Organization, Patch, example};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ManageOrganizations];

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
    rest: Patch,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let name = fields.required("name", Line::parse);
        let rest = Patch::read_rest(fields);
        Some(Self {
            code: code?,
            name: name?,
            rest: rest?,
        })
    }
}

impl From<Input> for OrganizationFields {
    fn from(Input { code, name, rest }: Input) -> Self {
        Self {
            code,
            name,
            patch: rest.into(),
        }
    }
}

/// Makes it.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let input: Input = extract::body(&request)?;
    let first =
        |made: &organization::Organization| idempotency::first(201, &Organization::from(made));
    let once = idempotency::once(
        &ctx,
        &request,
        "create_organization",
        permit.user_id(),
        &first,
    )
    .await?;
    let made = organization::create_organization(
        &ctx.ports,
        &permit,
        input.into(),
        once.as_ref(),
        &ctx.client,
    )
    .await?;
    let answer = match made {
        Made::Organization(made) => first(&made),
        Made::Again(first) => first,
    };
    answer::with_etag(idempotency::again(answer), 1)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Make an organization", "For super admins.")
        .header(
            "Idempotency-Key",
            "The same key and body give the first answer again, for 24 hours.",
        )
        .input_with::<Input, Patch>(
            json!({ "code": "MY_COMPANY", "name": "My Company", "settings": { "theme": "dark" } }),
        )
        .answer::<Organization>(201, "The organization.", example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
