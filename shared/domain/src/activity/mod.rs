//! The record of what happened.

use crate::{
    clock::Timestamp,
    ids::{ActivityId, SessionId, UserId},
};

/// The organization of what has none.
pub const PLATFORM: &str = "PLATFORM";

/// How much an activity matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Somebody should look now.
    Critical,
}

impl Severity {
    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
        }
    }
}

/// What an activity is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Attacks and defences.
    Security,
}

impl Category {
    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Security => "security",
        }
    }
}

/// One activity; written in the transaction of the change that it tells of.
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its id, by time.
    pub id: ActivityId,
    /// The organization whose log it is in.
    pub organization: &'static str,
    /// A name of OWASP's logging vocabulary, or a slug.
    pub activity_type: &'static str,
    /// What it is about.
    pub category: Category,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence.
    pub description: &'static str,
    /// Whether what was tried worked.
    pub success: bool,
    /// Whom it concerns.
    pub user_id: UserId,
    /// In which session.
    pub session_id: SessionId,
    /// From where, as API Gateway saw it.
    pub address: Option<String>,
    /// With what.
    pub agent: Option<String>,
    /// When.
    pub at: Timestamp,
}
