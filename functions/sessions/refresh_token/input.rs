use rolecall_domain::Violation;
use rolecall_http::{Problem, Request, cookies::Cookie, fields::Change, input};

use super::Delivery;
use crate::Context;

input! {
    /// A refresh token.
    pub struct Input as RefreshToken {
        /// The refresh token of the latest pair. A page of this origin that signed in by cookie
        /// leaves it out.
        refresh: Change<String>,
    }
}

impl Input {
    /// The token of the body, or else of the cookie; none of a page that has none left. Problem:
    /// `validation_failed`.
    pub fn into_token(
        self,
        ctx: &Context,
        request: &Request,
        delivery: Delivery,
    ) -> Result<Option<String>, Problem> {
        match (self.refresh.0, delivery) {
            (Some(refresh), _) => Ok(Some(refresh)),
            (None, Delivery::Cookies) => {
                let cookie = Cookie::Refresh.read(&ctx.ports.settings.issuer, request);
                Ok(cookie.map(str::to_owned))
            }
            (None, Delivery::Body) => {
                let missing = Violation::new("required", "This field is required.");
                Err(Problem::field("refresh", missing))
            }
        }
    }
}
