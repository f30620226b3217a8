//! `POST /api/v1/auth/register`: signing up.

use rolecall_domain::{
    account::{self, Email, NewPassword, NewUser, PersonName, PhoneNumber, Registered, Username},
    ports::{FirstAnswer, Once},
};
use rolecall_http::{
    Answer, Code, Context, Request,
    extract::{self, Fields},
    idempotency,
    openapi::Doc,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::user::{self, User};

/// Who signs up.
#[derive(ToSchema)]
#[schema(as = Registration)]
pub struct Input {
    /// 3 to 50 letters, digits, `.`, `_` or `-`.
    #[schema(value_type = String, min_length = 3, max_length = 50)]
    username: Username,
    /// An email address.
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: Email,
    /// 8 to 128 characters after NFC, hard to guess.
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    password: NewPassword,
    /// First name.
    #[schema(value_type = Option<String>, max_length = 100)]
    first_name: Option<PersonName>,
    /// Last name.
    #[schema(value_type = Option<String>, max_length = 100)]
    last_name: Option<PersonName>,
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

/// That a mail is on its way, whether or not the address has an account.
#[derive(Serialize, ToSchema)]
pub struct VerificationSent {
    /// `verification_sent`.
    #[schema(pattern = "^verification_sent$")]
    status: &'static str,
}

impl VerificationSent {
    /// The one value that it has.
    #[must_use]
    pub fn now() -> Self {
        Self { status: "verification_sent" }
    }
}

/// Signs up by the mode of the settings.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let input: Input = extract::body(&request)?;
    let new = NewUser {
        username: input.username,
        email: input.email,
        password: input.password,
        first_name: input.first_name,
        last_name: input.last_name,
        phone_number: input.phone_number,
    };
    let key = idempotency::key(&ctx, &request, "register", "").await?;
    let once = key.map(|key| Once { key: key.key, fingerprint: key.fingerprint, answer: &first_answer });
    let registered = account::register(&ctx.ports, new, once, &ctx.client).await?;
    idempotency::again(first_answer(&registered))
}

fn first_answer(registered: &Registered) -> FirstAnswer {
    match registered {
        Registered::VerificationSent => idempotency::first(202, &VerificationSent::now()),
        Registered::Active(user) => idempotency::first(201, &User::from(user.as_ref())),
        Registered::Again(first) => first.clone(),
    }
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let modes = "Mode `verified` mails a link and says the same for a known and an unknown address; mode `open` makes the account \
                 at once; mode `invite` refuses.";
    Doc::new("Sign up", modes)
        .header("Idempotency-Key", "The same key and body give the first answer again, for 24 hours.")
        .input::<Input>(json!({ "username": "ada", "email": "ada@example.com", "password": "violet-anchor-mosaic-91" }))
        .answer::<VerificationSent>(
            202,
            "Mode `verified`: follow the link in the mail.",
            json!({ "status": "verification_sent" }),
        )
        .answer::<User>(201, "Mode `open`: the account, active.", user::example())
        .errors(&[Code::RegistrationClosed, Code::EmailTaken, Code::UsernameTaken, Code::IdempotencyKeyReused])
        .errors(&[Code::TooManyRequests, Code::Unavailable])
}

#[cfg(test)]
mod tests;
