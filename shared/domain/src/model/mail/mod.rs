//! Mail: what is to be written to whom.

mod message;
mod outbox;

pub use message::Message;
pub use outbox::{MailRequest, OutboxMail};
