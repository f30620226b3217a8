use rolecall_domain::account::{NewEmail, NewPassword, NewUser, Username};
use rolecall_http::input;

use crate::accounts::profile::NewProfile;

input! {
    /// A sign-up.
    pub struct Input as Registration {
        /// 3 to 50 letters of one script, digits, `.`, `_` or `-`; Latin may stand beside another
        /// that does not look like it. Some are reserved.
        username: Username,
        /// An email address, of ASCII alone before the `@`.
        email: NewEmail,
        /// 8 to 128 characters after NFC; common passwords, runs, repetitions and what is
        /// made of the other fields are refused.
        password: NewPassword,
        .. profile: NewProfile,
    }
}

impl From<Input> for NewUser {
    fn from(Input { username, email, password, profile }: Input) -> Self {
        Self { username, email: email.into(), password, profile: profile.into() }
    }
}
