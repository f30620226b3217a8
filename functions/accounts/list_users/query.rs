use rolecall_domain::{
    Violation,
    account::{AccountStatus, Email, UserFilter, Username},
    code::Code,
};
use rolecall_http::{
    extract::{self, Fields},
    page::PageQuery,
};

/// Which users, and which page of them.
pub(super) struct Query {
    pub(super) page: PageQuery,
    pub(super) filter: UserFilter,
}

impl extract::Input for Query {
    fn read(fields: &mut Fields) -> Option<Self> {
        let text = |text: &str| match text.chars().count() {
            1..=100 => Ok(text.to_owned()),
            _ => Err(Violation::new("invalid", "1 to 100 characters.")),
        };
        let page = PageQuery::read(fields);
        let email = fields.optional("email", Email::parse);
        let username = fields.optional("username", Username::parse);
        let employee_id = fields.optional("employee_id", text);
        let name = fields.optional("name", text);
        let status = fields.optional("status", AccountStatus::parse);
        let role = fields.optional("role", Code::parse);
        let organization = fields.optional("organization", Code::parse);
        let filter = UserFilter {
            email: email?,
            username: username?,
            employee_id: employee_id?,
            name: name?,
            status: status?,
            role: role?,
            organization: organization?,
        };
        Some(Self { page: page?, filter })
    }
}
