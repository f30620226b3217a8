//! Getting back in, and changing what one gets in with: reset, password change, email change,
//! unlock.

mod email_change;
mod password_change;
mod proof;
mod reset;
mod ticket;
mod unlock;

pub use email_change::{EmailChangeError, ask_email_change, confirm_email_change};
pub use password_change::{PasswordChangeError, change_password};
pub use proof::ProofError;
pub use reset::{ResetError, ask_reset, confirm_reset, verify_reset};
pub use ticket::{Asked, Ticket, TicketError, TicketKind};
pub use unlock::unlock;
