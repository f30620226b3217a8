//! Mail: what is to be written to whom.

mod message;
mod outbox;
mod reply;

pub use message::Message;
pub use outbox::{MailRequest, OutboxMail};
pub use reply::{AddressRequest, AddressState, MailedReply, mailed_reply};
