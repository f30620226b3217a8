//! Getting back in, and changing what one gets in with: reset, password change, email change,
//! unlock.

mod email_change;
mod one_time_token;
mod password_change;
mod reset;
mod undo_email_change;
mod unlock;

pub use email_change::{
    EmailChangeError, EmailChangeRefusal, EmailConfirmError, EmailConfirmRefusal, OwnerProof,
    confirm_email_change, request_email_change,
};
pub use one_time_token::{InvalidToken, OneTimeTokenError};
pub use password_change::{PasswordChangeError, PasswordChangeRefusal, change_password};
pub use reset::{
    ResetError, ResetRefusal, confirm_password_reset, request_password_reset, verify_password_reset,
};
pub use undo_email_change::{EmailUndoError, EmailUndoRefusal, undo_email_change};
pub use unlock::unlock;
