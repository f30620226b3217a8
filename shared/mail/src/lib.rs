//! Mail: the senders, SES v2 and SMTP, and one text and one HTML template a message.

mod messages;
mod sender;
mod ses;
mod smtp;

pub use messages::{Rendered, render};
pub use sender::Sender;
pub use ses::SesMailer;
pub use smtp::{SmtpCredentials, SmtpMailer};

/// Words for the log: mail services name the addresses that they object to.
pub(crate) fn without_addresses(words: &str) -> String {
    let word =
        |word: &str| if word.contains('@') { "(address)".to_owned() } else { word.to_owned() };
    words.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
