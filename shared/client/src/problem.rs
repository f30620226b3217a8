use std::{fmt, time::Duration};

use serde::Deserialize;

use crate::words::words;

/// What the server refused, as it says it (RFC 9457).
#[derive(Debug, Clone, Deserialize)]
pub struct Problem {
    /// What kind of problem it is; it never changes for the same one.
    pub code: ProblemCode,
    /// The HTTP status.
    pub status: u16,
    /// The kind in words.
    #[serde(default)]
    pub title: String,
    /// This case of it.
    #[serde(default)]
    pub detail: String,
    /// The id of the request, for whoever runs the server.
    #[serde(default, rename = "instance")]
    pub request_id: String,
    /// The fields that are wrong.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// When to try again.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl Problem {
    /// What a refusal without a body of the server comes to: a firewall's, or a gateway's.
    pub(crate) fn of_status(status: http::StatusCode) -> Self {
        Self {
            code: ProblemCode::Other(format!("http_{}", status.as_u16())),
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            detail: String::new(),
            request_id: String::new(),
            errors: Vec::new(),
            retry_after: None,
        }
    }
}

/// A field that is wrong.
#[derive(Debug, Clone, Deserialize)]
pub struct FieldError {
    /// Its name.
    pub field: String,
    /// What is wrong with it.
    pub code: String,
    /// That in words.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.code)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if !self.request_id.is_empty() {
            write!(f, " (request {})", self.request_id)?;
        }
        Ok(())
    }
}

words! {
    /// The kinds of problems of the document.
    ProblemCode {
        AboveYourLevel: "above_your_level",
        AccountExists: "account_exists",
        AccountNotActive: "account_not_active",
        AlreadyMember: "already_member",
        BodyTooLarge: "body_too_large",
        BuiltIn: "built_in",
        CodeTaken: "code_taken",
        EmailTaken: "email_taken",
        EmployeeIdTaken: "employee_id_taken",
        Erased: "erased",
        Forbidden: "forbidden",
        IdempotencyKeyReused: "idempotency_key_reused",
        InUse: "in_use",
        InternalError: "internal_error",
        InvalidCredentials: "invalid_credentials",
        InvalidCursor: "invalid_cursor",
        InvalidToken: "invalid_token",
        KeyNotAllowed: "key_not_allowed",
        LastAdministrator: "last_administrator",
        LastSuperAdmin: "last_super_admin",
        LimitReached: "limit_reached",
        MalformedJson: "malformed_json",
        MethodNotAllowed: "method_not_allowed",
        NotDeleted: "not_deleted",
        NotFound: "not_found",
        NotPending: "not_pending",
        OwnLastAdminRole: "own_last_admin_role",
        PasswordChangeRequired: "password_change_required",
        RegistrationClosed: "registration_closed",
        Stale: "stale",
        SystemRole: "system_role",
        TokenExpired: "token_expired",
        TooManyRequests: "too_many_requests",
        Unauthenticated: "unauthenticated",
        Unavailable: "unavailable",
        UnsupportedMediaType: "unsupported_media_type",
        UsernameTaken: "username_taken",
        ValidationFailed: "validation_failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_read_and_a_code_of_a_later_version_is_kept() {
        let text = r#"{"type":"urn:x","title":"No","status":403,"detail":"Not you.",
            "instance":"r-1","code":"new_one","more":1}"#;
        let problem: Problem = serde_json::from_str(text).unwrap();
        assert_eq!(problem.code, ProblemCode::Other("new_one".to_owned()));
        assert_eq!(problem.to_string(), "403 new_one: Not you. (request r-1)");
        assert_eq!(ProblemCode::from("stale"), ProblemCode::Stale);
    }
}
