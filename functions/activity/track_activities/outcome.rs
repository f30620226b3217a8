use rolecall_domain::activity::Activity;
use rolecall_http::{ErrorCode, Problem, ProblemBody};
use serde::Serialize;
use utoipa::ToSchema;

/// The outcomes.
#[derive(Serialize, ToSchema)]
pub struct Tracked {
    /// In the order of `activities`.
    results: Vec<Outcome>,
}

/// An id, or a problem.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Outcome {
    /// It is recorded.
    Recorded(Recorded),
    /// It is not.
    Problem(ProblemBody),
}

/// The activity's id.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordedActivity)]
pub struct Recorded {
    #[schema(format = "uuid")]
    id: String,
}

impl Tracked {
    /// Puts the outcomes of the good ones between the problems of the others.
    pub(super) fn new<'a>(
        wrong: &[Option<ProblemBody>],
        mut tracked: impl Iterator<Item = Option<&'a Activity>>,
        request_id: &str,
    ) -> Self {
        let results = wrong.iter().map(|wrong| match wrong {
            Some(problem) => Outcome::Problem(problem.clone()),
            None => match tracked.next().flatten() {
                Some(activity) => Outcome::Recorded(Recorded { id: activity.id.to_string() }),
                None => Outcome::Problem(
                    Problem::new(ErrorCode::Unavailable, "Send this one again.").body(request_id),
                ),
            },
        });
        Self { results: results.collect() }
    }
}
