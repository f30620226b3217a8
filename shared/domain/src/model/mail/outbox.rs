use super::reply::AddressRequest;
use crate::model::{
    account::{Email, User, Username},
    appearance::Language,
    client::{Client, Network},
    clock::{SignedDuration, Timestamp},
    ids::{InvitationId, MailId, UserId},
    process::Process,
    token::TokenSeed,
    words::Line,
};

/// A mail that waits to be sent. It holds the seed of a token and never a token.
#[derive(Debug, Clone)]
pub struct OutboxMail {
    pub id: MailId,
    pub to: Email,
    /// The username that is spoken to; none where the owner is looked up when it goes out.
    pub username: Option<Username>,
    pub message: MailRequest,
    /// What its reader reads, as far as it was known.
    pub language: Option<Language>,
    /// The network of whoever typed the address; none where the product writes by itself.
    pub asked_by: Option<Network>,
    /// When it was written.
    pub created_at: Timestamp,
}

impl OutboxMail {
    /// A mail of now to an account, in its language.
    #[must_use]
    pub fn to_user(process: &Process, user: &User, message: MailRequest) -> Self {
        let mail = Self::new(process, &user.email, Some(&user.username), message);
        Self { language: user.profile.language, ..mail }
    }

    /// A mail of now to an address.
    #[must_use]
    pub fn new(
        process: &Process,
        to: &Email,
        username: Option<&Username>,
        message: MailRequest,
    ) -> Self {
        Self {
            id: process.id(),
            to: to.clone(),
            username: username.cloned(),
            message,
            language: None,
            asked_by: None,
            created_at: process.clock.now(),
        }
    }

    /// The same, asked for by somebody who typed the address, and who most likely reads it.
    #[must_use]
    pub fn asked_by(self, client: &Client) -> Self {
        let language = self.language.or(client.language);
        Self { asked_by: Some(client.network()), language, ..self }
    }
}

/// What the link of a notice is made of, which undoes a change of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UndoSeed {
    pub owner: UserId,
    /// The seed of the token in the link.
    pub seed: TokenSeed,
    /// How long the link works.
    pub valid_for: SignedDuration,
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRequest {
    /// Prove your address.
    VerifyEmail {
        /// Whether it is the mail once more, and not that of a sign-up.
        again: bool,
        /// How long the link works.
        valid_for: SignedDuration,
    },
    /// Choose a new password; a link goes to nobody but the owner of an active account, at the
    /// address that is stored.
    ResetPassword {
        owner: UserId,
        /// The seed of the token in the link.
        seed: TokenSeed,
        /// How long the link works.
        valid_for: SignedDuration,
    },
    /// Choose a password; to nobody but the owner of an account that waits for it.
    Invitation {
        owner: UserId,
        /// The code of the organization that they are to join; none where it is the product itself.
        organization: Option<String>,
        /// The seed of the token in the link.
        seed: TokenSeed,
        /// How long the link works.
        valid_for: SignedDuration,
    },
    /// Join an organization: to an address, whether or not it has an account.
    JoinOrganization {
        invitation: InvitationId,
        /// The code of the organization.
        organization: String,
        /// The seed of the token in the link.
        seed: TokenSeed,
        /// How long the link works.
        valid_for: SignedDuration,
    },
    /// The password was changed.
    PasswordChanged { at: Timestamp },
    /// Prove your new address.
    ConfirmNewEmail {
        /// Whose address it is to be.
        owner: UserId,
        /// The seed of the token in the link.
        seed: TokenSeed,
        /// How long the link works.
        valid_for: SignedDuration,
    },
    /// To the present address: another one was asked for.
    EmailChangeRequested {
        new_email: Email,
        at: Timestamp,
        /// The link that stops it.
        undo: Option<UndoSeed>,
    },
    /// To the address that was: there is another one now.
    EmailChanged {
        /// The address that is.
        new_email: Email,
        at: Timestamp,
        /// The link that takes it back; none where the account went back to a former address.
        undo: Option<UndoSeed>,
    },
    /// To the address that was: the change to it was taken back.
    EmailChangeUndone { at: Timestamp },
    /// Failures locked the account; to nobody but its owner.
    AccountLocked {
        owner: UserId,
        /// The seed of the token in the link.
        seed: TokenSeed,
        /// The end of the lock.
        until: Timestamp,
    },
    /// The owner deleted the account.
    AccountDeleted { at: Timestamp },
    /// A used refresh token came back, so the session was ended.
    SessionEndedForReuse { at: Timestamp },
    /// The account has an API key of this name since then.
    ApiKeyCreated { name: Line<100>, at: Timestamp },
    /// The API key of this name has another secret since then.
    ApiKeyRotated { name: Line<100>, at: Timestamp },
    /// An API key of this name ends then.
    ApiKeyEnds { name: Line<100>, at: Timestamp },
}

impl MailRequest {
    /// What was asked for by somebody who typed the address, where it was one of these.
    #[must_use]
    pub fn address_request(&self) -> Option<AddressRequest> {
        match self {
            Self::VerifyEmail { again: false, .. } => Some(AddressRequest::SignUp),
            Self::VerifyEmail { again: true, .. } => Some(AddressRequest::Resend),
            Self::ResetPassword { .. } => Some(AddressRequest::Reset),
            Self::ConfirmNewEmail { .. } => Some(AddressRequest::WishedAddress),
            _ => None,
        }
    }

    /// The account that the address is to be of, where somebody wished for it.
    #[must_use]
    pub fn wishes_for(&self) -> Option<UserId> {
        match self {
            Self::ConfirmNewEmail { owner, .. } => Some(*owner),
            _ => None,
        }
    }

    /// What it is about, in one word, for the log.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify_email",
            Self::ResetPassword { .. } => "reset_password",
            Self::Invitation { .. } | Self::JoinOrganization { .. } => "invitation",
            Self::PasswordChanged { .. } => "password_changed",
            Self::ConfirmNewEmail { .. } => "confirm_new_email",
            Self::EmailChangeRequested { .. } => "email_change_requested",
            Self::EmailChanged { .. } => "email_changed",
            Self::EmailChangeUndone { .. } => "email_change_undone",
            Self::AccountLocked { .. } => "account_locked",
            Self::AccountDeleted { .. } => "account_deleted",
            Self::SessionEndedForReuse { .. } => "session_ended_for_reuse",
            Self::ApiKeyCreated { .. } => "api_key_created",
            Self::ApiKeyRotated { .. } => "api_key_rotated",
            Self::ApiKeyEnds { .. } => "api_key_ends",
        }
    }
}
