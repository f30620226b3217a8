use rolecall_domain::{
    Violation,
    account::{NewPassword, PlainPassword, Proof, Username},
};
use rolecall_http::{Problem, fields::Text, input};

input! {
    /// A link of a verification mail, and what tells whose sign-up it is.
    pub struct Input as Verification {
        /// The `token` of the mailed link.
        token: String,
        /// What registering returned to the same browser.
        verifier: Option<Text<1, 1024>>,
        /// The password of the sign-up.
        password: Option<PlainPassword>,
        /// Another username than that of the sign-up.
        username: Option<Username>,
        /// Signs up afresh, with `username`: 8 to 128 characters after NFC.
        new_password: Option<NewPassword>,
    }
}

impl Input {
    /// The token, what came with it, and another username. Problems: `required`, `not_together`.
    pub fn into_parts(self) -> Result<(String, Proof, Option<Username>), Problem> {
        let Self { token, verifier, password, username, new_password } = self;
        let proof = match (verifier, password, new_password, username) {
            (None, None, Some(new_password), Some(username)) => {
                return Ok((token, Proof::Afresh(username, new_password), None));
            }
            (None, None, Some(_), None) => {
                let missing = Violation::new("required", "A new sign-up needs a username.");
                return Err(Problem::field("username", missing));
            }
            (_, _, Some(_), _) => {
                let message = "Send a new password, or what proves a sign-up that waits.";
                let violation = Violation::new("not_together", message);
                return Err(Problem::field("new_password", violation));
            }
            (Some(verifier), _, None, username) => {
                (Proof::Verifier(verifier.as_str().to_owned()), username)
            }
            (None, Some(password), None, username) => (Proof::Password(password), username),
            (None, None, None, username) => (Proof::None, username),
        };
        Ok((token, proof.0, proof.1))
    }
}
