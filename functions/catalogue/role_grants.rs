use std::collections::BTreeMap;

use http::StatusCode;
use rolecall_domain::{
    administration::AdministerRefusal,
    code::Code,
    permission::Authorization,
    role::{Grant, Granted, Role},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::definition::{self, RoleGrant};
use crate::Context;

/// A page of what a role grants.
#[derive(Serialize, ToSchema)]
pub struct RoleGrants {
    /// By code.
    items: Vec<RoleGrant>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// A page of the grants of the role `{code}`.
pub(super) async fn list(
    ctx: &Context,
    authorization: &Authorization,
    request: &Request,
    grants: impl Fn(&Role) -> &BTreeMap<Code, Grant>,
) -> Result<Response, Problem> {
    let query: PageQuery = extract::query(request)?;
    let role = authorization
        .catalogue()
        .role(ctx.path("code")?)
        .ok_or(AdministerRefusal::NotFound("role"))?;
    let items =
        grants(role).iter().map(|(code, grant)| (code.to_string(), RoleGrant::new(code, grant)));
    let (items, next_cursor) =
        page::of(ctx, page::whose(authorization)?, request.uri().path(), &query, items).await?;
    response::json(StatusCode::OK, &RoleGrants { items, next_cursor })
}

/// What the document says of such a list.
pub(super) fn describe(doc: Doc, code: &str) -> Doc {
    let example = json!({ "items": [definition::grant_example(code)], "next_cursor": null });
    doc.pages().response::<RoleGrants>(200, "A page.", example).errors(&[ErrorCode::NotFound])
}

/// A grant, new or not.
pub(super) fn response(granted: &Granted) -> Result<Response, Problem> {
    let status = if granted.is_new { StatusCode::CREATED } else { StatusCode::OK };
    response::json(status, &RoleGrant::new(&granted.code, &granted.grant))
}
