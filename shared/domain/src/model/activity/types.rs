use serde_json::{Map, Value};

use super::users::{LogRole, LoggedUser};
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
    /// Who did it; nobody where a stranger or the system did.
    pub actor: Option<LoggedUser>,
    /// The service account that told of it; then it is the system's, and nobody did it.
    pub service_id: Option<UserId>,
    /// Whom it was done to; also the actor, where somebody did it to themselves.
    pub subject: Option<LoggedUser>,
    pub session_id: Option<SessionId>,
    /// From where and with what.
    pub client: Client,
    /// What else is known; no secret.
    pub details: Map<String, Value>,
    /// What few activities have.
    pub extra: Extra,
    /// What the change was allowed on, as it was when the right was looked at: first of all the
    /// account of its administrator. The change is made only while it is so. Not stored.
    pub allowed_on: Vec<AllowedOn>,
}

/// Something that allowed a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOn {
    Account(AccountState),
    /// An organization's own roles, by their version.
    Roles(LogKey, u64),
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
            actor: None,
            service_id: None,
            subject: None,
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

    /// It was done to this user.
    #[must_use]
    pub fn of_user(self, user: impl Into<LoggedUser>) -> Self {
        Self { subject: Some(user.into()), ..self }
    }

    /// This user did it to themselves.
    #[must_use]
    pub fn of_self(self, user: impl Into<LoggedUser>) -> Self {
        let user = user.into();
        Self { actor: Some(user.clone()), subject: Some(user), ..self }
    }

    /// Whom it concerns: the subject, or else the actor.
    #[must_use]
    pub fn concerned(&self) -> Option<&LoggedUser> {
        self.subject.as_ref().or(self.actor.as_ref())
    }

    /// Who has to do with it, and what.
    #[must_use]
    pub fn roles(&self) -> Vec<(UserId, LogRole)> {
        match (&self.actor, &self.subject) {
            (Some(actor), Some(subject)) if actor.id == subject.id => {
                vec![(actor.id, LogRole::Both)]
            }
            (actor, subject) => {
                let actor = actor.iter().map(|actor| (actor.id, LogRole::Actor));
                actor.chain(subject.iter().map(|one| (one.id, LogRole::Subject))).collect()
            }
        }
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
        let actor = Some(caller.user().into());
        Self { organization, actor, ..self.in_session(caller.session().id) }
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
