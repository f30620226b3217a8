use rolecall_domain::{
    Violation,
    account::{AccountStatus, Email, UserFilter, Username},
    code::Code,
};
use rolecall_http::{input, page::PageQuery, texts};

input! {
    /// Which users, and which page of them.
    pub(super) struct Query as UserQuery {
        /// Exactly this email address.
        email: Option<Email>,
        /// Exactly this username.
        username: Option<Username>,
        /// Exactly this employee id, in the given organization or the caller's.
        employee_id: Option<Text>,
        /// The beginning of the username or of a name; case does not matter.
        name: Option<Text>,
        /// The account status; deleted accounts are shown only when asked for.
        status: Option<AccountStatus>,
        /// A role that the user has.
        role: Option<Code>,
        /// The organization that the user belongs to.
        organization: Option<Code>,
        .. page: PageQuery,
    }
}

/// What somebody looks for, 1 to 100 characters.
pub(super) struct Text(String);

texts! {
    Text: |text| match text.chars().count() {
        1..=100 => Ok(Text(text.to_owned())),
        _ => Err(Violation::new("invalid", "1 to 100 characters.")),
    }, { "minLength": 1, "maxLength": 100 };
}

impl Query {
    /// The page, and who is on it.
    pub(super) fn split(self) -> (PageQuery, UserFilter) {
        let Self { email, username, employee_id, name, status, role, organization, page } = self;
        let [employee_id, name] = [employee_id, name].map(|text| text.map(|Text(text)| text));
        (page, UserFilter { email, username, employee_id, name, status, role, organization })
    }
}
