use rolecall_domain::{
    account::{self, AccountStatus, Email, UserFilter, Username},
    clock::Timestamp,
    code::{Code, RoleCode},
    organization::UserWithMemberships,
    permission::Authorization,
};
use rolecall_http::{
    Problem,
    fields::Text,
    input,
    page::{self, Page, PageQuery},
    texts,
};

use crate::Context;

input! {
    /// Which users, and which page of them.
    pub struct Query as UserQuery {
        /// Exactly this email address.
        email: Option<Email>,
        /// Exactly this username.
        username: Option<Known>,
        /// Exactly this employee id, in the given organization or the caller's.
        employee_id: Option<Text<1, 100>>,
        /// The beginning of the username or of a name; case does not matter.
        name: Option<Text<1, 100>>,
        /// The beginning of the username, of a name or of the email address; case does not matter.
        q: Option<Text<1, 100>>,
        /// The account status; deleted accounts are shown only when asked for.
        status: Option<AccountStatus>,
        /// A role that the user has.
        role: Option<RoleCode>,
        /// The organization that the user belongs to.
        organization: Option<Code>,
        /// Whoever has not signed in since that instant, to the day; those who never did count from
        /// when the account was made.
        inactive_since: Option<Timestamp>,
        .. page: PageQuery,
    }
}

/// The name of somebody who is there, who may have it from before a rule.
pub struct Known(Username);

texts! {
    Known: |text| Username::stored(text).map(Known), { "minLength": 3, "maxLength": 50 };
}

impl Query {
    /// The page, and who is on it.
    fn split(self) -> (PageQuery, UserFilter) {
        let Self { email, username, employee_id, name, q, status, role, .. } = self;
        let [employee_id, name, q] = [employee_id, name, q].map(|text| text.map(|Text(text)| text));
        let filter = UserFilter {
            email,
            username: username.map(|Known(username)| username),
            employee_id,
            name,
            q,
            status,
            role: role.map(Code::from),
            organization: self.organization,
            inactive_since: self.inactive_since,
        };
        (self.page, filter)
    }
}

/// A page of those that are asked for.
pub(super) async fn users(
    ctx: &Context,
    authorization: &Authorization,
    query: Query,
) -> Result<Page<UserWithMemberships>, Problem> {
    let (query, filter) = query.split();
    let list = format!("users {filter:?}");
    let after = page::at(ctx, authorization, &list, &query).await?;
    let (people, next) =
        account::users(&ctx.ports, authorization, &filter, after, query.limit()).await?;
    let next_cursor = page::next(ctx, authorization, &list, next.map(|at| at.to_string())).await?;
    Ok(Page::new(&query, people, next_cursor))
}
