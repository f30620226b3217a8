use crate::model::{
    account::User,
    client::Client,
    clock::{SignedDuration, Timestamp, after},
    code::Code,
    ids::{OrganizationId, SessionId, UserId},
    organization::{LogKey, Membership, Memberships, UserWithMemberships},
};

/// The living sessions that a user has at most; the oldest ends for a new one.
pub const MOST_SESSIONS: usize = 50;

/// One login and all that descends from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, the `sid` of its access tokens.
    pub id: SessionId,
    pub user_id: UserId,
    /// The organization that it acts in.
    pub organization: Option<Code>,
    /// That organization's id; none of one from before there were ids.
    pub organization_id: Option<OrganizationId>,
    /// When the membership there began, as it says itself; dead when that is another one.
    pub member_since: Option<Timestamp>,
    /// The user's epoch at login; dead when the user's is another.
    pub epoch: u64,
    /// Counts the rotations: the token of this number is the live one.
    pub generation: u32,
    /// When the live token was made.
    pub rotated_at: Timestamp,
    /// The highest generation whose access token was seen in use.
    pub access_used_generation: u32,
    /// The live refresh token is dead from then on.
    pub refresh_expires_at: Timestamp,
    /// The session is dead from then on, whatever happens.
    pub ends_at: Timestamp,
    /// When it was ended, by its owner or for reuse.
    pub ended_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last seen, to the minute.
    pub last_activity: Timestamp,
    /// From where it was made.
    pub client: Client,
    /// The page that its client last said it shows.
    pub page: Option<String>,
}

impl Session {
    /// The log that what it does belongs to; none where it acts in no organization.
    #[must_use]
    pub fn log_key(&self) -> Option<LogKey> {
        self.organization.as_ref().map(|code| LogKey::new(code, self.organization_id))
    }

    /// Whether it may be used at all at `now`.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.ends_at > now
    }

    /// When it is over unless it is renewed.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.refresh_expires_at.min(self.ends_at)
    }

    /// Whether somebody is signed in with it, as its owner is now: who left an organization is not
    /// in it any more.
    #[must_use]
    pub fn is_active(&self, owner: &UserWithMemberships, now: Timestamp) -> bool {
        self.is_alive(now)
            && self.expires_at() > now
            && self.epoch == owner.user.epoch
            && (self.organization.is_none() || self.membership(&owner.memberships).is_some())
    }

    /// The membership in which it acts: one that began later is another one.
    pub(crate) fn membership<'a>(&self, memberships: &'a Memberships) -> Option<&'a Membership> {
        let membership = memberships.of(self.organization.as_ref()?.as_str())?;
        (membership.since == self.member_since).then_some(membership)
    }
}

/// That somebody was seen in a session. It is kept for a few minutes, and says where to look, not
/// what is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The organization in which they were seen; `PLATFORM` for users without one.
    pub organization: LogKey,
    pub user_id: UserId,
    pub session_id: SessionId,
    pub at: Timestamp,
}

impl Presence {
    /// That the user of a session was seen in it.
    #[must_use]
    pub fn of(session: &Session, at: Timestamp) -> Self {
        Self {
            organization: session.log_key().unwrap_or_else(LogKey::platform),
            user_id: session.user_id,
            session_id: session.id,
            at,
        }
    }
}

/// Somebody who was seen lately, in one session or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenUser {
    pub user_id: UserId,
    pub sessions: Vec<SessionId>,
}

/// Somebody who is there, in the session that they used last.
#[derive(Debug, Clone)]
pub struct ActiveUser {
    pub user: User,
    pub session: Session,
}

/// Where a session is to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActsIn {
    pub organization: Code,
    /// That organization's id; none of one from before there were ids.
    pub organization_id: Option<OrganizationId>,
    /// When the membership there began, as it says itself.
    pub member_since: Option<Timestamp>,
}

impl From<&Membership> for ActsIn {
    fn from(membership: &Membership) -> Self {
        Self {
            organization: membership.organization.clone(),
            organization_id: membership.id,
            member_since: membership.since,
        }
    }
}

/// One use of a refresh token, as the store sees it.
#[derive(Debug, Clone, Copy)]
pub struct Rotation {
    pub user_id: UserId,
    pub session_id: SessionId,
    /// The generation of the token that was presented.
    pub presented: u32,
    pub now: Timestamp,
    /// How long the next refresh token lives.
    pub lifetime: SignedDuration,
}

impl Rotation {
    /// When the next refresh token is over.
    #[must_use]
    pub fn refresh_expires_at(&self) -> Timestamp {
        after(self.now, self.lifetime)
    }
}
