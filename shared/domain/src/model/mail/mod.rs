//! Mail: what is to be written to whom, and what became of it.

mod delivery;
mod late;
mod letterhead;
mod message;
mod outbox;
mod reply;

pub use delivery::{DueMail, MailFailure, next_attempt};
pub use late::{LateLine, LatePlace, next_late_mail};
pub use letterhead::Letterhead;
pub use message::{Message, UndoLine};
pub use outbox::{MailRequest, OutboxMail, UndoSeed};
pub use reply::{AddressRequest, AddressState, MailedReply, mailed_reply};
