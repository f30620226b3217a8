use rolecall_domain::{
    code::Code,
    permission::Action,
    words::{Line, Paragraph},
};
use rolecall_http::extract::{self, Fields};
use utoipa::ToSchema;

/// A permission that is to be.
#[derive(ToSchema)]
#[schema(as = NewPermission)]
pub struct Input {
    /// Its code, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    pub(super) code: Code,
    /// The code of its module, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    pub(super) module: Code,
    /// Its name.
    #[schema(value_type = String, max_length = 100)]
    pub(super) name: Line<100>,
    /// What it allows.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub(super) description: Option<Paragraph>,
    /// `create`, `read`, `update`, `delete`, `approve`, `export`, `import` or `execute`.
    #[schema(value_type = String)]
    pub(super) action: Action,
    /// Whether it gives anything; yes when it is missing.
    pub(super) is_active: Option<bool>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let module = fields.required("module", Code::parse);
        let name = fields.required("name", Line::parse);
        let description = fields.optional("description", Paragraph::parse);
        let action = fields.required("action", Action::parse);
        let is_active = fields.choice("is_active");
        Some(Self {
            code: code?,
            module: module?,
            name: name?,
            description: description?,
            action: action?,
            is_active: is_active?,
        })
    }
}
