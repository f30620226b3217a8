use rolecall_domain::{
    code::{Code, RoleCode},
    organization::{self, MemberFilter, MembershipStatus},
    permission::Authorization,
};
use rolecall_http::{
    Problem,
    fields::Text,
    input,
    page::{self, Page, PageQuery},
};

use super::member::Member;
use crate::Context;

input! {
    /// Which members, and which page of them.
    pub struct Query as MemberQuery {
        /// The beginning of a name, of the username or of the email address; case does not matter.
        q: Option<Text<1, 100>>,
        /// The status of the membership.
        status: Option<MembershipStatus>,
        /// Exactly this department; case does not matter.
        department: Option<Text<1, 100>>,
        /// A role that the member has.
        role: Option<RoleCode>,
        .. page: PageQuery,
    }
}

/// A page of those that are asked for.
pub(super) async fn members(
    ctx: &Context,
    authorization: &Authorization,
    query: Query,
) -> Result<Page<Member>, Problem> {
    let Query { q, status, department, role, page: query } = query;
    let [q, department] = [q, department].map(|text| text.map(|Text(text)| text));
    let filter = MemberFilter { q, status, department, role: role.map(Code::from) };
    let code = ctx.path("code")?;
    let list = format!("members {code} {filter:?}");
    let after = page::at(ctx, authorization, &list, &query).await?;
    let (found, next) =
        organization::members(&ctx.ports, authorization, code, &filter, after, query.limit())
            .await?;
    let next_cursor = page::next(ctx, authorization, &list, next.map(|at| at.to_string())).await?;
    Ok(Page::new(&query, found.iter().map(Member::from).collect(), next_cursor))
}
