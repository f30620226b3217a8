//! The only table of statuses, and RFC 9457 problems made of it.

use http::{HeaderValue, StatusCode, header};
use rolecall_domain::{
    Violation,
    account::{ProfileError, RegisterError, VerifyError},
    ports::{KeyError, PasswordError, StoreError},
    session::{AccessTokenError, LoginError, RefreshError, Refusal},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Response, answer};

/// Every way in which a request can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The body is not JSON.
    MalformedJson,
    /// The token is not valid.
    InvalidToken,
    /// The refresh token is not valid.
    InvalidRefreshToken,
    /// Authentication is needed.
    Unauthenticated,
    /// The credentials are not valid.
    InvalidCredentials,
    /// This is not allowed.
    Forbidden,
    /// The account is not active.
    AccountNotActive,
    /// Registration is closed.
    RegistrationClosed,
    /// There is nothing here.
    NotFound,
    /// This method is not offered here.
    MethodNotAllowed,
    /// The email is taken.
    EmailTaken,
    /// The username is taken.
    UsernameTaken,
    /// It was changed meanwhile.
    Stale,
    /// The body is too large.
    BodyTooLarge,
    /// The media type is not supported.
    UnsupportedMediaType,
    /// The request has wrong values.
    ValidationFailed,
    /// The idempotency key was used before.
    IdempotencyKeyReused,
    /// Too many requests.
    TooManyRequests,
    /// Something went wrong.
    InternalError,
    /// The service is unavailable.
    Unavailable,
}

impl Code {
    /// Code in the body, status, title.
    fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::MalformedJson => ("malformed_json", 400, "The body is not JSON"),
            Self::InvalidToken => ("invalid_token", 400, "The token is not valid"),
            Self::InvalidRefreshToken => ("invalid_token", 401, "The refresh token is not valid"),
            Self::Unauthenticated => ("unauthenticated", 401, "Authentication is needed"),
            Self::InvalidCredentials => ("invalid_credentials", 401, "The credentials are not valid"),
            Self::Forbidden => ("forbidden", 403, "This is not allowed"),
            Self::AccountNotActive => ("account_not_active", 403, "The account is not active"),
            Self::RegistrationClosed => ("registration_closed", 403, "Registration is closed"),
            Self::NotFound => ("not_found", 404, "There is nothing here"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "This method is not offered here"),
            Self::EmailTaken => ("email_taken", 409, "The email is taken"),
            Self::UsernameTaken => ("username_taken", 409, "The username is taken"),
            Self::Stale => ("stale", 412, "It was changed meanwhile"),
            Self::BodyTooLarge => ("body_too_large", 413, "The body is too large"),
            Self::UnsupportedMediaType => ("unsupported_media_type", 415, "The media type is not supported"),
            Self::ValidationFailed => ("validation_failed", 422, "The request has wrong values"),
            Self::IdempotencyKeyReused => ("idempotency_key_reused", 422, "The idempotency key was used before"),
            Self::TooManyRequests => ("too_many_requests", 429, "Too many requests"),
            Self::InternalError => ("internal_error", 500, "Something went wrong"),
            Self::Unavailable => ("unavailable", 503, "The service is unavailable"),
        }
    }

    /// The code in the problem's body; two of them share `invalid_token`, as the contract gives it two statuses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The status.
    #[must_use]
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// The title.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().2
    }
}

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Which field, as it is written in the request.
    pub field: String,
    /// Stable, `snake_case`.
    pub code: String,
    /// One sentence.
    pub message: String,
}

impl FieldError {
    /// What is wrong with a field.
    pub fn new(field: impl Into<String>, violation: Violation) -> Self {
        Self { field: field.into(), code: violation.code.to_owned(), message: violation.message }
    }
}

/// The body of a problem (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemBody {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:problem-type:rolecall:validation_failed")]
    pub kind: String,
    /// The kind, for people.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// This occurrence, for people.
    pub detail: String,
    /// The request id.
    pub instance: String,
    /// Stable, `snake_case`, for programs.
    pub code: String,
    /// One entry a wrong field; with `validation_failed` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldError>>,
    /// Where the account stands; with `account_not_active` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub account_status: Option<String>,
}

/// A request that failed. `cause` is for the log and never leaves the process.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<FieldError>,
    account_status: Option<String>,
    allow: Option<String>,
    cause: Option<String>,
}

/// Seconds after which it is worth to try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

