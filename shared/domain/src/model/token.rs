//! What mailed tokens are for, and how they are stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::model::secret_key::KeyId;

/// What a mailed token is for. It is part of the hash, so that no token works anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
    /// Proves an account's next address.
    ChangeEmail,
    /// Sets the first password of an invited account.
    Invitation,
    /// Accepts an invitation into an organization.
    JoinOrganization,
    Unlock,
    /// Stops a change of address that waits, or takes back one that was made.
    UndoEmailChange,
}

impl Purpose {
    pub const ALL: [Self; 7] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::Invitation,
        Self::JoinOrganization,
        Self::Unlock,
        Self::UndoEmailChange,
    ];

    /// Its name, which is part of the hash.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ResetPassword => "reset-password",
            Self::ChangeEmail => "confirm-email-change",
            Self::Invitation => "accept-invitation",
            Self::JoinOrganization => "join-organization",
            Self::Unlock => "unlock",
            Self::UndoEmailChange => "email-change-undo",
        }
    }

    /// The last part of the link's path, which is that of a page: all invitations lead to one.
    #[must_use]
    pub fn page(self) -> &'static str {
        match self {
            Self::JoinOrganization => Self::Invitation.label(),
            Self::UndoEmailChange => "undo-email-change",
            other => other.label(),
        }
    }
}

/// What a mailed token is made of: the outbox keeps it, and it yields no token without the server
/// key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenSeed {
    /// The server key that makes the token.
    pub key: KeyId,
    /// 256 random bits.
    pub nonce: [u8; 32],
}

/// SHA-256 over purpose and token. A lookup by it needs no constant-time comparison: nobody
/// can steer the hash of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a token as somebody sent it.
    #[must_use]
    pub fn of(purpose: Purpose, token: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(purpose.label().as_bytes());
        hash.update([0]);
        hash.update(token.as_bytes());
        Self(URL_SAFE_NO_PAD.encode(hash.finalize()))
    }

    /// A hash read back from the table.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Base64url without padding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
