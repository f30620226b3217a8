use rolecall_domain::{
    account::{Invitation, NewEmail, Username},
    code::{Code, RoleCode},
};
use rolecall_http::input;

use crate::accounts::profile::NewProfile;

input! {
    /// An invitation.
    pub struct Input as Invitation {
        /// 3 to 50 letters of one script, digits, `.`, `_` or `-`; Latin may stand beside another
        /// that does not look like it.
        username: Username,
        /// The address that gets the invitation, of ASCII alone before the `@`.
        email: NewEmail,
        /// The organization to join; the caller's own by default.
        organization: Option<Code>,
        /// The role to assign there.
        role: Option<RoleCode>,
        .. profile: NewProfile,
    }
}

impl From<Input> for Invitation {
    fn from(Input { username, email, organization, role, profile }: Input) -> Self {
        let (email, role, profile) = (email.into(), role.map(Code::from), profile.into());
        Self { username, email, organization, role, profile, is_service: false }
    }
}
