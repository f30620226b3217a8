use crate::{
    clock::{SignedDuration, Timestamp, after},
    ids::{SessionId, UserId},
    text::tame,
};

/// From where and with what somebody calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The address that API Gateway saw.
    pub address: Option<String>,
    /// `User-Agent`, at most 256 characters, control characters replaced.
    pub agent: Option<String>,
}

impl Client {
    /// A client as the gateway tells of it.
    #[must_use]
    pub fn new(address: Option<&str>, agent: Option<&str>) -> Self {
        Self { address: address.map(|text| tame(text, 64)), agent: agent.map(|text| tame(text, 256)) }
    }
}

/// One login and all that descends from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, the `sid` of its access tokens.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
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
}

impl Session {
    /// Whether it may be used at all at `now`.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.ends_at > now
    }
}

/// One use of a refresh token, as the store sees it.
#[derive(Debug, Clone, Copy)]
pub struct Rotation {
    /// Whose session.
    pub user_id: UserId,
    /// Which session.
    pub session_id: SessionId,
    /// The generation of the token that was presented.
    pub presented: u32,
    /// Now.
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
