use rolecall_domain::{
    Violation,
    ids::UserId,
    permission::{CheckSubject, Question},
};
use rolecall_http::{Problem, fields::List, input};

input! {
    /// One check: `permission` or `module`.
    pub struct Check as PermissionQuestion {
        /// A permission's code.
        permission: Option<String>,
        /// A module's code.
        module: Option<String>,
    }
}

input! {
    /// One check (`permission` or `module`), or several in `checks`.
    pub struct Input as PermissionCheck {
        /// Up to 100 checks.
        checks: Option<List<Check, 1, 100>>,
        /// The user; the caller by default.
        user_id: Option<UserId>,
        /// The organization; the caller's by default.
        organization: Option<String>,
        /// Whether to explain the result.
        explain: Option<bool>,
        .. one: Check,
    }
}

/// What was asked, and how it is answered.
pub(super) struct Questions {
    pub(super) checks: Vec<Check>,
    pub(super) is_batch: bool,
    pub(super) subject: CheckSubject,
    pub(super) explain: bool,
}

impl TryFrom<Input> for Questions {
    type Error = Problem;

    fn try_from(
        Input { checks, user_id, organization, explain, one }: Input,
    ) -> Result<Self, Problem> {
        let is_batch = checks.is_some();
        let checks = if let Some(List(checks)) = checks {
            one.is_absent()?;
            for (place, check) in checks.iter().enumerate() {
                check.is_one(&format!("checks[{place}]."))?;
            }
            checks
        } else {
            one.is_one("")?;
            vec![one]
        };
        let subject = CheckSubject { user_id, organization };
        Ok(Self { checks, is_batch, subject, explain: explain.unwrap_or_default() })
    }
}

impl Check {
    pub(super) fn question(&self) -> Question<'_> {
        match (&self.permission, &self.module) {
            (Some(code), _) => Question::Permission(code),
            (None, code) => Question::Module(code.as_deref().unwrap_or_default()),
        }
    }

    /// Refuses a question of neither or of both; `within` is where its fields stand.
    fn is_one(&self, within: &str) -> Result<(), Problem> {
        let wrong = |field, code, message: &str| {
            Err(Problem::field(&format!("{within}{field}"), Violation::new(code, message)))
        };
        match (&self.permission, &self.module) {
            (Some(_), None) | (None, Some(_)) => Ok(()),
            (None, None) => wrong("permission", "required", "Give `permission` or `module`."),
            (Some(_), Some(_)) => {
                wrong("module", "ambiguous", "Give `permission` or `module`, not both.")
            }
        }
    }

    /// Refuses a question beside `checks`.
    fn is_absent(&self) -> Result<(), Problem> {
        let field = match (&self.permission, &self.module) {
            (None, None) => return Ok(()),
            (Some(_), _) => "permission",
            (None, Some(_)) => "module",
        };
        let message = "Give `permission` or `module` within `checks`, not beside it.";
        Err(Problem::field(field, Violation::new("ambiguous", message)))
    }
}
