use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{
    Problem,
    page::{self, Page, PageQuery},
};

use super::member::Member;
use crate::Context;

/// A page of members.
pub(super) async fn members(
    ctx: &Context,
    authorization: &Authorization,
    query: &PageQuery,
) -> Result<Page<Member>, Problem> {
    let code = ctx.path("code")?;
    let list = format!("members {code}");
    let after = page::behind(ctx, authorization, &list, query).await?;
    let mut found =
        organization::members(&ctx.ports, authorization, code, after, query.limit() + 1).await?;
    let is_cut = found.len() > query.limit();
    found.truncate(query.limit());
    let position = found.last().filter(|_| is_cut).map(|last| last.member.user_id.to_string());
    let next_cursor = page::next(ctx, authorization, &list, position).await?;
    Ok(Page::new(query, found.iter().map(Member::from).collect(), next_cursor))
}
