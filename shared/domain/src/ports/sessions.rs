use super::error::StoreError;
use crate::model::{
    activity::PendingEvents,
    clock::Timestamp,
    code::Code,
    ids::{SessionId, UserId, WriteId},
    organization::UserWithMemberships,
    session::{ActsIn, CallerRecord, Presence, Rotation, SeenUser, Session},
};

/// The outcome of a rotation.
#[derive(Debug, Clone)]
pub enum Rotated {
    /// The counter moved; the session as it is now.
    Moved(Session),
    /// It did not; the session as it is, if there is one.
    Refused(Option<Session>),
}

/// The use of an access token.
#[derive(Debug, Clone)]
pub struct Use {
    pub user_id: UserId,
    pub session_id: SessionId,
    /// The generation whose access token was used for the first time.
    pub first_of: Option<u32>,
    /// That the user was seen, once a minute.
    pub seen: Option<Seen>,
    /// The first page that its client told, where the minute is not over: `last_activity` is
    /// written once a minute.
    pub first_page: Option<String>,
}

/// That a user was seen.
#[derive(Debug, Clone)]
pub struct Seen {
    pub at: Timestamp,
    /// It counts only if the user was not seen after this.
    pub not_since: Timestamp,
    /// The page that the client says it shows.
    pub page: Option<String>,
}

/// Sessions. All reads are strongly consistent.
#[trait_variant::make(Send)]
pub trait SessionStore: Send + Sync {
    /// MUST write a new session with its record, and never over one that is there.
    async fn start_session(
        &self,
        session: &Session,
        pending_events: &PendingEvents,
    ) -> Result<(), StoreError>;
    /// Notes the day of a sign-in at an account; MUST leave a later one.
    async fn note_login(&self, user: UserId, day: Timestamp) -> Result<(), StoreError>;
    /// Lists a session among those of its user that may be alive, and answers all of them: MUST be
    /// one write, so that of two at the same time one sees the other. Ending one takes it off.
    async fn list_living(&self, session: &Session) -> Result<Vec<SessionId>, StoreError>;
    /// Everything about a caller, and about the organization that they say they act in: MUST be one
    /// round trip. Without a session none is read.
    async fn caller(
        &self,
        user: UserId,
        session: Option<SessionId>,
        organization: Option<&Code>,
    ) -> Result<CallerRecord, StoreError>;
    /// Those of some organizations that are closed, 50 at most; read eventually, as the gate asks
    /// again.
    async fn closed_organizations(&self, codes: &[Code]) -> Result<Vec<Code>, StoreError>;
    /// MUST move the counter from `presented` to the next in one conditional write, only while the
    /// session is alive and its refresh token not over, and tell the state that refused without a
    /// second read.
    async fn rotate_session(
        &self,
        rotation: Rotation,
        pending_events: &PendingEvents,
    ) -> Result<Rotated, StoreError>;
    /// MUST have the session act there, with its record, in one conditional write, only while it is
    /// alive; answers it as it is then. Its refresh token stays the one that it was.
    async fn switch_session(
        &self,
        user: UserId,
        session: SessionId,
        acts_in: &ActsIn,
        pending_events: &PendingEvents,
    ) -> Result<Option<Session>, StoreError>;
    /// MUST end the session if it is there and alive, with its record; ending a dead one writes
    /// nothing. Tells whether there is such a session, dead or alive.
    async fn end_session(
        &self,
        user: UserId,
        session: SessionId,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// MUST end the session if it is there, dead or alive, and note that its device is lost until
    /// then; for an administrator only while
    /// [`Activity::allowed_on`](crate::activity::Activity::allowed_on) holds. Tells whether it is
    /// there.
    async fn lose_session(
        &self,
        user: UserId,
        session: SessionId,
        pending_events: &PendingEvents,
        now: Timestamp,
        until: Timestamp,
        write: WriteId,
    ) -> Result<bool, StoreError>;
    /// Whether the device of a session is lost; read eventually, as it opens nothing by itself.
    async fn is_lost(&self, user: UserId, session: SessionId) -> Result<bool, StoreError>;
    /// Notes a use; of a dead session it notes nothing. Of uses at the same moment MUST note one.
    async fn note_use(&self, usage: &Use) -> Result<(), StoreError>;
    /// A user's sessions, newest first, at most `limit`, older than `before`.
    async fn sessions(
        &self,
        user: UserId,
        before: Option<SessionId>,
        limit: usize,
    ) -> Result<Vec<Session>, StoreError>;
}

/// Who was seen lately.
#[trait_variant::make(Send)]
pub trait PresenceStore: Send + Sync {
    /// Notes that somebody was seen: one write that touches no item of anybody else.
    async fn note_presence(&self, presence: &Presence, shards: u8) -> Result<(), StoreError>;
    /// People of an organization by id, behind `after`, that were seen at `since` or later: at most
    /// `limit`, with the sessions that they used last
    /// ([`MOST_SESSIONS`](crate::session::MOST_SESSIONS)); and whether there may be more. MUST cost
    /// the same whatever else the table holds. Read eventually: nothing is decided on it.
    async fn seen_users(
        &self,
        organization: &str,
        since: Timestamp,
        now: Timestamp,
        after: Option<UserId>,
        limit: usize,
        shards: u8,
    ) -> Result<(Vec<SeenUser>, Option<UserId>), StoreError>;
    /// Their accounts and sessions as they are now, in the same order, without those that are no
    /// more: MUST be strongly consistent.
    async fn as_they_are(
        &self,
        seen: &[SeenUser],
    ) -> Result<Vec<(UserWithMemberships, Vec<Session>)>, StoreError>;
}
