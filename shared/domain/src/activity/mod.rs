//! The record of what happened.

mod enclosed;
mod event;

pub use enclosed::Enclosed;
pub use event::Event;

pub use crate::organization::PLATFORM;

use serde_json::{Map, Value};

use crate::{
    Ports,
    clock::Timestamp,
    ids::{ActivityId, SessionId, UserId},
    session::{Caller, Client},
};

/// How much an activity matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Happens all the time.
    Info,
    /// Worth a line.
    Low,
    /// An ordinary change.
    Normal,
    /// Somebody should look soon.
    High,
    /// Somebody should look now.
    Critical,
}

impl Severity {
    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What an activity is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Who somebody is.
    Authentication,
    /// Who may do what.
    Authorization,
    /// Things that people keep.
    DataManagement,
    /// The system itself.
    SystemOperation,
    /// Attacks and defences.
    Security,
}

impl Category {
    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Authorization => "authorization",
            Self::DataManagement => "data_management",
            Self::SystemOperation => "system_operation",
            Self::Security => "security",
        }
    }
}

/// One activity. It reaches the table with the write that it tells of: see [`Enclosed`].
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its id, by time.
    pub id: ActivityId,
    /// The organization whose log it is in; that of the session that encloses it where none is said, or else `PLATFORM`.
    pub organization: Option<String>,
    /// What happened.
    pub event: Event,
    /// Whom it concerns.
    pub user_id: Option<UserId>,
    /// In which session.
    pub session_id: Option<SessionId>,
    /// From where and with what.
    pub client: Client,
    /// What else is known; no secret.
    pub details: Map<String, Value>,
    /// When.
    pub at: Timestamp,
}

impl Activity {
    /// That `event` happened just now, to nobody that is known yet.
    #[must_use]
    pub fn new(ports: &Ports, event: Event, client: &Client) -> Self {
        Self {
            id: ports.id(),
            organization: None,
            event,
            user_id: None,
            session_id: None,
            client: client.clone(),
            details: Map::new(),
            at: ports.clock.now(),
        }
    }

    /// It concerns this user.
    #[must_use]
    pub fn of_user(self, user: UserId) -> Self {
        Self { user_id: Some(user), ..self }
    }

    /// It belongs in the log of this organization.
    #[must_use]
    pub fn in_organization(self, organization: &str) -> Self {
        Self { organization: Some(organization.to_owned()), ..self }
    }

    /// It was done by this caller.
    #[must_use]
    pub fn by(self, caller: &Caller) -> Self {
        let organization = caller.organization().map(str::to_owned);
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
