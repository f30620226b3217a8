use super::{
    email_change::{FormerEmail, PendingEmail, UndoLink},
    erasure::Erasure,
    profile::Profile,
    types::{AccountStatus, Email, Username},
};
use crate::model::{
    client::Network,
    clock::{SignedDuration, Timestamp, after},
    ids::UserId,
    log_key::LogKey,
    text::canonical,
    token::TokenHash,
    violation::Violation,
    words::Line,
};

/// An account. It holds no credential: the password's hash stays with the login record.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    pub id: UserId,
    pub username: Username,
    pub email: Email,
    /// Whether the owner proved the address.
    pub email_verified: bool,
    /// The last wish for another address, until it is confirmed or stopped. See
    /// [`waiting_email`](Self::waiting_email).
    pub pending_email: Option<PendingEmail>,
    /// The addresses of before that may come back, the oldest first.
    pub former_emails: Vec<FormerEmail>,
    pub profile: Profile,
    pub status: AccountStatus,
    /// Of a deleted account: what it was before, and is again when it is restored.
    pub restores_to: Option<AccountStatus>,
    /// How far it is, where a deleted account is to be erased.
    pub erasure: Option<Erasure>,
    /// Whether only a change of the password is open to its sessions.
    pub must_change_password: bool,
    /// Whether it is a program's: what it tracks is the system's, and no person's.
    pub is_service: bool,
    /// What another system called the account that it came from.
    pub external_id: Option<Line<200>>,
    /// The organization whose invitation made the account: its administrators may change it as long
    /// as it belongs nowhere else. None of one that its owner made, and of one from before this was
    /// noted.
    pub invited_by: Option<LogKey>,
    /// Locked by an administrator until then, if that is still to come. Failed sign-ins do not set
    /// it: they lock out unknown devices alone ([`crate::model::session::FailedLogins`]).
    pub locked_until: Option<Timestamp>,
    /// Counts up when every session must end; a session of an older epoch is dead.
    pub epoch: u64,
    /// Counts the passwords; a reset link for an older one is dead.
    pub credential: u64,
    /// API keys that were made by then are over.
    pub keys_ended_at: Option<Timestamp>,
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
    /// used does not, and neither does one that is erased.
    #[must_use]
    pub fn holds_names(&self) -> bool {
        let was_never_used = self.restores_to == Some(AccountStatus::Pending);
        self.status != AccountStatus::Deleted || (!was_never_used && !self.is_nameless())
    }

    /// The account with another status; leaving `active` ends every session, and deleting it every
    /// key, too.
    #[must_use]
    pub fn with_status(&self, status: AccountStatus, now: Timestamp) -> Self {
        if status == self.status {
            return self.clone();
        }
        let ends = self.status == AccountStatus::Active;
        Self {
            status,
            restores_to: (status == AccountStatus::Deleted).then_some(self.status),
            keys_ended_at: if status == AccountStatus::Deleted {
                Some(now)
            } else {
                self.keys_ended_at
            },
            erasure: None,
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

/// How an account is made.
impl User {
    /// An account that waits, with nothing but its names.
    #[must_use]
    pub fn new(id: UserId, username: Username, email: Email, now: Timestamp) -> Self {
        Self {
            id,
            username,
            email,
            email_verified: false,
            pending_email: None,
            former_emails: Vec::new(),
            profile: Profile::default(),
            status: AccountStatus::Pending,
            restores_to: None,
            erasure: None,
            must_change_password: false,
            is_service: false,
            external_id: None,
            invited_by: None,
            locked_until: None,
            epoch: 0,
            credential: 0,
            keys_ended_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// How an account is looked for.
impl User {
    /// Whether a name, the username or the address begins so, whatever the case.
    #[must_use]
    pub fn is_found_by(&self, prefix: &str) -> bool {
        let prefix = canonical(prefix);
        self.search_words().iter().any(|word| word.starts_with(&prefix))
    }
}

/// How an account is erased.
impl User {
    /// When the account is to be erased.
    #[must_use]
    pub fn erase_at(&self) -> Option<Timestamp> {
        match self.erasure {
            Some(Erasure::Due(at)) => Some(at),
            _ => None,
        }
    }

    /// When the account was erased.
    #[must_use]
    pub fn erased_at(&self) -> Option<Timestamp> {
        match self.erasure {
            Some(Erasure::Done(at)) => Some(at),
            _ => None,
        }
    }

    /// Whether it has no name and no address any more.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        matches!(self.erasure, Some(Erasure::Begun(_) | Erasure::Done(_)))
    }

    /// The deleted account, to be erased then.
    #[must_use]
    pub fn to_be_erased(&self, at: Timestamp, now: Timestamp) -> Self {
        let (erasure, version) = (Some(Erasure::Due(at)), self.version + 1);
        Self { erasure, version, updated_at: now, ..self.clone() }
    }

    /// The account with nothing but its id, and when it was made: its name and address are free. No
    /// errors, as an id makes both.
    pub fn nameless(&self, now: Timestamp) -> Result<Self, Violation> {
        let dense = self.id.to_string().replace('-', "");
        let username = Username::stored(&format!("erased-{dense}"))?;
        // No mail goes there (RFC 2606 §2).
        let email = Email::parse(&format!("{dense}@erased.invalid"))?;
        Ok(Self {
            status: AccountStatus::Deleted,
            erasure: Some(Erasure::Begun(now)),
            is_service: self.is_service,
            epoch: self.epoch,
            credential: self.credential,
            version: self.version + 1,
            created_at: self.created_at,
            ..Self::new(self.id, username, email, now)
        })
    }

    /// The account of which nothing tells who it was any more.
    #[must_use]
    pub fn erased(&self, now: Timestamp) -> Self {
        let (erasure, version) = (Some(Erasure::Done(now)), self.version + 1);
        Self { erasure, version, updated_at: now, ..self.clone() }
    }
}

/// Changes of the address, and how they are taken back.
impl User {
    /// The change of address that waits at `now`.
    #[must_use]
    pub fn waiting_email(&self, now: Timestamp) -> Option<&PendingEmail> {
        self.pending_email.as_ref().filter(|one| one.ends_at > now && one.epoch == self.epoch)
    }

    /// The account with that wish, or without any.
    #[must_use]
    pub fn with_pending_email(&self, pending_email: Option<PendingEmail>, now: Timestamp) -> Self {
        let version = self.version + 1;
        Self { pending_email, version, updated_at: now, ..self.clone() }
    }

    /// When the address can change to that one, where it changed too often lately. Going back is
    /// possible at any time.
    #[must_use]
    pub fn may_move_from(&self, email: &Email, now: Timestamp) -> Option<Timestamp> {
        let kept: Vec<_> = self.former_emails.iter().filter(|one| one.is_kept(now)).collect();
        let is_back = kept.iter().any(|one| one.email.key() == email.key());
        let oldest = kept.first().map(|one| one.until);
        oldest.filter(|_| kept.len() >= FormerEmail::MOST && !is_back)
    }

    /// The account at a proven address. The one of before is former from now on, and `undo` brings
    /// it back; but where the account goes back to a former address, all that came behind that one
    /// is forgotten: who read a mailbox meanwhile has no link to come back with.
    #[must_use]
    pub fn moved_to(&self, email: Email, undo: TokenHash, now: Timestamp) -> Self {
        let mut former: Vec<FormerEmail> =
            self.former_emails.iter().filter(|one| one.is_kept(now)).cloned().collect();
        match former.iter().position(|one| one.email.key() == email.key()) {
            Some(place) => former.truncate(place),
            None => former.push(FormerEmail {
                email: self.email.clone(),
                undo,
                until: after(now, FormerEmail::PERIOD),
            }),
        }
        Self {
            email,
            email_verified: true,
            former_emails: former,
            ..self.with_pending_email(None, now)
        }
    }

    /// What a token does to the account; `None` where it is no undo link of it, or one that brings
    /// an address back and was made before everything was ended.
    #[must_use]
    pub fn undo_link(
        &self,
        token: &TokenHash,
        ended_before: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<UndoLink> {
        if let Some(one) = self.pending_email.as_ref().filter(|one| one.stop == *token) {
            return Some(if one.ends_at > now { UndoLink::Stop } else { UndoLink::Over });
        }
        let is_left = |one: &&FormerEmail| ended_before.is_none_or(|at| one.made_at() > at);
        let one = self.former_emails.iter().find(|one| one.undo == *token).filter(is_left)?;
        Some(if one.is_kept(now) { UndoLink::Restore } else { UndoLink::Over })
    }

    /// The account back at the former address of `undo`. Whoever has the link reads that mailbox,
    /// so it counts as proven. What changed it may have been a thief: every session and key ends,
    /// every link of before is dead, and so are those of the addresses that came behind it.
    #[must_use]
    pub fn restored(&self, undo: &TokenHash, now: Timestamp) -> Option<Self> {
        let place =
            self.former_emails.iter().position(|one| one.undo == *undo && one.is_kept(now))?;
        Some(Self {
            email: self.former_emails.get(place)?.email.clone(),
            email_verified: true,
            former_emails: self.former_emails.iter().take(place).cloned().collect(),
            pending_email: None,
            keys_ended_at: Some(now),
            ..self.with_new_password(now)
        })
    }

    /// The account whose address a mailed link proved. The first proof ends what was set up before
    /// by whoever typed the address: wishes, and links that bring another address back; and, where
    /// the account's own credential did not come with it, the keys that were made by `now`.
    #[must_use]
    pub fn with_proven_email(self, has_credential: bool, now: Timestamp) -> Self {
        if self.email_verified {
            return self;
        }
        let keys_ended_at = if has_credential { self.keys_ended_at } else { Some(now) };
        let (pending_email, former_emails) = (None, Vec::new());
        Self { email_verified: true, pending_email, former_emails, keys_ended_at, ..self }
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
