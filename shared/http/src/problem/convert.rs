//! What each error of the domain is to a caller.

use rolecall_domain::{
    Violation,
    account::{ProfileError, RegisterError, VerifyError},
    administration::{AdministerError, Unique},
    permission::{AuthorizationError, CheckError},
    ports::{KeyError, PasswordError, StoreError},
    recovery::{EmailChangeError, OneTimeTokenError, PasswordChangeError, ProofError, ResetError},
    session::{AuthenticationError, LoginError, RefreshError},
    throttle::TooMany,
};

use super::{ErrorCode, Problem};

/// One sentence for every limit: which one it was is nobody's business.
const WAIT: &str = "Wait, then try again.";

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
            PasswordError::Overloaded => Self::new(ErrorCode::TooManyRequests, WAIT),
            PasswordError::Failed(what) => Self::bug(what),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Closed => {
                Self::new(ErrorCode::RegistrationClosed, "Accounts are created by invitation only.")
            }
            RegisterError::EmailTaken => {
                Self::new(ErrorCode::EmailTaken, "An account with this email exists.")
            }
            RegisterError::UsernameTaken => {
                Self::new(ErrorCode::UsernameTaken, "Choose another username.")
            }
            RegisterError::Password(violation) => Self::field("password", violation),
            RegisterError::KeyReused => Self::new(
                ErrorCode::IdempotencyKeyReused,
                "Use a new Idempotency-Key for a different request.",
            ),
            RegisterError::TooMany(too_many) => too_many.into(),
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
            VerifyError::InvalidToken => Self::new(
                ErrorCode::InvalidToken,
                "The link was used, has expired or is not valid. Sign up again.",
            ),
            VerifyError::TooMany(too_many) => too_many.into(),
            VerifyError::Store(error) => error.into(),
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::InvalidCredentials => {
                Self::new(ErrorCode::InvalidCredentials, "Email or password is wrong.")
            }
            LoginError::NotActive(status) => {
                let detail = format!("The account is {status}.");
                Self {
                    account_status: Some(status.to_string()),
                    ..Self::new(ErrorCode::AccountNotActive, detail)
                }
            }
            LoginError::NotAMember => {
                Self::new(ErrorCode::Forbidden, "You are not a member of this organization.")
            }
            LoginError::TooMany(too_many) => too_many.into(),
            LoginError::Hashing(error) => error.into(),
            LoginError::Key(error) => error.into(),
            LoginError::Store(error) => error.into(),
        }
    }
}

impl From<RefreshError> for Problem {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::InvalidToken => {
                Self::new(ErrorCode::InvalidRefreshToken, "Sign in again.")
            }
            RefreshError::TooMany(too_many) => too_many.into(),
            RefreshError::Key(error) => error.into(),
            RefreshError::Store(error) => error.into(),
        }
    }
}

impl From<ProfileError> for Problem {
    fn from(error: ProfileError) -> Self {
        match error {
            ProfileError::Stale => Self::new(
                ErrorCode::Stale,
                "It has changed since you read it. Read it again, then send the change with the \
                    new ETag.",
            ),
            ProfileError::Store(error) => error.into(),
        }
    }
}

impl From<AuthenticationError> for Problem {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::Refused(_) => Self::unauthenticated(),
            AuthenticationError::Key(error) => error.into(),
            AuthenticationError::Store(error) => error.into(),
        }
    }
}

impl From<TooMany> for Problem {
    fn from(TooMany(wait): TooMany) -> Self {
        Self {
            retry_after: wait.as_secs().max(0).saturating_add(1),
            ..Self::new(ErrorCode::TooManyRequests, WAIT)
        }
    }
}

impl From<OneTimeTokenError> for Problem {
    fn from(error: OneTimeTokenError) -> Self {
        match error {
            OneTimeTokenError::InvalidToken => Self::new(
                ErrorCode::InvalidToken,
                "The link was used, has expired, or was replaced by a newer one. Request a new \
                    one.",
            ),
            OneTimeTokenError::TooMany(too_many) => too_many.into(),
            OneTimeTokenError::Key(error) => error.into(),
            OneTimeTokenError::Store(error) => error.into(),
        }
    }
}

impl From<ResetError> for Problem {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::OneTimeToken(error) => error.into(),
            ResetError::Password(violation) => Self::field("new_password", violation),
            ResetError::Hashing(error) => error.into(),
            ResetError::Store(error) => error.into(),
        }
    }
}

