use rolecall_domain::{
    account::{Email, Invitation, PersonName, PhoneNumber, Username},
    code::Code,
};
use rolecall_http::extract::{self, Fields};
use utoipa::ToSchema;

/// Who is invited.
#[derive(ToSchema)]
#[schema(as = Invitation)]
pub struct Input {
    /// 3 to 50 letters, digits, `.`, `_` or `-`.
    #[schema(value_type = String, min_length = 3, max_length = 50)]
    username: Username,
    /// Where the invitation goes.
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: Email,
    /// First name.
    #[schema(value_type = Option<String>, max_length = 100)]
    first_name: Option<PersonName>,
    /// Last name.
    #[schema(value_type = Option<String>, max_length = 100)]
    last_name: Option<PersonName>,
    /// E.164.
    #[schema(value_type = Option<String>, max_length = 40)]
    phone_number: Option<PhoneNumber>,
    /// Where they are to belong; the caller's own organization when it is missing.
    #[schema(value_type = Option<String>, max_length = 64)]
    organization: Option<Code>,
    /// The role that they are to have there.
    #[schema(value_type = Option<String>, max_length = 64)]
    role: Option<Code>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let username = fields.required("username", Username::parse);
        let email = fields.required("email", Email::parse);
        let first_name = fields.optional("first_name", PersonName::parse);
        let last_name = fields.optional("last_name", PersonName::parse);
        let phone_number = fields.optional("phone_number", PhoneNumber::parse);
        let organization = fields.optional("organization", Code::parse);
        let role = fields.optional("role", Code::parse);
        Some(Self {
            username: username?,
            email: email?,
            first_name: first_name?,
            last_name: last_name?,
            phone_number: phone_number?,
            organization: organization?,
            role: role?,
        })
    }
}

impl From<Input> for Invitation {
    fn from(input: Input) -> Self {
        Self {
            username: input.username,
            email: input.email,
            first_name: input.first_name,
            last_name: input.last_name,
            phone_number: input.phone_number,
            organization: input.organization,
            role: input.role,
            is_service: false,
        }
    }
}
