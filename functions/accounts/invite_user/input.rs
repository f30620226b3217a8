use rolecall_domain::{
    account::{Email, Invitation, Username},
    code::Code,
};
use rolecall_http::input;

use crate::accounts::profile::NewProfile;

input! {
    /// An invitation.
    pub struct Input as Invitation {
        /// 3 to 50 letters, digits, `.`, `_` or `-`.
        username: Username,
        /// The address that gets the invitation.
        email: Email,
        /// The organization to join; the caller's own by default.
        organization: Option<Code>,
        /// The role to assign there.
        role: Option<Code>,
        .. profile: NewProfile,
    }
}

impl From<Input> for Invitation {
    fn from(Input { username, email, organization, role, profile }: Input) -> Self {
        Self { username, email, organization, role, profile: profile.into(), is_service: false }
    }
}
