use super::{
    profile::Profile,
    types::{AccountStatus, Email, Username},
};
use crate::model::{clock::Timestamp, ids::UserId, token::TokenHash};

/// An account. It holds no credential: the password's hash stays with the login record.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    pub id: UserId,
    pub username: Username,
    pub email: Email,
    /// Whether the owner proved the address.
    pub email_verified: bool,
    pub profile: Profile,
    pub status: AccountStatus,
    /// Whether only a change of the password is open to its sessions.
    pub must_change_password: bool,
    /// Whether a program signs in with it: what it tracks is the system's, and no person's.
    pub is_service: bool,
    /// Locked by an administrator until then, if that is still to come. Failed sign-ins do not set
    /// it: they lock out unknown devices alone ([`crate::model::session::FailedLogins`]).
    pub locked_until: Option<Timestamp>,
    /// Counts up when every session must end; a session of an older epoch is dead.
    pub epoch: u64,
    /// Counts the passwords; a reset link for an older one is dead.
    pub credential: u64,
    /// Counts the changes; the `ETag`, and the condition of every write.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// Whether a lock holds at `now`.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }

    /// The account with a new password: every session of before is over.
    #[must_use]
    pub fn with_new_password(&self, now: Timestamp) -> Self {
        let (epoch, credential, version) = (self.epoch + 1, self.credential + 1, self.version + 1);
        Self {
            epoch,
            credential,
            version,
            must_change_password: false,
            updated_at: now,
            ..self.clone()
        }
    }
}

/// A sign-up that waits for its address to be proven. It brings in its own password.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// The hash of its verification token: its key.
    pub token: TokenHash,
    /// The account that it will become, status pending.
    pub user: User,
    /// PHC string of the password's hash.
    pub password_hash: String,
    /// Dead from then on.
    pub expires_at: Timestamp,
}
