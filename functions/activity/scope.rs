use rolecall_domain::{
    UseCaseError, Violation,
    activity::{LogError, LogRefusal, Scope},
    activity_stats::EVERYTHING,
    clock::Timestamp,
    permission::Authorization,
};
use rolecall_http::{ErrorCode, Problem, fields::Text, input, texts};

use crate::Context;

input! {
    /// Whose log is asked for.
    pub struct ScopeQuery as ScopeQuery {
        /// Another organization, or `*` for all; super admins only. One that is gone by its code
        /// and id: `CODE@id`.
        organization: Option<Text<1, 101>>,
    }
}

/// An instant of a query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instant(pub(super) Timestamp);

texts! {
    Instant: instant, { "format": "date-time" };
}

impl ScopeQuery {
    /// The organization, or `*`.
    pub(super) fn organization(&self) -> Option<&str> {
        self.organization.as_ref().map(Text::as_str)
    }
}

fn instant(text: &str) -> Result<Instant, Violation> {
    text.parse().map(Instant).map_err(|_| {
        Violation::new("invalid_time", "An instant in RFC 3339: 2026-11-23T10:02:00.000Z.")
    })
}

/// The log whose statistics are asked for.
pub(super) async fn log(
    ctx: &Context,
    authorization: &Authorization,
    asked: Option<&str>,
) -> Result<String, Problem> {
    Ok(match Scope::of(&ctx.ports, authorization, asked).await.map_err(problem)? {
        Scope::Of(organization) => organization.to_string(),
        Scope::Everything => EVERYTHING.to_owned(),
    })
}

/// Why a list is refused.
pub(super) fn problem(error: LogError) -> Problem {
    match error {
        UseCaseError::Refused(LogRefusal::Forbidden) => Problem::new(
            ErrorCode::Forbidden,
            "Only super admins read the log of another organization.",
        ),
        UseCaseError::Refused(LogRefusal::NeedsRight) => Problem::new(
            ErrorCode::Forbidden,
            "Without the right activities.read one reads one's own: name oneself in user_id or \
             subject_id.",
        ),
        UseCaseError::Refused(LogRefusal::TooManyOrganizations) => Problem::field(
            "organization",
            Violation::new("too_many", "There are more than 200 organizations: name one."),
        ),
        UseCaseError::Store(error) => error.into(),
        other => Problem::bug(other.to_string()),
    }
}
