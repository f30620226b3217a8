use rolecall_domain::{
    Violation,
    activity::{LogError, Untracked},
};
use rolecall_http::{
    Answer, Code, Problem,
    extract::{self, Fields},
    idempotency,
};

/// Whose log is asked for.
pub(super) struct ScopeQuery {
    pub(super) organization: Option<String>,
}

impl ScopeQuery {
    /// Takes `organization`.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let organization = fields.optional("organization", |text| match text.len() {
            1..=64 => Ok(text.to_owned()),
            _ => Err(Violation::new("invalid", "A code, or `*` for everything.")),
        });
        Some(Self { organization: organization? })
    }
}

impl extract::Input for ScopeQuery {
    fn read(fields: &mut Fields) -> Option<Self> {
        Self::read(fields)
    }
}

/// What stands in a list's way.
pub(super) fn problem(error: LogError) -> Problem {
    match error {
        LogError::Forbidden => Problem::new(Code::Forbidden, "The log of another organization is for super admins."),
        LogError::TooMany => Problem::field(
            "organization",
            Violation::new("too_many", "There are more than 200 organizations: name one, a user or a type."),
        ),
        LogError::Store(error) => error.into(),
    }
}

/// The answer to whoever's activities were not tracked.
pub(super) fn untracked(error: Untracked) -> Answer {
    match error {
        Untracked::Again(first) => idempotency::again(first),
        Untracked::KeyReused => Err(Problem::new(Code::IdempotencyKeyReused, "Send a new Idempotency-Key with another request.")),
        Untracked::Store(error) => Err(error.into()),
    }
}
