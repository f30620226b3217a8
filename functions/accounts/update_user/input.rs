use rolecall_domain::{Violation, account::AccountStatus};
use rolecall_http::extract::{self, Fields};
use utoipa::ToSchema;

use crate::accounts::update_me;

/// What changes of somebody's account: their profile, and where it stands.
#[derive(ToSchema)]
#[schema(as = UserPatch)]
pub struct Input {
    #[schema(ignore)]
    pub(super) profile: update_me::Input,
    /// `active`, `inactive` or `suspended`.
    #[schema(value_type = Option<String>)]
    pub(super) status: Option<AccountStatus>,
}

fn status(text: &str) -> Result<AccountStatus, Violation> {
    AccountStatus::from_name(text)
        .filter(|status| !matches!(status, AccountStatus::Pending | AccountStatus::Deleted))
        .ok_or_else(|| Violation::new("unknown_status", "One of: active, inactive, suspended."))
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let profile = update_me::Input::read(fields);
        let status = fields.change("status", status);
        Some(Self { profile: profile?, status: status? })
    }
}
