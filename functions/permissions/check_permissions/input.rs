use rolecall_domain::{
    Violation,
    permission::{CheckSubject, Question},
};
use rolecall_http::extract::{self, Fields};
use utoipa::ToSchema;

/// The most questions of one request.
const MOST: usize = 100;

/// What is asked: `permission`, `module` or `checks`; about whom, where, and whether to say why.
pub struct Input {
    pub(super) checks: Vec<Check>,
    pub(super) is_batch: bool,
    pub(super) asked: CheckSubject,
    pub(super) explain: bool,
}

/// One question: `permission` or `module`.
#[derive(Debug, ToSchema)]
#[schema(as = PermissionQuestion)]
pub struct Check {
    /// A permission's code.
    permission: Option<String>,
    /// A module's code.
    module: Option<String>,
}

/// As the document describes [`Input`].
#[derive(ToSchema)]
#[schema(as = PermissionCheck)]
#[expect(dead_code, reason = "it is described and never made")]
pub struct Body {
    /// A permission's code.
    permission: Option<String>,
    /// A module's code.
    module: Option<String>,
    /// Up to 100 questions.
    checks: Option<Vec<Check>>,
    /// About whom; the caller when it is missing.
    #[schema(format = "uuid")]
    user_id: Option<String>,
    /// In which organization; the caller's when it is missing.
    organization: Option<String>,
    /// Whether to say why.
    explain: Option<bool>,
}

impl Check {
    pub(super) fn question(&self) -> Question<'_> {
        match (&self.permission, &self.module) {
            (Some(code), _) => Question::Permission(code),
            (None, code) => Question::Module(code.as_deref().unwrap_or_default()),
        }
    }
}

impl extract::Input for Check {
    fn read(fields: &mut Fields) -> Option<Self> {
        let permission = fields.optional("permission", |text| Ok(text.to_owned()));
        let module = fields.optional("module", |text| Ok(text.to_owned()));
        let check = Self { permission: permission?, module: module? };
        match (&check.permission, &check.module) {
            (Some(_), None) | (None, Some(_)) => Some(check),
            (None, None) => fields
                .refuse("permission", Violation::new("required", "Give `permission` or `module`.")),
            (Some(_), Some(_)) => fields.refuse(
                "module",
                Violation::new("ambiguous", "Give `permission` or `module`, not both."),
            ),
        }
    }
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let checks = fields.list::<Check>("checks", MOST);
        let user_id = fields.optional("user_id", |text| {
            text.parse()
                .map_err(|_| Violation::new("invalid_id", "A user id is a lower-case UUID."))
        });
        let organization = fields.optional("organization", |text| Ok(text.to_owned()));
        let explain = fields.flag("explain");
        let one = if matches!(checks, Some(Some(_))) { None } else { Some(Check::read(fields)) };
        let asked = CheckSubject { user_id: user_id?, organization: organization? };
        let (checks, is_batch) = match checks? {
            Some(checks) => (checks, true),
            None => (vec![one??], false),
        };
        Some(Self { checks, is_batch, asked, explain: explain? })
    }
}
