use rolecall_domain::{
    Violation,
    ids::UserId,
    organization::{Document, MembershipStatus, PutMember},
    words::Line,
};
use rolecall_http::extract::{self, Fields};
use utoipa::ToSchema;

/// A membership as it is to be: what is missing is cleared, but the status stays.
#[derive(ToSchema)]
#[schema(as = MemberPut)]
pub struct Input {
    /// `active`, `inactive`, `suspended` or `pending`; a new membership is active.
    #[schema(value_type = Option<String>)]
    status: Option<MembershipStatus>,
    /// What the organization calls them; unique in it.
    #[schema(value_type = Option<String>, max_length = 64)]
    employee_id: Option<Line<64>>,
    /// Department.
    #[schema(value_type = Option<String>, max_length = 100)]
    department: Option<Line<100>>,
    /// Job title.
    #[schema(value_type = Option<String>, max_length = 100)]
    job_title: Option<Line<100>>,
    /// The id of another member.
    #[schema(value_type = Option<String>, format = "uuid")]
    manager: Option<UserId>,
    /// At most 8 KiB.
    #[schema(value_type = Option<Object>)]
    metadata: Document,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let status = fields.optional("status", MembershipStatus::parse);
        let employee_id = fields.optional("employee_id", Line::parse);
        let department = fields.optional("department", Line::parse);
        let job_title = fields.optional("job_title", Line::parse);
        let is_id = |text: &str| {
            text.parse()
                .map_err(|_| Violation::new("invalid_id", "A user id is a lower-case UUID."))
        };
        let manager = fields.optional("manager", is_id);
        let metadata = fields.object("metadata", Document::parse);
        Some(Self {
            status: status?,
            employee_id: employee_id?,
            department: department?,
            job_title: job_title?,
            manager: manager?,
            metadata: metadata?.unwrap_or_default(),
        })
    }
}

impl From<Input> for PutMember {
    fn from(input: Input) -> Self {
        let Input { status, employee_id, department, job_title, manager, metadata } = input;
        Self { status, employee_id, department, job_title, manager, metadata }
    }
}
