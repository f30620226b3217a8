//! The only table of statuses, and RFC 9457 problems made of it.

mod code;
mod convert;

use http::{HeaderValue, StatusCode, header};
use rolecall_domain::Violation;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Response, response};

pub use code::ErrorCode;

/// A field that is not valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field, as in the request.
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
    /// The kind of problem, for people.
    pub title: String,
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened this time, for people.
    pub detail: String,
    pub instance: String,
    /// Stable, `snake_case`, for programs.
    pub code: String,
    /// One entry for each invalid field; only with `validation_failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldError>>,
    /// The account's status; only with `account_not_active`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub account_status: Option<String>,
}

/// A request that failed. `cause` is for the log and never leaves the process.
#[derive(Debug)]
pub struct Problem {
    code: ErrorCode,
    detail: String,
    errors: Vec<FieldError>,
    account_status: Option<String>,
    allow: Option<String>,
    cause: Option<String>,
    retry_after: i64,
    has_token: bool,
}

/// RFC 6750 §3.1.
const INVALID_TOKEN: &str = "Bearer error=\"invalid_token\"";

/// An answer is never much longer than the request that it refuses.
pub(crate) const MOST_ERRORS: usize = 50;
/// So many fields are named in `detail`.
const NAMED: usize = 10;

/// Seconds after which it is worth to try again.
const RETRY_AFTER: i64 = 1;

impl Problem {
    /// A problem with its one sentence.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            account_status: None,
            allow: None,
            cause: None,
            retry_after: RETRY_AFTER,
            has_token: false,
        }
    }

    /// Fields that are wrong: the first fifty of them.
    #[must_use]
    pub fn validation(mut errors: Vec<FieldError>) -> Self {
        errors.truncate(MOST_ERRORS);
        let names: Vec<&str> =
            errors.iter().take(NAMED).map(|error| error.field.as_str()).collect();
        let more = if errors.len() > NAMED { ", …" } else { "." };
        let detail = format!("See `errors` for what is wrong with: {}{more}", names.join(", "));
        Self { errors, ..Self::new(ErrorCode::ValidationFailed, detail) }
    }

    /// With the first `most` of its errors.
    pub(crate) fn at_most(self, most: usize) -> Self {
        if self.errors.is_empty() {
            return self;
        }
        Self::validation(self.errors.into_iter().take(most).collect())
    }

    /// A field that is not valid.
    #[must_use]
    pub fn field(name: &str, violation: Violation) -> Self {
        Self::validation(vec![FieldError::new(name, violation)])
    }

    /// A method that is not offered, with those that are.
    #[must_use]
    pub fn method_not_allowed(allow: &str) -> Self {
        let detail = format!("Use one of: {allow}.");
        Self { allow: Some(allow.to_owned()), ..Self::new(ErrorCode::MethodNotAllowed, detail) }
    }

    /// A bug, with what the log is to say of it.
    #[must_use]
    pub fn bug(cause: impl Into<String>) -> Self {
        let detail = "This is an error in the service. Quote the request id when you report it.";
        Self { cause: Some(cause.into()), ..Self::new(ErrorCode::InternalError, detail) }
    }

    fn unavailable(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(ErrorCode::Unavailable, "Try again in a moment.")
        }
    }

    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The fields that are wrong.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// What the log says beside the code.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The body, as it also stands in the answer to a batch.
    #[must_use]
    pub fn body(&self, request_id: &str) -> ProblemBody {
        ProblemBody {
            kind: format!("urn:problem-type:rolecall:{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: self.code.status(),
            detail: self.detail.clone(),
            instance: request_id.to_owned(),
            code: self.code.as_str().to_owned(),
            errors: (self.code == ErrorCode::ValidationFailed).then(|| self.errors.clone()),
            account_status: self.account_status.clone(),
        }
    }

    /// The answer, with every header that an answer has.
    #[must_use]
    pub fn into_response(self, request_id: &str) -> Response {
        let body = self.body(request_id);
        let mut response =
            response::encode(StatusCode::from_u16(body.status).unwrap_or_default(), &body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.code {
            ErrorCode::Unauthenticated => {
                let challenge = if self.has_token { INVALID_TOKEN } else { "Bearer" };
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
            }
            ErrorCode::TooManyRequests | ErrorCode::Unavailable => {
                headers.insert(header::RETRY_AFTER, self.retry_after.into())
            }
            _ => None,
        };
        response::finish(headers, request_id);
        if let Some(allow) = self.allow.and_then(|allow| HeaderValue::try_from(allow).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

impl Problem {
    /// The one answer to a bad, expired or revoked access token.
    pub(crate) fn invalid_access_token() -> Self {
        Self { has_token: true, ..Self::unauthenticated() }
    }

    /// The answer to a request without an access token.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            ErrorCode::Unauthenticated,
            "Send a valid access token: Authorization: Bearer <access>.",
        )
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
