use crate::model::{account::User, ids::UserId};

/// Somebody in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedUser {
    pub id: UserId,
    /// The username of then; unknown where only the id was at hand, and once the user is erased.
    pub username: Option<String>,
}

impl From<&User> for LoggedUser {
    fn from(user: &User) -> Self {
        Self { id: user.id, username: Some(user.username.as_str().to_owned()) }
    }
}

impl From<UserId> for LoggedUser {
    fn from(id: UserId) -> Self {
        Self { id, username: None }
    }
}

/// What somebody has to do with an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogRole {
    /// Did it, to somebody else or to nobody.
    Actor,
    /// It was done to them, by somebody else or by nobody.
    Subject,
    /// Did it to themselves.
    Both,
}

impl LogRole {
    /// Its name in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Subject => "subject",
            Self::Both => "both",
        }
    }
}
