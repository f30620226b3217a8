use rolecall_domain::permission::{Decision, EffectiveRoles, Question};
use rolecall_http::words;
use serde::Serialize;
use utoipa::ToSchema;

/// The result of one check, or `results`.
#[derive(Default, Serialize, ToSchema)]
pub struct CheckResult {
    /// Whether it is allowed; without `checks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed: Option<bool>,
    #[serde(flatten)]
    explanation: Explanation,
    /// The results of `checks`, in their order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    results: Option<Vec<Checked>>,
}

/// The result of one of several checks.
#[derive(Serialize, ToSchema)]
pub struct Checked {
    /// Whether it is allowed.
    allowed: bool,
    #[serde(flatten)]
    explanation: Explanation,
}

/// What `explain` adds to a result.
#[derive(Default, Serialize, ToSchema)]
pub struct Explanation {
    /// Why it is allowed; with `explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    chain: Option<Chain>,
    /// Every reason why it is not allowed; with `explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    blockers: Option<Vec<Blocker>>,
    /// The fewest changes that would allow it; with `explain`. None where the code is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    smallest_grant: Option<Vec<Step>>,
}

/// Why it is allowed: the membership's organization, its role, and what the role grants.
#[derive(Serialize, ToSchema)]
pub struct Chain {
    /// The organization of the membership.
    membership: Option<String>,
    role: String,
    /// The permission, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    permission: Option<String>,
    /// The module, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    module: Option<String>,
}

/// A reason why it is not allowed.
#[derive(Serialize, ToSchema)]
pub struct Blocker {
    #[schema(value_type = words::BlockerCode)]
    code: String,
    /// The role concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<String>,
}

/// A change that helps to allow it.
#[derive(Serialize, ToSchema)]
#[schema(as = SuggestedStep)]
pub struct Step {
    #[schema(value_type = words::GrantStep)]
    step: String,
    /// The role, permission or module concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    code: Option<String>,
}

impl CheckResult {
    pub(super) fn new(mut results: Vec<Checked>, is_batch: bool) -> Self {
        match results.pop() {
            Some(Checked { allowed, explanation }) if !is_batch => {
                Self { allowed: Some(allowed), explanation, results: None }
            }
            last => {
                results.extend(last);
                Self { results: Some(results), ..Self::default() }
            }
        }
    }
}

impl Checked {
    pub(super) fn new(
        effective_roles: &EffectiveRoles<'_>,
        question: Question<'_>,
        organization: Option<&str>,
        explain: bool,
    ) -> Self {
        if !explain {
            let allowed = effective_roles.decide(question).is_allowed();
            return Self { allowed, explanation: Explanation::default() };
        }
        let explanation = effective_roles.explain(question);
        let (permission, module) = match question {
            Question::Permission(code) => (Some(code.to_owned()), None),
            Question::Module(code) => (None, Some(code.to_owned())),
        };
        if let Decision::Allowed(role) = explanation.decision {
            let membership = organization.map(str::to_owned);
            let chain = Some(Chain { membership, role: role.code.to_string(), permission, module });
            let explanation = Explanation { chain, ..Explanation::default() };
            return Self { allowed: true, explanation };
        }
        let blockers = explanation.blockers.iter().map(|(blocker, role)| Blocker {
            code: blocker.as_str().to_owned(),
            role: role.as_ref().map(ToString::to_string),
        });
        let smallest_grant = explanation.smallest_grant.map(|steps| {
            let step = |step: &rolecall_domain::permission::Step| Step {
                step: step.name().to_owned(),
                code: step.code().map(ToString::to_string),
            };
            steps.iter().map(step).collect()
        });
        let blockers = Some(blockers.collect());
        Self { allowed: false, explanation: Explanation { chain: None, blockers, smallest_grant } }
    }
}
