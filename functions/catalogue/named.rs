use rolecall_domain::{
    Patch,
    code::Code,
    words::{Line, Paragraph},
};
use rolecall_http::extract::Fields;
use utoipa::ToSchema;

/// What every definition that is to be has.
#[derive(ToSchema)]
pub struct NewNamed {
    /// Its code, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    pub(super) code: Code,
    /// Its name.
    #[schema(value_type = String, max_length = 100)]
    pub(super) name: Line<100>,
    /// What it is.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub(super) description: Option<Paragraph>,
    /// Whether it gives anything; yes when it is missing.
    #[schema(value_type = Option<bool>)]
    pub(super) is_active: bool,
}

impl NewNamed {
    /// Takes them.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let name = fields.required("name", Line::parse);
        let description = fields.optional("description", Paragraph::parse);
        let is_active = fields.choice("is_active");
        Some(Self {
            code: code?,
            name: name?,
            description: description?,
            is_active: is_active?.unwrap_or(true),
        })
    }
}

/// What changes of every definition.
#[derive(ToSchema)]
pub struct NamedPatch {
    /// Its name.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub(super) name: Option<Line<100>>,
    /// What it is; `null` clears it.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub(super) description: Patch<Paragraph>,
    /// Whether it gives anything.
    pub(super) is_active: Option<bool>,
}

impl NamedPatch {
    /// Takes them.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.change("name", Line::parse);
        let description = fields.patch("description", Paragraph::parse);
        let is_active = fields.choice("is_active");
        Some(Self { name: name?, description: description?, is_active: is_active? })
    }
}
