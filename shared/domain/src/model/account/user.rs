use super::{
    profile::Profile,
    types::{AccountStatus, Email, Username},
};
use crate::model::{
    client::Network,
    clock::{SignedDuration, Timestamp},
    ids::UserId,
    token::TokenHash,
};

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
    /// Of a deleted account: what it was before, and is again when it is restored.
    pub restores_to: Option<AccountStatus>,
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

    /// Whether it keeps its address and username for itself: a deleted account that nobody ever
    /// used does not.
    #[must_use]
    pub fn holds_names(&self) -> bool {
        self.status != AccountStatus::Deleted || self.restores_to != Some(AccountStatus::Pending)
    }

    /// The account with another status; leaving `active` ends every session.
    #[must_use]
    pub fn with_status(&self, status: AccountStatus, now: Timestamp) -> Self {
        if status == self.status {
            return self.clone();
        }
        let ends = self.status == AccountStatus::Active;
        Self {
            status,
            restores_to: (status == AccountStatus::Deleted).then_some(self.status),
            epoch: self.epoch + u64::from(ends),
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        }
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

/// A sign-up that waits for its address to be proven. It is nobody until then and holds no name.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// The account that it may become, status pending.
    pub user: User,
    /// The password's hash, sealed.
    pub password_hash: String,
    /// Where it came from: one waits an address and network.
    pub network: Network,
    /// Dead from then on.
    pub expires_at: Timestamp,
}

impl SignUp {
    /// How long one waits. Its links are good for a shorter time; another one is mailed to whoever
    /// names the address alone.
    pub const WAITS: SignedDuration = SignedDuration::from_hours(7 * 24);
    /// How many of an address wait: a newer one takes the oldest one's place.
    pub const MOST: usize = 5;

    /// The newest of an address's sign-ups that wait, newest first, and the networks of those that
    /// do not wait any more.
    #[must_use]
    pub fn waiting(mut all: Vec<Self>, now: Timestamp) -> (Vec<Self>, Vec<Network>) {
        all.sort_by_key(|one| std::cmp::Reverse(one.user.created_at));
        let mut over = all.split_off(all.len().min(Self::MOST));
        let (waiting, late): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| one.expires_at > now);
        over.extend(late);
        (waiting, over.into_iter().map(|one| one.network).collect())
    }
}

/// The use of what was handed out to be used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// The hash of what was handed out.
    pub hash: TokenHash,
    /// It would be over from then on.
    pub ends_at: Timestamp,
}
