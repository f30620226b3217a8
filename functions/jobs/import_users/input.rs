use rolecall_domain::{
    Violation,
    account::{AccountStatus, Email, ImportedUser, Username},
    clock::Timestamp,
    code::{Code, RoleCode},
    words::Line,
};
use rolecall_http::{fields::List, input, texts};

use crate::accounts::NewProfile;

input! {
    /// Somebody who comes from another system.
    pub struct One as ImportedUser {
        username: Username,
        email: Email,
        password_hash: Option<String>,
        must_change_password: Option<bool>,
        /// `active`, `inactive` or `suspended`.
        status: Option<Status>,
        email_verified: Option<bool>,
        external_id: Option<Line<200>>,
        organization: Option<Code>,
        roles: Option<List<RoleCode, 0, 80>>,
        created_at: Option<Timestamp>,
        .. profile: NewProfile,
    }
}

/// Where an account may stand that comes from another system.
const STATUSES: [AccountStatus; 3] =
    [AccountStatus::Active, AccountStatus::Inactive, AccountStatus::Suspended];

/// One of them.
pub struct Status(AccountStatus);

texts! {
    Status: status, { "enum": STATUSES.map(AccountStatus::as_str) };
}

fn status(text: &str) -> Result<Status, Violation> {
    let status = STATUSES.into_iter().find(|status| status.as_str() == text);
    status
        .map(Status)
        .ok_or_else(|| Violation::new("unknown_status", "One of: active, inactive, suspended."))
}

impl From<One> for ImportedUser {
    fn from(one: One) -> Self {
        Self {
            username: one.username,
            email: one.email,
            password_hash: one.password_hash,
            profile: one.profile.into(),
            must_change_password: one.must_change_password.unwrap_or_default(),
            status: one.status.map_or(AccountStatus::Active, |Status(status)| status),
            email_verified: one.email_verified.unwrap_or(true),
            external_id: one.external_id,
            organization: one.organization,
            roles: one
                .roles
                .map_or_else(Vec::new, |List(roles)| roles.into_iter().map(Code::from).collect()),
            created_at: one.created_at,
        }
    }
}
