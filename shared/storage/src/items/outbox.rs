use rolecall_domain::{
    account::{Email, Username},
    appearance::Language,
    clock::SignedDuration,
    ids::UserId,
    mail::{DueMail, MailRequest, OutboxMail},
    ports::StoreError,
    session::Network,
    words::Line,
};
use serde::{Deserialize, Serialize};

use super::{
    V, id, instant, parsed,
    token_seed::{Seed, Undo},
};
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
    #[serde(rename = "enclosed")]
    pending_events: Option<String>,
    #[serde(default)]
    claims: u32,
    /// Of a mail that was given back: whether it passed the bounds before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    admitted: bool,
    expires_at: i64,
}

impl OutboxItem {
    /// How often it was claimed.
    pub(crate) fn claims(&self) -> u32 {
        self.claims
    }

    /// Whether it passed the bounds at an earlier attempt.
    pub(crate) fn is_admitted(&self) -> bool {
        self.admitted
    }

    pub(crate) fn new(
        mail: &OutboxMail,
        pending_events: Option<String>,
    ) -> Result<Self, StoreError> {
        let stored = serde_json::to_string(&StoredMail::from(mail))
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Self {
            key: keys::outbox(mail.id),
            entity: "outbox".to_owned(),
            v: V,
            id: mail.id.to_string(),
            mail: stored,
            pending_events,
            claims: 0,
            admitted: false,
            expires_at: mail.created_at.as_second().saturating_add(KEPT.as_secs()),
        })
    }
}

/// That a mail is due. Beyond the mail's own life nobody looks for it.
#[derive(Serialize)]
pub(crate) struct DueMailItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    expires_at: i64,
}

impl DueMailItem {
    pub(crate) fn new(due: DueMail) -> Self {
        Self {
            key: keys::due_mail(due),
            entity: "due mail".to_owned(),
            v: V,
            expires_at: due.at.as_second().saturating_add(KEPT.as_secs()),
        }
    }
}

