use rolecall_domain::{
    account::{Email, Invitation, Username},
    code::Code,
};
use rolecall_http::input;

use crate::accounts::profile::NewProfile;

input! {
    /// Who is invited.
    pub struct Input as Invitation {
        /// 3 to 50 letters, digits, `.`, `_` or `-`.
        username: Username,
        /// Where the invitation goes.
        email: Email,
        /// Where they are to belong; the caller's own organization when it is missing.
        organization: Option<Code>,
        /// The role that they are to have there.
        role: Option<Code>,
        .. profile: NewProfile,
    }
}

impl From<Input> for Invitation {
    fn from(Input { username, email, organization, role, profile }: Input) -> Self {
        Self { username, email, organization, role, profile: profile.into(), is_service: false }
    }
}
