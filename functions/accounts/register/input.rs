use rolecall_domain::account::{Email, NewPassword, NewUser, PersonName, PhoneNumber, Username};
use rolecall_http::extract::{self, Fields};
use utoipa::ToSchema;

/// Who signs up.
#[derive(ToSchema)]
#[schema(as = Registration)]
pub struct Input {
    /// 3 to 50 letters, digits, `.`, `_` or `-`.
    #[schema(value_type = String, min_length = 3, max_length = 50)]
    username: Username,
    /// An email address.
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub(super) email: Email,
    /// 8 to 128 characters after NFC, hard to guess.
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    password: NewPassword,
    /// First name.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub(super) first_name: Option<PersonName>,
    /// Last name.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub(super) last_name: Option<PersonName>,
    /// E.164.
    #[schema(value_type = Option<String>, max_length = 40)]
    phone_number: Option<PhoneNumber>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let username = fields.required("username", Username::parse);
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", NewPassword::parse);
        let first_name = fields.optional("first_name", PersonName::parse);
        let last_name = fields.optional("last_name", PersonName::parse);
        let phone_number = fields.optional("phone_number", PhoneNumber::parse);
        Some(Self {
            username: username?,
            email: email?,
            password: password?,
            first_name: first_name?,
            last_name: last_name?,
            phone_number: phone_number?,
        })
    }
}

impl From<Input> for NewUser {
    fn from(input: Input) -> Self {
        Self {
            username: input.username,
            email: input.email,
            password: input.password,
            first_name: input.first_name,
            last_name: input.last_name,
            phone_number: input.phone_number,
        }
    }
}
