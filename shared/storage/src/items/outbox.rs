use rolecall_domain::{
    account::{Email, Username},
    clock::SignedDuration,
    mail::{Message, OutboxMail},
    ports::StoreError,
};
use serde::{Deserialize, Serialize};

use super::{V, id, instant, parsed};
use crate::keys::{self, Key};

/// A mail and what became of it are kept this long.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A mail that waits. `entity` and `id` are what the stream's filter and `deliver_mail` look at.
#[derive(Serialize, Deserialize)]
pub(crate) struct OutboxItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    id: String,
    to: String,
    username: String,
    message: StoredMessage,
    created_at: i64,
    expires_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredMessage {
    VerifyEmail { nonce: Vec<u8>, valid_seconds: i64 },
    SessionEndedForReuse { at: i64 },
}

impl From<&OutboxMail> for OutboxItem {
    fn from(mail: &OutboxMail) -> Self {
        let message = match &mail.message {
            Message::VerifyEmail { nonce, valid_for } => {
                StoredMessage::VerifyEmail { nonce: nonce.to_vec(), valid_seconds: valid_for.as_secs() }
            }
            Message::SessionEndedForReuse { at } => StoredMessage::SessionEndedForReuse { at: at.as_millisecond() },
        };
        Self {
            key: keys::outbox(mail.id),
            entity: "outbox".to_owned(),
            v: V,
            id: mail.id.to_string(),
            to: mail.to.address().to_owned(),
            username: mail.username.as_str().to_owned(),
            message,
            created_at: mail.created_at.as_millisecond(),
            expires_at: mail.created_at.as_second().saturating_add(KEPT.as_secs()),
        }
    }
}

impl TryFrom<OutboxItem> for OutboxMail {
    type Error = StoreError;

    fn try_from(stored: OutboxItem) -> Result<Self, StoreError> {
        let message = match stored.message {
            StoredMessage::VerifyEmail { nonce, valid_seconds } => Message::VerifyEmail {
                nonce: nonce.try_into().map_err(|_| StoreError::Broken("a mail's seed has another length".to_owned()))?,
                valid_for: SignedDuration::from_secs(valid_seconds),
            },
            StoredMessage::SessionEndedForReuse { at } => Message::SessionEndedForReuse { at: instant(at)? },
        };
        Ok(Self {
            id: id(&stored.id)?,
            to: parsed(Email::parse(&stored.to))?,
            username: parsed(Username::parse(&stored.username))?,
            message,
            created_at: instant(stored.created_at)?,
        })
    }
}