/// A mail, in the outbox or a pending event of a change.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMail {
    id: String,
    to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    message: StoredMailRequest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    created_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredMailRequest {
    VerifyEmail {
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
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
    JoinOrganization {
        invitation: String,
        organization: String,
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
    #[serde(rename = "email_change_asked")]
    EmailChangeRequested {
        new_email: String,
        at: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<Undo>,
    },
    EmailChanged {
        new_email: String,
        at: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<Undo>,
    },
    EmailChangeUndone {
        at: i64,
    },
    AccountLocked {
        owner: String,
        seed: Seed,
        until: i64,
    },
    AccountDeleted {
        at: i64,
    },
    SessionEndedForReuse {
        at: i64,
    },
    ApiKeyCreated {
        name: Line<100>,
        at: i64,
    },
    ApiKeyRotated {
        name: Line<100>,
        at: i64,
    },
    ApiKeyEnds {
        name: Line<100>,
        at: i64,
    },
}

impl From<&MailRequest> for StoredMailRequest {
    fn from(message: &MailRequest) -> Self {
        match message {
            MailRequest::VerifyEmail { again, valid_for } => {
                Self::VerifyEmail { again: *again, valid_seconds: valid_for.as_secs() }
            }
            MailRequest::ResetPassword { owner, seed, valid_for } => Self::ResetPassword {
                owner: owner.to_string(),
                seed: Seed::of(*seed),
                valid_seconds: valid_for.as_secs(),
            },
            MailRequest::Invitation { owner, organization, seed, valid_for } => Self::Invitation {
                owner: owner.to_string(),
                organization: organization.clone(),
                seed: Seed::of(*seed),
                valid_seconds: valid_for.as_secs(),
            },
            MailRequest::JoinOrganization { invitation, organization, seed, valid_for } => {
                Self::JoinOrganization {
                    invitation: invitation.to_string(),
                    organization: organization.clone(),
                    seed: Seed::of(*seed),
                    valid_seconds: valid_for.as_secs(),
                }
            }
            MailRequest::PasswordChanged { at } => {
                Self::PasswordChanged { at: at.as_millisecond() }
            }
            MailRequest::ConfirmNewEmail { owner, seed, valid_for } => Self::ConfirmNewEmail {
                owner: owner.to_string(),
                seed: Seed::of(*seed),
                valid_seconds: valid_for.as_secs(),
            },
            MailRequest::EmailChangeRequested { new_email, at, undo } => {
                Self::EmailChangeRequested {
                    new_email: new_email.address().to_owned(),
                    at: at.as_millisecond(),
                    undo: undo.map(Into::into),
                }
            }
            MailRequest::EmailChanged { new_email, at, undo } => Self::EmailChanged {
                new_email: new_email.address().to_owned(),
                at: at.as_millisecond(),
                undo: undo.map(Into::into),
            },
            MailRequest::EmailChangeUndone { at } => {
                Self::EmailChangeUndone { at: at.as_millisecond() }
            }
            MailRequest::AccountLocked { owner, seed, until } => Self::AccountLocked {
                owner: owner.to_string(),
                seed: Seed::of(*seed),
                until: until.as_millisecond(),
            },
            MailRequest::AccountDeleted { at } => Self::AccountDeleted { at: at.as_millisecond() },
            MailRequest::SessionEndedForReuse { at } => {
                Self::SessionEndedForReuse { at: at.as_millisecond() }
            }
            MailRequest::ApiKeyCreated { name, at } => {
                Self::ApiKeyCreated { name: name.clone(), at: at.as_millisecond() }
            }
            MailRequest::ApiKeyRotated { name, at } => {
                Self::ApiKeyRotated { name: name.clone(), at: at.as_millisecond() }
            }
            MailRequest::ApiKeyEnds { name, at } => {
                Self::ApiKeyEnds { name: name.clone(), at: at.as_millisecond() }
            }
        }
    }
}

impl TryFrom<StoredMailRequest> for MailRequest {
    type Error = StoreError;

    fn try_from(stored: StoredMailRequest) -> Result<Self, StoreError> {
        let span = SignedDuration::from_secs;
        let owner =
            |text: &str| id::<rolecall_domain::ids::UserKind>(text) as Result<UserId, StoreError>;
        Ok(match stored {
            StoredMailRequest::VerifyEmail { again, valid_seconds } => {
                Self::VerifyEmail { again, valid_for: span(valid_seconds) }
            }
            StoredMailRequest::ResetPassword { owner: whose, seed, valid_seconds } => {
                Self::ResetPassword {
                    owner: owner(&whose)?,
                    seed: seed.seed()?,
                    valid_for: span(valid_seconds),
                }
            }
            StoredMailRequest::JoinOrganization {
                invitation,
                organization,
                seed,
                valid_seconds,
            } => Self::JoinOrganization {
                invitation: id(&invitation)?,
                organization,
                seed: seed.seed()?,
                valid_for: span(valid_seconds),
            },
            StoredMailRequest::Invitation { owner: whose, organization, seed, valid_seconds } => {
                Self::Invitation {
                    owner: owner(&whose)?,
                    organization,
                    seed: seed.seed()?,
                    valid_for: span(valid_seconds),
                }
            }
            StoredMailRequest::PasswordChanged { at } => Self::PasswordChanged { at: instant(at)? },
            StoredMailRequest::ConfirmNewEmail { owner: whose, seed, valid_seconds } => {
                Self::ConfirmNewEmail {
                    owner: owner(&whose)?,
                    seed: seed.seed()?,
                    valid_for: span(valid_seconds),
                }
            }
            StoredMailRequest::EmailChangeRequested { new_email, at, undo } => {
                Self::EmailChangeRequested {
                    new_email: parsed(Email::parse(&new_email))?,
                    at: instant(at)?,
                    undo: undo.map(TryInto::try_into).transpose()?,
                }
            }
            StoredMailRequest::EmailChanged { new_email, at, undo } => Self::EmailChanged {
                new_email: parsed(Email::parse(&new_email))?,
                at: instant(at)?,
                undo: undo.map(TryInto::try_into).transpose()?,
            },
            StoredMailRequest::EmailChangeUndone { at } => {
                Self::EmailChangeUndone { at: instant(at)? }
            }
            StoredMailRequest::AccountLocked { owner: whose, seed, until } => Self::AccountLocked {
                owner: owner(&whose)?,
                seed: seed.seed()?,
                until: instant(until)?,
            },
            StoredMailRequest::AccountDeleted { at } => Self::AccountDeleted { at: instant(at)? },
            StoredMailRequest::SessionEndedForReuse { at } => {
                Self::SessionEndedForReuse { at: instant(at)? }
            }
            StoredMailRequest::ApiKeyCreated { name, at } => {
                Self::ApiKeyCreated { name, at: instant(at)? }
            }
            StoredMailRequest::ApiKeyRotated { name, at } => {
                Self::ApiKeyRotated { name, at: instant(at)? }
            }
            StoredMailRequest::ApiKeyEnds { name, at } => {
                Self::ApiKeyEnds { name, at: instant(at)? }
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
            language: mail.language.map(|language| language.as_str().to_owned()),
            asked_by: mail.asked_by.as_ref().map(|network| network.as_str().to_owned()),
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
            username: parsed(stored.username.as_deref().map(Username::stored).transpose())?,
            message: stored.message.try_into()?,
            // One that a newer version speaks is left to the appearance.
            language: stored.language.and_then(|text| Language::parse(&text).ok()),
            asked_by: stored.asked_by.map(Network::from_stored),
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
