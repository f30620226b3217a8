use rolecall_domain::{
    account::{Email, Username},
    clock::SignedDuration,
    ids::UserId,
    mail::{Message, OutboxMail},
    ports::StoreError,
};
use serde::{Deserialize, Serialize};

use super::{V, id, instant, parsed};
use crate::keys::{self, Key};

/// A mail and what became of it are kept this long.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A mail that waits, as JSON in one attribute. `entity` and `id` are what the stream's filter and
/// `deliver_mail` look at.
#[derive(Serialize, Deserialize)]
pub(crate) struct OutboxItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    id: String,
    mail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enclosed: Option<String>,
    #[serde(default)]
    claims: u32,
    expires_at: i64,
}

impl OutboxItem {
    /// How often it was claimed.
    pub(crate) fn claims(&self) -> u32 {
        self.claims
    }

    pub(crate) fn new(mail: &OutboxMail, enclosed: Option<String>) -> Result<Self, StoreError> {
        let stored = serde_json::to_string(&StoredMail::from(mail))
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Self {
            key: keys::outbox(mail.id),
            entity: "outbox".to_owned(),
            v: V,
            id: mail.id.to_string(),
            mail: stored,
            enclosed,
            claims: 0,
            expires_at: mail.created_at.as_second().saturating_add(KEPT.as_secs()),
        })
    }
}

/// A mail, in the outbox or enclosed in a change.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMail {
    id: String,
    to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    message: StoredMessage,
    created_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredMessage {
    VerifyEmail {
        seed: Seed,
        valid_seconds: i64,
    },
    ResetPassword {
        owner: String,
        seed: Seed,
        valid_seconds: i64,
    },
    Invitation {
        owner: String,
        organization: Option<String>,
        seed: Seed,
        valid_seconds: i64,
    },
    PasswordChanged {
        at: i64,
    },
    ConfirmNewEmail {
        owner: String,
        seed: Seed,
        valid_seconds: i64,
    },
    EmailChangeAsked {
        new_email: String,
        at: i64,
    },
    EmailChanged {
        new_email: String,
        at: i64,
    },
    AccountLocked {
        owner: String,
        seed: Seed,
        until: i64,
    },
    SessionEndedForReuse {
        at: i64,
    },
}

/// A token's seed in base64url.
#[derive(Serialize, Deserialize)]
struct Seed(String);

impl Seed {
    fn of(nonce: [u8; 32]) -> Self {
        Self(super::base64(&nonce))
    }

    fn nonce(&self) -> Result<[u8; 32], StoreError> {
        let bytes = super::from_base64(&self.0)?;
        bytes
            .try_into()
            .map_err(|_| StoreError::Broken("a mail's seed has another length".to_owned()))
    }
}

impl From<&Message> for StoredMessage {
    fn from(message: &Message) -> Self {
        match message {
            Message::VerifyEmail { nonce, valid_for } => Self::VerifyEmail {
                seed: Seed::of(*nonce),
                valid_seconds: valid_for.as_secs(),
            },
            Message::ResetPassword {
                owner,
                nonce,
                valid_for,
            } => Self::ResetPassword {
                owner: owner.to_string(),
                seed: Seed::of(*nonce),
                valid_seconds: valid_for.as_secs(),
            },
            Message::Invitation {
                owner,
                organization,
                nonce,
                valid_for,
            } => Self::Invitation {
                owner: owner.to_string(),
                organization: organization.clone(),
                seed: Seed::of(*nonce),
                valid_seconds: valid_for.as_secs(),
            },
            Message::PasswordChanged { at } => Self::PasswordChanged {
                at: at.as_millisecond(),
            },
            Message::ConfirmNewEmail {
                owner,
                nonce,
                valid_for,
            } => Self::ConfirmNewEmail {
                owner: owner.to_string(),
                seed: Seed::of(*nonce),
                valid_seconds: valid_for.as_secs(),
            },
            Message::EmailChangeAsked { new_email, at } => Self::EmailChangeAsked {
                new_email: new_email.address().to_owned(),
                at: at.as_millisecond(),
            },
            Message::EmailChanged { new_email, at } => Self::EmailChanged {
                new_email: new_email.address().to_owned(),
                at: at.as_millisecond(),
            },
            Message::AccountLocked {
                owner,
                nonce,
                until,
            } => Self::AccountLocked {
                owner: owner.to_string(),
                seed: Seed::of(*nonce),
                until: until.as_millisecond(),
            },
            Message::SessionEndedForReuse { at } => Self::SessionEndedForReuse {
                at: at.as_millisecond(),
            },
        }
    }
}

