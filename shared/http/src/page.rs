//! Lists in pages: `?limit=` and `?cursor=`. A cursor is sealed, and opens for its caller and its
//! query alone: where a page ended may be something that the caller may not see.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_domain::{
    Crypto, Store, ids::Id, permission::Authorization, ports::Sealing, session::Caller,
};

use crate::{
    Context,
    fields::Whole,
    input,
    problem::{ErrorCode, Problem},
};

const DEFAULT: usize = 50;

input! {
    /// What a caller asks for of a list.
    pub struct PageQuery as PageQuery {
        /// The page size, 1 to 200; 50 by default.
        limit: Option<Whole<1, 200>>,
        /// `next_cursor` of the page before.
        cursor: Option<String>,
    }
}

impl PageQuery {
    /// How many at most.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit.and_then(|Whole(limit)| usize::try_from(limit).ok()).unwrap_or(DEFAULT)
    }

    /// The position of the cursor. `list` names the list and its filters. Problem:
    /// `invalid_cursor`.
    pub async fn position(
        &self,
        ctx: &Context<impl Store, impl Crypto>,
        caller: &Caller,
        list: &str,
    ) -> Result<Option<String>, Problem> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let sealed = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid_cursor())?;
        let bound_to = bound_to(caller, list);
        let position = ctx.ports.crypto.open(Sealing::Cursor, &bound_to, &sealed).await?;
        let position = position.and_then(|position| String::from_utf8(position).ok());
        position.map(Some).ok_or_else(invalid_cursor)
    }
}

/// A page of a list.
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next one.
    pub next_cursor: Option<String>,
    /// Whether nothing is before it.
    pub is_first: bool,
}

impl<T> Page<T> {
    /// The page that `query` asked for.
    #[must_use]
    pub fn new(query: &PageQuery, items: Vec<T>, next_cursor: Option<String>) -> Self {
        Self { items, next_cursor, is_first: query.cursor.is_none() }
    }
}

/// What a cursor is that is not the caller's, or not of this list.
#[must_use]
pub fn invalid_cursor() -> Problem {
    Problem::new(ErrorCode::InvalidCursor, "Start again without a cursor.")
}

/// A page of a list that is there as a whole, sorted by keys that are unique; and the cursor of the
/// next page.
pub async fn of<T>(
    ctx: &Context<impl Store, impl Crypto>,
    caller: &Caller,
    list: &str,
    query: &PageQuery,
    items: impl Iterator<Item = (String, T)>,
) -> Result<(Vec<T>, Option<String>), Problem> {
    let position = query.position(ctx, caller, list).await?;
    let mut behind =
        items.filter(|(key, _)| position.as_ref().is_none_or(|position| key > position));
    let page: Vec<(String, T)> = behind.by_ref().take(query.limit()).collect();
    let last = page.last().map(|(key, _)| key.clone()).filter(|_| behind.next().is_some());
    let next_cursor = cursor(ctx, caller, list, last).await?;
    Ok((page.into_iter().map(|(_, item)| item).collect(), next_cursor))
}

/// Where an authorized caller's cursor points to.
pub async fn position(
    ctx: &Context<impl Store, impl Crypto>,
    authorization: &Authorization,
    list: &str,
    query: &PageQuery,
) -> Result<Option<String>, Problem> {
    query.position(ctx, whose(authorization)?, list).await
}

/// The thing with an id behind which an authorized caller's page begins.
pub async fn behind<Kind>(
    ctx: &Context<impl Store, impl Crypto>,
    authorization: &Authorization,
    list: &str,
    query: &PageQuery,
) -> Result<Option<Id<Kind>>, Problem> {
    at(ctx, authorization, list, query).await
}

/// Where an authorized caller's cursor points to, read.
pub async fn at<T: FromStr>(
    ctx: &Context<impl Store, impl Crypto>,
    authorization: &Authorization,
    list: &str,
    query: &PageQuery,
) -> Result<Option<T>, Problem> {
    let position = position(ctx, authorization, list, query).await?;
    position.map(|text| text.parse().map_err(|_| invalid_cursor())).transpose()
}

/// An authorized caller's cursor of a position.
pub async fn next(
    ctx: &Context<impl Store, impl Crypto>,
    authorization: &Authorization,
    list: &str,
    position: Option<String>,
) -> Result<Option<String>, Problem> {
    cursor(ctx, whose(authorization)?, list, position).await
}

/// Whose pages an authorization turns: an operator calls no list.
pub fn whose(authorization: &Authorization) -> Result<&Caller, Problem> {
    authorization.caller().ok_or_else(|| Problem::bug("an operator asked for a page"))
}

/// What a cursor is bound to: the caller in the organization that they act in, whose code holds no
/// NUL, and the list.
fn bound_to(caller: &Caller, list: &str) -> Vec<u8> {
    let organization = caller.organization().unwrap_or_default();
    let parts: [&[u8]; 4] =
        [caller.user().id.as_bytes(), organization.as_bytes(), b"\0", list.as_bytes()];
    parts.concat()
}

/// The cursor of a position.
pub async fn cursor(
    ctx: &Context<impl Store, impl Crypto>,
    caller: &Caller,
    list: &str,
    position: Option<String>,
) -> Result<Option<String>, Problem> {
    let Some(position) = position else {
        return Ok(None);
    };
    let bound_to = bound_to(caller, list);
    let sealed = ctx.ports.crypto.seal(Sealing::Cursor, &bound_to, position.as_bytes()).await?;
    Ok(Some(URL_SAFE_NO_PAD.encode(sealed)))
}