impl From<ProofError> for Problem {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Wrong => Self::field(
                "current_password",
                Violation::new("wrong_password", "This is not your current password."),
            ),
            ProofError::TooMany(too_many) => too_many.into(),
            ProofError::Hashing(error) => error.into(),
            ProofError::Key(error) => error.into(),
            ProofError::Store(error) => error.into(),
        }
    }
}

impl From<PasswordChangeError> for Problem {
    fn from(error: PasswordChangeError) -> Self {
        match error {
            PasswordChangeError::Proof(error) => error.into(),
            PasswordChangeError::Password(violation) => Self::field("new_password", violation),
            PasswordChangeError::Unchanged => Self::field(
                "new_password",
                Violation::new("password_unchanged", "This is already your password."),
            ),
            PasswordChangeError::Hashing(error) => error.into(),
            PasswordChangeError::Store(error) => error.into(),
        }
    }
}

impl From<EmailChangeError> for Problem {
    fn from(error: EmailChangeError) -> Self {
        match error {
            EmailChangeError::Proof(error) => error.into(),
            EmailChangeError::Unchanged => Self::field(
                "new_email",
                Violation::new("unchanged", "Your account already has this address."),
            ),
            EmailChangeError::TooMany(too_many) => too_many.into(),
            EmailChangeError::Key(error) => error.into(),
            EmailChangeError::Store(error) => error.into(),
        }
    }
}

impl From<AdministerError> for Problem {
    fn from(error: AdministerError) -> Self {
        match error {
            AdministerError::NotFound(_) => {
                Self::new(ErrorCode::NotFound, "Not found, or not visible to you.")
            }
            AdministerError::Forbidden(why) => Self::new(ErrorCode::Forbidden, why),
            AdministerError::AboveYourLevel => Self::new(
                ErrorCode::AboveYourLevel,
                "You cannot grant or change what is above your own level or rights.",
            ),
            AdministerError::LastSuperAdmin => {
                Self::new(ErrorCode::LastSuperAdmin, "Assign super_admin to another user first.")
            }
            AdministerError::OwnLastAdminRole => Self::new(
                ErrorCode::OwnLastAdminRole,
                "You cannot remove your own last administrating role; another administrator can.",
            ),
            AdministerError::Taken(Unique::Code) => {
                Self::new(ErrorCode::CodeTaken, "Choose another code.")
            }
            AdministerError::Taken(Unique::Email) => {
                Self::new(ErrorCode::EmailTaken, "An account with this email exists.")
            }
            AdministerError::Taken(Unique::Username) => {
                Self::new(ErrorCode::UsernameTaken, "Choose another username.")
            }
            AdministerError::Taken(Unique::EmployeeId) => Self::new(
                ErrorCode::EmployeeIdTaken,
                "Another member of this organization has this employee id.",
            ),
            AdministerError::Stale => Self::new(
                ErrorCode::Stale,
                "It has changed since you read it. Read it again, then send the change with the \
                    new ETag.",
            ),
            AdministerError::InUse(why) => Self::new(ErrorCode::InUse, why),
            AdministerError::SystemRole => {
                Self::new(ErrorCode::SystemRole, "System roles cannot be changed or deleted.")
            }
            AdministerError::BuiltIn => {
                Self::new(ErrorCode::BuiltIn, "Built-in things cannot be deleted or deactivated.")
            }
            AdministerError::NotPending => Self::new(
                ErrorCode::NotPending,
                "The owner of this account already has a password.",
            ),
            AdministerError::TooMany(too_many) => too_many.into(),
            AdministerError::KeyReused => Self::new(
                ErrorCode::IdempotencyKeyReused,
                "Use a new Idempotency-Key for a different request.",
            ),
            AdministerError::Invalid(field, violation) => Self::field(field, violation),
            AdministerError::Key(error) => error.into(),
            AdministerError::Store(error) => error.into(),
        }
    }
}

impl From<AuthorizationError> for Problem {
    fn from(error: AuthorizationError) -> Self {
        match error {
            AuthorizationError::Forbidden => {
                Self::new(ErrorCode::Forbidden, "You do not have the right to do this here.")
            }
            AuthorizationError::Store(error) => error.into(),
        }
    }
}

impl From<CheckError> for Problem {
    fn from(error: CheckError) -> Self {
        AdministerError::from(error).into()
    }
}