impl TryFrom<StoredMessage> for Message {
    type Error = StoreError;

    fn try_from(stored: StoredMessage) -> Result<Self, StoreError> {
        let span = SignedDuration::from_secs;
        let owner =
            |text: &str| id::<rolecall_domain::ids::UserKind>(text) as Result<UserId, StoreError>;
        Ok(match stored {
            StoredMessage::VerifyEmail {
                seed,
                valid_seconds,
            } => Self::VerifyEmail {
                nonce: seed.nonce()?,
                valid_for: span(valid_seconds),
            },
            StoredMessage::ResetPassword {
                owner: whose,
                seed,
                valid_seconds,
            } => Self::ResetPassword {
                owner: owner(&whose)?,
                nonce: seed.nonce()?,
                valid_for: span(valid_seconds),
            },
            StoredMessage::Invitation {
                owner: whose,
                organization,
                seed,
                valid_seconds,
            } => Self::Invitation {
                owner: owner(&whose)?,
                organization,
                nonce: seed.nonce()?,
                valid_for: span(valid_seconds),
            },
            StoredMessage::PasswordChanged { at } => Self::PasswordChanged { at: instant(at)? },
            StoredMessage::ConfirmNewEmail {
                owner: whose,
                seed,
                valid_seconds,
            } => Self::ConfirmNewEmail {
                owner: owner(&whose)?,
                nonce: seed.nonce()?,
                valid_for: span(valid_seconds),
            },
            StoredMessage::EmailChangeAsked { new_email, at } => Self::EmailChangeAsked {
                new_email: parsed(Email::parse(&new_email))?,
                at: instant(at)?,
            },
            StoredMessage::EmailChanged { new_email, at } => Self::EmailChanged {
                new_email: parsed(Email::parse(&new_email))?,
                at: instant(at)?,
            },
            StoredMessage::AccountLocked {
                owner: whose,
                seed,
                until,
            } => Self::AccountLocked {
                owner: owner(&whose)?,
                nonce: seed.nonce()?,
                until: instant(until)?,
            },
            StoredMessage::SessionEndedForReuse { at } => {
                Self::SessionEndedForReuse { at: instant(at)? }
            }
        })
    }
}

impl From<&OutboxMail> for StoredMail {
    fn from(mail: &OutboxMail) -> Self {
        Self {
            id: mail.id.to_string(),
            to: mail.to.address().to_owned(),
            username: mail.username.as_ref().map(|name| name.as_str().to_owned()),
            message: (&mail.message).into(),
            created_at: mail.created_at.as_millisecond(),
        }
    }
}

impl TryFrom<StoredMail> for OutboxMail {
    type Error = StoreError;

    fn try_from(stored: StoredMail) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&stored.id)?,
            to: parsed(Email::parse(&stored.to))?,
            username: parsed(stored.username.as_deref().map(Username::parse).transpose())?,
            message: stored.message.try_into()?,
            created_at: instant(stored.created_at)?,
        })
    }
}

impl TryFrom<OutboxItem> for OutboxMail {
    type Error = StoreError;

    fn try_from(stored: OutboxItem) -> Result<Self, StoreError> {
        let mail: StoredMail = serde_json::from_str(&stored.mail)
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        mail.try_into()
    }
}
