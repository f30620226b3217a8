use std::collections::BTreeMap;

use http::StatusCode;
use rolecall_domain::{
    administration::AdministerError,
    code::Code,
    permission::Permit,
    role::{Grant, Granted, Role},
};
use rolecall_http::{
    Answer, Code as ErrorCode, Context, Request, answer, extract,
    openapi::Doc,
    page::{self, PageQuery},
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::definition::{self, RoleGrant};

/// A page of what a role grants.
#[derive(Serialize, ToSchema)]
pub struct RoleGrants {
    /// By code.
    items: Vec<RoleGrant>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// A page of the grants of the role that the path names before its last part.
pub(super) async fn list(
    ctx: &Context,
    permit: &Permit,
    request: &Request,
    grants: impl Fn(&Role) -> &BTreeMap<Code, Grant>,
) -> Answer {
    let query: PageQuery = extract::query(request)?;
    let role = permit
        .catalogue()
        .role(extract::segment_from_end(request, 1))
        .ok_or(AdministerError::NotFound("role"))?;
    let items = grants(role)
        .iter()
        .map(|(code, grant)| (code.to_string(), RoleGrant::new(code, grant)));
    let (items, next_cursor) = page::of(
        ctx,
        page::whose(permit)?,
        request.uri().path(),
        &query,
        items,
    )
    .await?;
    answer::json(StatusCode::OK, &RoleGrants { items, next_cursor })
}

/// What the document says of such a list.
pub(super) fn describe(doc: Doc, code: &str) -> Doc {
    let example = json!({ "items": [definition::grant_example(code)], "next_cursor": null });
    doc.pages()
        .answer::<RoleGrants>(200, "A page.", example)
        .errors(&[ErrorCode::NotFound])
}

/// A grant, new or not.
pub(super) fn answer(granted: &Granted) -> Answer {
    let status = if granted.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    answer::json(status, &RoleGrant::new(&granted.code, &granted.grant))
}
