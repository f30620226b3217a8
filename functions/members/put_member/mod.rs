//! `PUT /api/v1/organizations/{code}/members/{user_id}`: making or changing a membership.

use http::StatusCode;
use rolecall_domain::{
    Violation,
    ids::UserId,
    organization::{self, Document, MembershipStatus, PutMember},
    permission::Right,
    words::Line,
};
use rolecall_http::{
    Answer, Code, Context, Request, answer,
    extract::{self, Fields},
    guard,
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    member::{self, Member},
    path,
};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ManageUsers];

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
        let is_id = |text: &str| text.parse().map_err(|_| Violation::new("invalid_id", "A user id is a UUID in lower case."));
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

/// Makes or changes it and answers it as it is now.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let Input { status, employee_id, department, job_title, manager, metadata } = extract::body(&request)?;
    let put = PutMember { status, employee_id, department, job_title, manager, metadata };
    let at = (extract::segment_from_end(&request, 2), path::user(&request, 0)?);
    let done = organization::put_member(&ctx.ports, &permit, at, &put, extract::if_match(&request), &ctx.client).await?;
    let status = if done.is_new { StatusCode::CREATED } else { StatusCode::OK };
    answer::with_etag(answer::json(status, &Member::from(&done.member)), done.member.version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "Super admins bring anybody in; others change who is there, and invite with `POST /users`. Nobody touches a member \
                 above their own level.";
    Doc::new("Make or change a member", rules)
        .header("If-Match", "The `ETag` that was last seen; a stale one changes nothing.")
        .input::<Input>(json!({ "employee_id": "E-17", "department": "Piping", "metadata": { "badge": 7 } }))
        .answer::<Member>(200, "The member as it is now.", member::example())
        .answer::<Member>(201, "The member, new.", member::example())
        .errors(&[Code::NotFound, Code::AboveYourLevel, Code::EmployeeIdTaken, Code::LastSuperAdmin, Code::OwnLastAdminRole])
        .errors(&[Code::Stale])
}
