use rolecall_domain::{
    Violation,
    account::{AccountStatus, Bio, PersonName, PhoneNumber},
};
use rolecall_http::extract::{self, Fields};
use utoipa::ToSchema;

/// What changes: a missing field stays, `null` clears it.
#[derive(ToSchema)]
#[schema(as = UserPatch)]
pub struct Input {
    /// First name.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub(super) first_name: Option<Option<PersonName>>,
    /// Last name.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub(super) last_name: Option<Option<PersonName>>,
    /// E.164.
    #[schema(value_type = Option<String>, max_length = 40)]
    pub(super) phone_number: Option<Option<PhoneNumber>>,
    /// About.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub(super) bio: Option<Option<Bio>>,
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
        let first_name = fields.patch("first_name", PersonName::parse);
        let last_name = fields.patch("last_name", PersonName::parse);
        let phone_number = fields.patch("phone_number", PhoneNumber::parse);
        let bio = fields.patch("bio", Bio::parse);
        let status = fields.change("status", status);
        Some(Self { first_name: first_name?, last_name: last_name?, phone_number: phone_number?, bio: bio?, status: status? })
    }
}
