//! One shape for whatever is kept under a code: modules, permissions, roles and organizations.

use http::StatusCode;
use rolecall_domain::{
    Versioned, administration::Administrator, code::Code, permission::Authorization,
    resource::Resource,
};
use rolecall_http::{
    Problem, Request, Response, extract,
    fields::Body,
    idempotency,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::Context;

/// A [`Resource`] in JSON.
pub trait InJson: Resource {
    /// What a client sees.
    type View: Serialize + ToSchema + for<'a> From<&'a Versioned<Self>>;
    /// What makes one.
    type New: Body + Into<(Code, Self)> + Send;
    /// What changes one.
    type Change: Body + Into<Self::Patch> + Send;
    /// What their list is called: a cursor is good for one list.
    const LIST: &'static str;

    /// One for the OpenAPI document.
    fn example() -> Value;
}

/// Who sent a request, as use cases take them.
pub fn administrator<'a>(
    ctx: &'a Context,
    authorization: &'a Authorization,
    request: &Request,
) -> Administrator<'a> {
    Administrator { authorization, client: &ctx.client, if_match: extract::if_match(request) }
}

/// Makes one under a code that is free.
pub async fn create<R: InJson>(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let new: R::New = extract::body(&request)?;
    let first = |made: &Versioned<R>| idempotency::first(201, &R::View::from(made));
    let idempotency = idempotency::idempotency(&ctx, &request, authorization.user_id(), &first)?;
    let by = administrator(&ctx, &authorization, &request);
    let made = R::create(&ctx.ports, by, new.into(), idempotency.as_ref()).await?;
    // Made now or by the same request before: either way it was new then.
    response::with_etag(idempotency::created(made, first), 1)
}

/// Returns one with its `ETag`.
pub async fn get<R: InJson>(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    shown(&R::get(&ctx.ports, &authorization, ctx.path("code")?).await?)
}

/// A page of them, and the cursor of the next one; `list` is their [`InJson::LIST`] with its
/// filters.
pub async fn list<R: InJson>(
    ctx: &Context,
    authorization: &Authorization,
    list: &str,
    query: &PageQuery,
) -> Result<(Vec<R::View>, Option<String>), Problem> {
    let after = page::position(ctx, authorization, list, query).await?;
    let mut found = R::list(&ctx.ports, authorization, after.as_deref(), query.limit() + 1).await?;
    let is_cut = found.len() > query.limit();
    found.truncate(query.limit());
    let last = found.last().filter(|_| is_cut).map(R::position);
    let next_cursor = page::next(ctx, authorization, list, last).await?;
    Ok((found.iter().map(R::View::from).collect(), next_cursor))
}

/// Changes one and returns it as it is now.
pub async fn update<R: InJson>(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let change: R::Change = extract::body(&request)?;
    let by = administrator(&ctx, &authorization, &request);
    shown(&R::update(&ctx.ports, by, ctx.path("code")?, &change.into()).await?)
}

/// Deletes one that nothing depends on.
pub async fn delete<R: InJson>(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let by = administrator(&ctx, &authorization, &request);
    R::delete(&ctx.ports, by, ctx.path("code")?).await?;
    response::no_content()
}

fn shown<R: InJson>(one: &Versioned<R>) -> Result<Response, Problem> {
    response::with_etag(response::json(StatusCode::OK, &R::View::from(one)), one.version)
}

/// What the document says of [`create`].
#[must_use]
pub fn describe_create<R: InJson>(doc: Doc, example: Value) -> Doc {
    doc.idempotent()
        .input::<R::New>(example)
        .response::<R::View>(201, "It is made.", R::example())
        .etag()
}

/// What the document says of [`get`].
#[must_use]
pub fn describe_get<R: InJson>(doc: Doc) -> Doc {
    doc.response::<R::View>(200, "As it is now.", R::example()).etag()
}

/// What the document says of [`update`].
#[must_use]
pub fn describe_update<R: InJson>(doc: Doc, example: Value) -> Doc {
    doc.if_match()
        .input::<R::Change>(example)
        .response::<R::View>(200, "As it is now.", R::example())
        .etag()
}

/// What the document says of [`delete`].
#[must_use]
pub fn describe_delete(doc: Doc) -> Doc {
    doc.if_match().empty(204, "It is deleted.")
}
