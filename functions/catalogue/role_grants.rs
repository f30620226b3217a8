use std::collections::BTreeMap;

use http::StatusCode;
use rolecall_domain::{
    clock::rfc3339,
    code::Code,
    permission::Authorization,
    resource::Resource,
    role::{self, Grant, Grantable, Role, RoleFields},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{Context, resource::administrator};

/// A permission or a module that a role grants.
#[derive(Serialize, ToSchema)]
pub struct RoleGrant {
    /// The permission's or the module's code.
    code: String,
    /// Who granted it; `null` where the system did.
    #[schema(format = "uuid")]
    granted_by: Option<String>,
    /// When it was granted.
    #[schema(format = "date-time")]
    granted_at: String,
}

impl RoleGrant {
    fn new(code: &Code, grant: &Grant) -> Self {
        let granted_by = grant.granted_by.map(|user| user.to_string());
        Self { code: code.to_string(), granted_by, granted_at: rfc3339(grant.granted_at) }
    }
}

/// A page of a role's grants.
#[derive(Serialize, ToSchema)]
pub struct RoleGrants {
    /// Sorted by code.
    items: Vec<RoleGrant>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// A page of the grants of the role `{code}`.
pub(super) async fn list(
    ctx: &Context,
    authorization: &Authorization,
    query: &PageQuery,
    grants: impl Fn(&Role) -> &BTreeMap<Code, Grant>,
) -> Result<Response, Problem> {
    let code = ctx.path("code")?;
    let role = RoleFields::get(&ctx.ports, authorization, code).await?;
    let items =
        grants(&role).iter().map(|(code, grant)| (code.to_string(), RoleGrant::new(code, grant)));
    let list = format!("{} {code}", ctx.endpoint);
    let (items, next_cursor) =
        page::of(ctx, page::whose(authorization)?, &list, query, items).await?;
    response::json(StatusCode::OK, &RoleGrants { items, next_cursor })
}

/// What the document says of such a list.
pub(super) fn describe(doc: Doc, code: &str) -> Doc {
    let example = json!({ "items": [example(code)], "next_cursor": null });
    doc.pages::<PageQuery>()
        .response::<RoleGrants>(200, "A page.", example)
        .errors(&[ErrorCode::NotFound])
}

/// Grants the role `{code}` something.
pub(super) async fn grant(
    ctx: &Context,
    authorization: &Authorization,
    request: &Request,
    grantable: Grantable<'_>,
) -> Result<Response, Problem> {
    let by = administrator(ctx, authorization, request);
    let granted = role::grant(&ctx.ports, by, ctx.path("code")?, grantable).await?;
    let status = if granted.is_new { StatusCode::CREATED } else { StatusCode::OK };
    response::json(status, &RoleGrant::new(&granted.code, &granted.grant))
}

/// What the document says of [`grant`].
pub(super) fn describe_grant(doc: Doc, code: &str) -> Doc {
    doc.if_match()
        .response::<RoleGrant>(200, "The role already had it.", example(code))
        .response::<RoleGrant>(201, "Granted.", example(code))
        .errors(&[ErrorCode::NotFound, ErrorCode::AboveYourLevel])
}

/// Revokes something from the role `{code}`.
pub(super) async fn revoke(
    ctx: &Context,
    authorization: &Authorization,
    request: &Request,
    grantable: Grantable<'_>,
) -> Result<Response, Problem> {
    let by = administrator(ctx, authorization, request);
    role::revoke(&ctx.ports, by, ctx.path("code")?, grantable).await?;
    response::no_content()
}

/// What the document says of [`revoke`].
pub(super) fn describe_revoke(doc: Doc) -> Doc {
    doc.if_match().empty(204, "Revoked.").errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::LastAdministrator,
        ErrorCode::OwnLastAdminRole,
    ])
}

/// A grant for the OpenAPI document.
fn example(code: &str) -> Value {
    json!({
        "code": code,
        "granted_by": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "granted_at": "2026-11-23T09:30:00.000Z",
    })
}
