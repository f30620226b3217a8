//! What each error of the domain is to a caller.

use std::convert::Infallible;

use rolecall_domain::{
    Refusal, UseCaseError, Violation,
    account::{LeaveRefusal, RegisterRefusal, VerifyRefusal},
    administration::AdministerRefusal,
    invitation::AcceptRefusal,
    permission::Forbidden,
    ports::{KeyError, PasswordError, Refused, StoreError, Unique},
    recovery::{
        EmailChangeRefusal, EmailConfirmRefusal, EmailUndoRefusal, InvalidToken,
        PasswordChangeRefusal, ResetRefusal,
    },
    session::{InvalidRefreshToken, LoginRefusal, SwitchRefusal, Unauthenticated, WrongPassword},
    signing::{OrderRotationRefusal, RotateRefusal},
    throttle::TooMany,
};

use super::{ErrorCode, Problem};

/// One sentence for every limit: which one it was is nobody's business.
const WAIT: &str = "Wait, then try again.";

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(source) => Self::unavailable(source.to_string()),
            StoreError::Broken(what) | StoreError::Denied(what) => Self::bug(what),
            StoreError::Refused(refused @ (Refused::Stale | Refused::TooManySuperAdmins)) => {
                Self::unavailable(refused.to_string())
            }
            StoreError::Refused(refused) => Self::bug(format!("nobody asked for: {refused}")),
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
            PasswordError::Key(error) => error.into(),
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

impl<R: Refusal + Into<Self>> From<UseCaseError<R>> for Problem {
    fn from(error: UseCaseError<R>) -> Self {
        match error {
            UseCaseError::Refused(refusal) => refusal.into(),
            UseCaseError::TooMany(too_many) => too_many.into(),
            UseCaseError::Key(error) => error.into(),
            UseCaseError::Hashing(error) => error.into(),
            UseCaseError::Store(error) => error.into(),
        }
    }
}

/// What is taken.
fn taken(what: Unique) -> Problem {
    let (code, detail) = match what {
        Unique::Code => (ErrorCode::CodeTaken, "Choose another code."),
        Unique::Email => (ErrorCode::EmailTaken, "An account with this email exists."),
        Unique::Username => (ErrorCode::UsernameTaken, "Choose another username."),
        Unique::EmployeeId => (
            ErrorCode::EmployeeIdTaken,
            "Another member of this organization has this employee id.",
        ),
    };
    Problem::new(code, detail)
}

fn key_reused() -> Problem {
    let detail = "Use a new Idempotency-Key for a different request.";
    Problem::new(ErrorCode::IdempotencyKeyReused, detail)
}

impl From<RegisterRefusal> for Problem {
    fn from(refusal: RegisterRefusal) -> Self {
        match refusal {
            RegisterRefusal::Closed => {
                Self::new(ErrorCode::RegistrationClosed, "Accounts are created by invitation only.")
            }
            RegisterRefusal::Taken(what) => taken(what),
            RegisterRefusal::Username(violation) => Self::field("username", violation),
            RegisterRefusal::Password(violation) => Self::field("password", violation),
            RegisterRefusal::KeyReused => key_reused(),
            RegisterRefusal::AdminExists => {
                Self::bug("a registration asked for a first super admin")
            }
        }
    }
}

