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
                Self::new(ErrorCode::RegistrationClosed, "Accounts are made by invitation.")
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
                "Send a new Idempotency-Key with another request.",
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
                "The link was used, is over, or was never sent. Sign up again.",
            ),
            VerifyError::TooMany(too_many) => too_many.into(),
            VerifyError::Store(error) => error.into(),
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::InvalidCredentials => Self::new(
                ErrorCode::InvalidCredentials,
                "Email and password do not belong together.",
            ),
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
                "Read it again, then send the change with the new ETag.",
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
                "The link was used, is over, or a newer one was sent. Ask for another one.",
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
                Violation::new("wrong_password", "This is not your present password."),
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
                Violation::new("password_unchanged", "This is your present password."),
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
                Violation::new("unchanged", "Your account has this address already."),
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
                Self::new(ErrorCode::NotFound, "There is nothing here.")
            }
            AdministerError::Forbidden(why) => Self::new(ErrorCode::Forbidden, why),
            AdministerError::AboveYourLevel => Self::new(
                ErrorCode::AboveYourLevel,
                "Nobody gives, changes or touches what is above their own level or rights.",
            ),
            AdministerError::LastSuperAdmin => {
                Self::new(ErrorCode::LastSuperAdmin, "Make somebody else a super admin first.")
            }
            AdministerError::OwnLastAdminRole => Self::new(
                ErrorCode::OwnLastAdminRole,
                "Have somebody else take your own administration away.",
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
                "Read it again, then send the change with the new ETag.",
            ),
            AdministerError::InUse(why) => Self::new(ErrorCode::InUse, why),
            AdministerError::SystemRole => {
                Self::new(ErrorCode::SystemRole, "System roles are always there.")
            }
            AdministerError::BuiltIn => {
                Self::new(ErrorCode::BuiltIn, "What is built in cannot be deleted or switched off.")
            }
            AdministerError::NotPending => Self::new(
                ErrorCode::NotPending,
                "The owner of this account has a password already.",
            ),
            AdministerError::TooMany(too_many) => too_many.into(),
            AdministerError::KeyReused => Self::new(
                ErrorCode::IdempotencyKeyReused,
                "Send a new Idempotency-Key with another request.",
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
