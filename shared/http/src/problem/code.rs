/// Every way in which a request can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorCode {
    /// The body is not JSON.
    MalformedJson,
    /// The cursor is not valid.
    InvalidCursor,
    /// The token is not valid.
    InvalidToken,
    /// The token is over.
    TokenExpired,
    /// The refresh token is not valid.
    InvalidRefreshToken,
    Unauthenticated,
    /// The credentials are not valid.
    InvalidCredentials,
    /// This is not allowed.
    Forbidden,
    /// The password has to be changed first.
    PasswordChangeRequired,
    /// Nothing that an API key may do.
    KeyNotAllowed,
    AccountNotActive,
    RegistrationClosed,
    /// There is nothing here.
    NotFound,
    /// This method is not offered here.
    MethodNotAllowed,
    EmailTaken,
    UsernameTaken,
    /// It is above the caller's level.
    AboveYourLevel,
    /// No super admin would be left.
    LastSuperAdmin,
    /// An organization would have no administrator any more.
    LastAdministrator,
    /// The caller could administer nothing any more.
    OwnLastAdminRole,
    CodeTaken,
    EmployeeIdTaken,
    /// Something depends on it.
    InUse,
    SystemRole,
    BuiltIn,
    /// There are as many as there may be.
    LimitReached,
    /// The account is not pending.
    AlreadyMember,
    AccountExists,
    NotPending,
    /// The account is not deleted.
    NotDeleted,
    /// The account is erased.
    Erased,
    /// It was changed meanwhile.
    Stale,
    BodyTooLarge,
    /// The media type is not supported.
    UnsupportedMediaType,
    /// The request has wrong values.
    ValidationFailed,
    /// The idempotency key was used before.
    IdempotencyKeyReused,
    TooManyRequests,
    InternalError,
    /// The service is unavailable.
    Unavailable,
}

impl ErrorCode {
    /// `ErrorCode` in the body, status, title.
    fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::MalformedJson => ("malformed_json", 400, "The body is not JSON"),
            Self::InvalidCursor => ("invalid_cursor", 400, "The cursor is not valid"),
            Self::InvalidToken => ("invalid_token", 400, "The token is not valid"),
            Self::TokenExpired => ("token_expired", 400, "The token is over"),
            Self::InvalidRefreshToken => ("invalid_token", 401, "The refresh token is not valid"),
            Self::Unauthenticated => ("unauthenticated", 401, "Authentication is required"),
            Self::InvalidCredentials => {
                ("invalid_credentials", 401, "The credentials are not valid")
            }
            Self::Forbidden => ("forbidden", 403, "This is not allowed"),
            Self::PasswordChangeRequired => {
                ("password_change_required", 403, "The password must be changed first")
            }
            Self::KeyNotAllowed => ("key_not_allowed", 403, "API keys are not allowed here"),
            Self::AccountNotActive => ("account_not_active", 403, "The account is not active"),
            Self::RegistrationClosed => ("registration_closed", 403, "Registration is closed"),
            Self::NotFound => ("not_found", 404, "Not found"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "Method not allowed"),
            Self::EmailTaken => ("email_taken", 409, "The email address is taken"),
            Self::UsernameTaken => ("username_taken", 409, "The username is taken"),
            Self::AboveYourLevel => ("above_your_level", 403, "Above your level"),
            Self::LastSuperAdmin => {
                ("last_super_admin", 409, "The last super admin cannot be removed")
            }
            Self::LastAdministrator => {
                ("last_administrator", 409, "The last administrator cannot be removed")
            }
            Self::OwnLastAdminRole => {
                ("own_last_admin_role", 409, "Your own last administrating role cannot be removed")
            }
            Self::CodeTaken => ("code_taken", 409, "The code is taken"),
            Self::EmployeeIdTaken => ("employee_id_taken", 409, "The employee id is taken"),
            Self::InUse => ("in_use", 409, "It is in use"),
            Self::SystemRole => ("system_role", 409, "System roles cannot be changed"),
            Self::BuiltIn => ("built_in", 409, "Built-in things cannot be changed"),
            Self::LimitReached => ("limit_reached", 409, "There are as many as there may be"),
            Self::AlreadyMember => ("already_member", 409, "Is a member already"),
            Self::AccountExists => ("account_exists", 409, "The address has an account"),
            Self::NotPending => ("not_pending", 409, "The account is not pending"),
            Self::NotDeleted => ("not_deleted", 409, "The account is not deleted"),
            Self::Erased => ("erased", 409, "The account is erased"),
            Self::Stale => ("stale", 412, "It was changed in the meantime"),
            Self::BodyTooLarge => ("body_too_large", 413, "The body is too large"),
            Self::UnsupportedMediaType => {
                ("unsupported_media_type", 415, "The media type is not supported")
            }
            Self::ValidationFailed => ("validation_failed", 422, "The request is not valid"),
            Self::IdempotencyKeyReused => {
                ("idempotency_key_reused", 422, "The idempotency key was used before")
            }
            Self::TooManyRequests => ("too_many_requests", 429, "Too many requests"),
            Self::InternalError => ("internal_error", 500, "Something went wrong"),
            Self::Unavailable => ("unavailable", 503, "The service is unavailable"),
        }
    }

    /// The code in the problem's body; two of them share `invalid_token`, as the contract gives it
    /// two statuses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    #[must_use]
    pub fn status(self) -> u16 {
        self.row().1
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().2
    }
}