impl Problem {
    /// A problem with its one sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), account_status: None, allow: None, cause: None }
    }

    /// Fields that are wrong.
    #[must_use]
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let names: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        let detail = format!("See `errors` for what is wrong with: {}.", names.join(", "));
        Self { errors, ..Self::new(Code::ValidationFailed, detail) }
    }

    /// One field that is wrong.
    #[must_use]
    pub fn field(name: &str, violation: Violation) -> Self {
        Self::validation(vec![FieldError::new(name, violation)])
    }

    /// A method that is not offered, with those that are.
    #[must_use]
    pub fn method_not_allowed(allow: &str) -> Self {
        let detail = format!("Use one of: {allow}.");
        Self { allow: Some(allow.to_owned()), ..Self::new(Code::MethodNotAllowed, detail) }
    }

    /// A bug, with what the log is to say of it.
    #[must_use]
    pub fn bug(cause: impl Into<String>) -> Self {
        let detail = "This is a fault of the service. Quote the request id when you report it.";
        Self { cause: Some(cause.into()), ..Self::new(Code::InternalError, detail) }
    }

    fn unavailable(cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(Code::Unavailable, "Try again in a moment.") }
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// What the log says beside the code.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer, with every header that an answer has.
    #[must_use]
    pub fn into_response(self, request_id: &str) -> Response {
        let body = ProblemBody {
            kind: format!("urn:problem-type:rolecall:{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: self.code.status(),
            detail: self.detail,
            instance: request_id.to_owned(),
            code: self.code.as_str().to_owned(),
            errors: (self.code == Code::ValidationFailed).then_some(self.errors),
            account_status: self.account_status,
        };
        let mut response = answer::encode(StatusCode::from_u16(body.status).unwrap_or_default(), &body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.code {
            Code::Unauthenticated => headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Code::TooManyRequests | Code::Unavailable => headers.insert(header::RETRY_AFTER, RETRY_AFTER),
            _ => None,
        };
        answer::finish(headers, request_id);
        if let Some(allow) = self.allow.and_then(|allow| HeaderValue::try_from(allow).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(source) => Self::unavailable(source.to_string()),
            StoreError::Broken(what) => Self::bug(what),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        Self::unavailable(error.to_string())
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Overloaded => {
                Self::new(Code::TooManyRequests, "Too many passwords are being checked. Try again in a moment.")
            }
            PasswordError::Failed(what) => Self::bug(what),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Closed => Self::new(Code::RegistrationClosed, "Accounts are made by invitation."),
            RegisterError::EmailTaken => Self::new(Code::EmailTaken, "An account with this email exists."),
            RegisterError::UsernameTaken => Self::new(Code::UsernameTaken, "Choose another username."),
            RegisterError::Password(violation) => Self::field("password", violation),
            RegisterError::KeyReused => Self::new(Code::IdempotencyKeyReused, "Send a new Idempotency-Key with another request."),
            RegisterError::AdminExists => Self::bug("a registration asked for a first super admin"),
            RegisterError::Hashing(error) => error.into(),
            RegisterError::Key(error) => error.into(),
            RegisterError::Store(error) => error.into(),
        }
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::InvalidToken => {
                Self::new(Code::InvalidToken, "The link was used, is over, or was never sent. Sign up again.")
            }
            VerifyError::Store(error) => error.into(),
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::InvalidCredentials => Self::new(Code::InvalidCredentials, "Email and password do not belong together."),
            LoginError::NotActive(status) => {
                let detail = format!("The account is {status}.");
                Self { account_status: Some(status.to_string()), ..Self::new(Code::AccountNotActive, detail) }
            }
            LoginError::NotAMember => Self::new(Code::Forbidden, "You are not a member of this organization."),
            LoginError::Hashing(error) => error.into(),
            LoginError::Key(error) => error.into(),
            LoginError::Store(error) => error.into(),
        }
    }
}

impl From<RefreshError> for Problem {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::InvalidToken => Self::new(Code::InvalidRefreshToken, "Sign in again."),
            RefreshError::Key(error) => error.into(),
            RefreshError::Store(error) => error.into(),
        }
    }
}

impl From<ProfileError> for Problem {
    fn from(error: ProfileError) -> Self {
        match error {
            ProfileError::Stale => Self::new(Code::Stale, "Read it again, then send the change with the new ETag."),
            ProfileError::Store(error) => error.into(),
        }
    }
}

impl From<AccessTokenError> for Problem {
    fn from(error: AccessTokenError) -> Self {
        match error {
            AccessTokenError::Invalid => Self::unauthenticated(),
            AccessTokenError::Unavailable(error) => error.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(_: Refusal) -> Self {
        Self::unauthenticated()
    }
}

impl Problem {
    /// The one answer to a missing, bad, expired or revoked access token.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated, "Send a valid access token: Authorization: Bearer <access>.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_never_leaves() {
        let response = Problem::bug("table rolecall-prod is gone").into_response("r-1");
        assert!(!String::from_utf8_lossy(response.body()).contains("rolecall-prod"));
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    }
}