impl From<Infallible> for Problem {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<VerifyRefusal> for Problem {
    fn from(refusal: VerifyRefusal) -> Self {
        match refusal {
            VerifyRefusal::InvalidToken => Self::new(
                ErrorCode::InvalidToken,
                "The link is not valid, or the address has its account: sign in.",
            ),
            VerifyRefusal::Expired => {
                Self::new(ErrorCode::TokenExpired, "Ask for the verification mail once more.")
            }
            VerifyRefusal::InvalidCredentials => Self::new(
                ErrorCode::InvalidCredentials,
                "Send the password that you signed up with, or the verifier.",
            ),
            VerifyRefusal::UsernameTaken => taken(Unique::Username),
            VerifyRefusal::Username(violation) => Self::field("username", violation),
            VerifyRefusal::Password(violation) => Self::field("new_password", violation),
        }
    }
}

impl From<AcceptRefusal> for Problem {
    fn from(refusal: AcceptRefusal) -> Self {
        match refusal {
            AcceptRefusal::InvalidToken => {
                Self::new(ErrorCode::InvalidToken, "The invitation is over, used or withdrawn.")
            }
            AcceptRefusal::AccountExists => Self::new(
                ErrorCode::AccountExists,
                "Sign in, and accept it with POST /api/v1/me/invitations/{id}/accept. If you \
                 cannot sign in, ask whoever invited you.",
            ),
            AcceptRefusal::UsernameTaken => taken(Unique::Username),
            AcceptRefusal::Username(violation) => Self::field("username", violation),
            AcceptRefusal::Password(violation) => Self::field("password", violation),
        }
    }
}

impl From<LoginRefusal> for Problem {
    fn from(refusal: LoginRefusal) -> Self {
        match refusal {
            LoginRefusal::InvalidCredentials => {
                Self::new(ErrorCode::InvalidCredentials, "Email or password is wrong.")
            }
            LoginRefusal::NotActive(status) => {
                let detail = format!("The account is {status}.");
                Self {
                    account_status: Some(status.to_string()),
                    ..Self::new(ErrorCode::AccountNotActive, detail)
                }
            }
            LoginRefusal::NotAMember => {
                Self::new(ErrorCode::Forbidden, "You are not a member of this organization.")
            }
        }
    }
}

impl From<SwitchRefusal> for Problem {
    fn from(refusal: SwitchRefusal) -> Self {
        match refusal {
            SwitchRefusal::NotAMember => Self::from(LoginRefusal::NotAMember),
            SwitchRefusal::Unauthenticated(refusal) => refusal.into(),
        }
    }
}

impl From<InvalidRefreshToken> for Problem {
    fn from(InvalidRefreshToken: InvalidRefreshToken) -> Self {
        Self::new(ErrorCode::InvalidRefreshToken, "Sign in again.")
    }
}

impl From<Unauthenticated> for Problem {
    fn from(Unauthenticated: Unauthenticated) -> Self {
        Self::invalid_access_token()
    }
}

impl From<InvalidToken> for Problem {
    fn from(InvalidToken: InvalidToken) -> Self {
        Self::new(
            ErrorCode::InvalidToken,
            "The link was used, has expired, or was replaced by a newer one. Request a new one.",
        )
    }
}

impl From<ResetRefusal> for Problem {
    fn from(refusal: ResetRefusal) -> Self {
        match refusal {
            ResetRefusal::InvalidToken(invalid) => invalid.into(),
            ResetRefusal::Password(violation) => Self::field("new_password", violation),
        }
    }
}

impl From<WrongPassword> for Problem {
    fn from(WrongPassword: WrongPassword) -> Self {
        Self::field(
            "current_password",
            Violation::new("wrong_password", "This is not your current password."),
        )
    }
}

impl From<PasswordChangeRefusal> for Problem {
    fn from(refusal: PasswordChangeRefusal) -> Self {
        match refusal {
            PasswordChangeRefusal::WrongPassword(wrong) => wrong.into(),
            PasswordChangeRefusal::Password(violation) => Self::field("new_password", violation),
            PasswordChangeRefusal::Unchanged => Self::field(
                "new_password",
                Violation::new("password_unchanged", "This is already your password."),
            ),
        }
    }
}

impl From<EmailConfirmRefusal> for Problem {
    fn from(refusal: EmailConfirmRefusal) -> Self {
        match refusal {
            EmailConfirmRefusal::InvalidToken(invalid) => invalid.into(),
            EmailConfirmRefusal::InvalidCredentials => Self::new(
                ErrorCode::InvalidCredentials,
                "Sign in to the account, or send its password.",
            ),
        }
    }
}

impl From<EmailUndoRefusal> for Problem {
    fn from(refusal: EmailUndoRefusal) -> Self {
        match refusal {
            EmailUndoRefusal::InvalidToken => InvalidToken.into(),
            EmailUndoRefusal::Expired => {
                Self::new(ErrorCode::TokenExpired, "The change can no longer be undone.")
            }
        }
    }
}

impl From<LeaveRefusal> for Problem {
    fn from(refusal: LeaveRefusal) -> Self {
        match refusal {
            LeaveRefusal::WrongPassword(wrong) => wrong.into(),
            LeaveRefusal::LastSuperAdmin => AdministerRefusal::LastSuperAdmin.into(),
            LeaveRefusal::LastAdministrator(last) => AdministerRefusal::from(last).into(),
        }
    }
}

impl From<OrderRotationRefusal> for Problem {
    fn from(refusal: OrderRotationRefusal) -> Self {
        match refusal {
            OrderRotationRefusal::Administer(refusal) => refusal.into(),
            OrderRotationRefusal::WrongPassword(wrong) => wrong.into(),
            OrderRotationRefusal::Rotate(RotateRefusal::UnknownKey) => {
                let message = "No signing key has this id.";
                Self::field("drop", Violation::new("unknown_key", message))
            }
            OrderRotationRefusal::Rotate(_) => AdministerRefusal::Stale.into(),
        }
    }
}

impl From<EmailChangeRefusal> for Problem {
    fn from(refusal: EmailChangeRefusal) -> Self {
        match refusal {
            EmailChangeRefusal::WrongPassword(wrong) => wrong.into(),
            EmailChangeRefusal::Unchanged => Self::field(
                "new_email",
                Violation::new("unchanged", "Your account already has this address."),
            ),
        }
    }
}

impl From<Forbidden> for Problem {
    fn from(Forbidden: Forbidden) -> Self {
        Self::new(ErrorCode::Forbidden, "You do not have the right to do this here.")
    }
}

impl From<AdministerRefusal> for Problem {
    fn from(refusal: AdministerRefusal) -> Self {
        match refusal {
            AdministerRefusal::NotFound(_) => {
                Self::new(ErrorCode::NotFound, "Not found, or not visible to you.")
            }
            AdministerRefusal::LimitReached => {
                Self::new(ErrorCode::LimitReached, "End one of them first.")
            }
            AdministerRefusal::AlreadyMember => {
                Self::new(ErrorCode::AlreadyMember, "Whoever has the address is a member.")
            }
            AdministerRefusal::Forbidden(why) => Self::new(ErrorCode::Forbidden, why),
            AdministerRefusal::AboveYourLevel => Self::new(
                ErrorCode::AboveYourLevel,
                "You cannot grant or change what is above your own level or rights.",
            ),
            AdministerRefusal::LastSuperAdmin => {
                Self::new(ErrorCode::LastSuperAdmin, "Assign super_admin to another user first.")
            }
            AdministerRefusal::LastAdministrator => Self::new(
                ErrorCode::LastAdministrator,
                "Give another member of the organization users.manage and roles.assign first, for \
                    good.",
            ),
            AdministerRefusal::OwnLastAdminRole => Self::new(
                ErrorCode::OwnLastAdminRole,
                "You cannot remove your own last administrating role; another administrator can.",
            ),
            AdministerRefusal::Taken(what) => taken(what),
            AdministerRefusal::EmailOfDeleted => Self::new(
                ErrorCode::EmailTaken,
                "A deleted account has this address: find it by its email and restore it.",
            ),
            AdministerRefusal::Stale => Self::new(
                ErrorCode::Stale,
                "It has changed since you read it. Read it again, then send the change with the \
                    new ETag.",
            ),
            AdministerRefusal::InUse(why) => Self::new(ErrorCode::InUse, why),
            AdministerRefusal::SystemRole => {
                Self::new(ErrorCode::SystemRole, "System roles cannot be changed or deleted.")
            }
            AdministerRefusal::BuiltIn => {
                Self::new(ErrorCode::BuiltIn, "Built-in things cannot be deleted or deactivated.")
            }
            AdministerRefusal::NotPending => Self::new(
                ErrorCode::NotPending,
                "The owner of this account already has a password.",
            ),
            AdministerRefusal::NotDeleted => {
                Self::new(ErrorCode::NotDeleted, "Delete the account first.")
            }
            AdministerRefusal::Erased => {
                Self::new(ErrorCode::Erased, "Nobody knows any more whose account this was.")
            }
            AdministerRefusal::KeyReused => key_reused(),
            AdministerRefusal::Invalid(field, violation) => Self::field(field, violation),
        }
    }
}
