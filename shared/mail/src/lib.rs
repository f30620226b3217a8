//! Mail: the SES v2 sender, and one text and one HTML template a message.

mod messages;
mod sender;
mod ses;

pub use messages::{Rendered, render};
pub use sender::Sender;
pub use ses::SesMailer;
