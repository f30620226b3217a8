//! `POST /api/v1/auth/accept-invitation`: joining an organization without an account.

use rolecall_domain::{
    account::{NewPassword, PersonName, Username},
    invitation::{self, NewMember},
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, input, openapi::Doc};
use serde_json::json;

use crate::{
    Context,
    sessions::{Delivery, Pair, pair_example},
};

input! {
    /// The token of the mailed link, and who its reader wants to be.
    pub struct Input as InvitationAcceptance {
        /// The `token` of the mailed link.
        token: String,
        /// 3 to 50 letters of one script, digits, `.`, `_` or `-`.
        username: Username,
        /// 8 to 128 characters after NFC; passwords that are easily guessed are refused.
        password: NewPassword,
        first_name: Option<PersonName>,
        last_name: Option<PersonName>,
    }
}

/// Makes the account and signs it in.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let delivery = Delivery::of(&request)?;
    let Input { token, username, password, first_name, last_name } = extract::body(&request)?;
    let new = NewMember { username: &username, password: &password, first_name, last_name };
    let granted = invitation::accept_by_link(&ctx.ports, &token, &new, &ctx.client).await?;
    delivery.response(&ctx, granted)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The link proves the address. Whoever has an account signs in and accepts with \
        `POST /me/invitations/{id}/accept`.";
    Doc::new("Accept an invitation", rules)
        .input::<Input>(json!({
            "token": "AZnB0nqQezKfVAwdLj9KW4m8v0mC4kqK1m4e8n0y8l1c6nD8cQ",
            "username": "grace",
            "password": "copper-meadow-lantern-58",
        }))
        .response::<Pair>(200, "A pair of tokens, in the organization.", pair_example())
        .errors(&[
            ErrorCode::InvalidToken,
            ErrorCode::Unauthenticated,
            ErrorCode::AccountExists,
            ErrorCode::UsernameTaken,
            ErrorCode::TooManyRequests,
            ErrorCode::Unavailable,
        ])
}
