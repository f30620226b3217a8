use rolecall_domain::account::{Email, NewPassword, NewUser, Username};
use rolecall_http::input;

use crate::accounts::profile::NewProfile;

input! {
    /// A sign-up.
    pub struct Input as Registration {
        /// 3 to 50 letters, digits, `.`, `_` or `-`.
        username: Username,
        /// An email address.
        email: Email,
        /// 8 to 128 characters after NFC; passwords that are easily guessed are refused.
        password: NewPassword,
        .. profile: NewProfile,
    }
}

impl From<Input> for NewUser {
    fn from(Input { username, email, password, profile }: Input) -> Self {
        Self { username, email, password, profile: profile.into() }
    }
}
