use serde_json::{Map, Value};

use crate::model::{
    client::Client,
    clock::Timestamp,
    event::{Event, What},
    ids::{ActivityId, SessionId, UserId},
    organization::{AccountState, LogKey},
    process::Process,
    session::Caller,
};

/// One activity. It reaches the table with the write that it tells of: see
/// [`super::PendingEvents`].
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its id, by time.
    pub id: ActivityId,
    /// The organization whose log it is in; that of the session that carries it where none is
    /// said, or else `PLATFORM`.
    pub organization: Option<LogKey>,
    pub what: What,
    pub user_id: Option<UserId>,
    pub session_id: Option<SessionId>,
    /// From where and with what.
    pub client: Client,
    /// What else is known; no secret.
    pub details: Map<String, Value>,
    /// What few activities have.
    pub extra: Extra,
    /// Accounts that the change was allowed on: its administrator's, as it was when the right was
    /// looked at. The change is made only while they are so. Not stored.
    pub allowed_on: Vec<AccountState>,
}

/// What few activities have.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra {
    pub error_message: Option<String>,
    /// What a client keeps beside the details; no secret.
    pub metadata: Map<String, Value>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// How long it took, in microseconds.
    pub micros: Option<u64>,
    /// What it was done to: type and id.
    pub related: Option<(String, String)>,
    /// The request that it was part of.
    pub request_id: Option<String>,
}

impl Activity {
    /// That `event` happened just now, to nobody that is known yet.
    #[must_use]
    pub fn new(process: &Process, event: Event, client: &Client) -> Self {
        Self {
            id: process.id(),
            organization: None,
            what: event.into(),
            user_id: None,
            session_id: None,
            client: client.clone(),
            details: Map::new(),
            extra: Extra::default(),
            allowed_on: Vec::new(),
        }
    }

    /// When it happened: its id tells.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.id.made_at()
    }

    /// It concerns this user.
    #[must_use]
    pub fn of_user(self, user: UserId) -> Self {
        Self { user_id: Some(user), ..self }
    }

    /// It belongs in the log of this organization.
    #[must_use]
    pub fn in_log(self, organization: &LogKey) -> Self {
        Self { organization: Some(organization.clone()), ..self }
    }

    /// It was done by this caller.
    #[must_use]
    pub fn by(self, caller: &Caller) -> Self {
        let organization = caller.session().log_key();
        Self { organization, ..self.in_session(caller.session().id) }
    }

    /// It happened in this session.
    #[must_use]
    pub fn in_session(self, session: SessionId) -> Self {
        Self { session_id: Some(session), ..self }
    }

    /// One thing more that is known.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}
