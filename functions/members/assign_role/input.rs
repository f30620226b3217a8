use rolecall_domain::{Violation, clock::Timestamp};
use rolecall_http::extract::{self, Fields};
use utoipa::ToSchema;

/// How a member is to have a role.
#[derive(ToSchema)]
#[schema(as = Assignment)]
pub struct Input {
    /// Whether it is to be the primary role; missing leaves that as it is.
    pub(super) is_primary: Option<bool>,
    /// It gives nothing before.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub(super) starts_at: Option<Timestamp>,
    /// It gives nothing from then on.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub(super) expires_at: Option<Timestamp>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let instant = |text: &str| {
            text.parse().map_err(|_| {
                Violation::new(
                    "invalid_instant",
                    "An instant in RFC 3339: 2027-01-01T00:00:00.000Z.",
                )
            })
        };
        let is_primary = fields.choice("is_primary");
        let starts_at = fields.optional("starts_at", instant);
        let expires_at = fields.optional("expires_at", instant);
        Some(Self { is_primary: is_primary?, starts_at: starts_at?, expires_at: expires_at? })
    }
}
