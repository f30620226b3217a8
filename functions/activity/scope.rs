use rolecall_domain::{
    UseCaseError, Violation,
    activity::{LogError, LogRefusal, Scope},
    activity_stats::EVERYTHING,
    clock::Timestamp,
    permission::Authorization,
};
use rolecall_http::{
    ErrorCode, Problem,
    extract::{self, Fields},
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
            _ => Err(Violation::new("invalid", "A code, or `*` for all.")),
        });
        Some(Self { organization: organization? })
    }
}

impl extract::Input for ScopeQuery {
    fn read(fields: &mut Fields) -> Option<Self> {
        Self::read(fields)
    }
}

/// An instant of a query.
pub(super) fn instant(text: &str) -> Result<Timestamp, Violation> {
    text.parse().map_err(|_| {
        Violation::new("invalid_time", "An instant in RFC 3339: 2026-11-23T10:02:00.000Z.")
    })
}

/// The log whose statistics are asked for.
pub(super) fn log(authorization: &Authorization, asked: Option<&str>) -> Result<String, Problem> {
    Ok(match Scope::of(authorization, asked).map_err(problem)? {
        Scope::Of(organization) => organization,
        Scope::Everything => EVERYTHING.to_owned(),
    })
}

/// What stands in a list's way.
pub(super) fn problem(error: LogError) -> Problem {
    match error {
        UseCaseError::Refused(LogRefusal::Forbidden) => Problem::new(
            ErrorCode::Forbidden,
            "Only super admins read the log of another organization.",
        ),
        UseCaseError::Refused(LogRefusal::TooManyOrganizations) => Problem::field(
            "organization",
            Violation::new(
                "too_many",
                "There are more than 200 organizations: name one, a user or a type.",
            ),
        ),
        UseCaseError::Store(error) => error.into(),
        other => Problem::bug(other.to_string()),
    }
}
