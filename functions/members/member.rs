use rolecall_domain::{
    account::{PersonName, Profile, User},
    clock::rfc3339,
    organization::{Assignment, MemberWithUser},
    words::Line,
};
use rolecall_http::words;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// A user's membership in an organization.
#[derive(Serialize, ToSchema)]
pub struct Member {
    /// The organization's code.
    organization: String,
    /// The user's id.
    #[schema(format = "uuid")]
    user_id: String,
    /// The user's username.
    username: Option<String>,
    /// The user's email address.
    #[schema(format = "email")]
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// `active`, `inactive`, `suspended` or `pending`; only an active membership has any effect.
    #[schema(value_type = words::MembershipStatus)]
    status: String,
    /// The employee id, unique in the organization.
    employee_id: Option<String>,
    department: Option<String>,
    job_title: Option<String>,
    /// The id of the member that they report to.
    #[schema(format = "uuid")]
    manager: Option<String>,
    /// A JSON object of the organization's own.
    #[schema(value_type = words::JsonObject)]
    metadata: Map<String, Value>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

impl From<&MemberWithUser> for Member {
    fn from(MemberWithUser { member: one, user }: &MemberWithUser) -> Self {
        let user = user.as_ref();
        let name = |name: fn(&Profile) -> &Option<PersonName>| {
            user.and_then(|user| Some(name(&user.profile).as_ref()?.as_str().to_owned()))
        };
        Self {
            organization: one.organization.to_string(),
            user_id: one.user_id.to_string(),
            username: user.map(|user| user.username.as_str().to_owned()),
            email: user.and_then(User::mail_address).map(|email| email.address().to_owned()),
            first_name: name(|profile| &profile.first_name),
            last_name: name(|profile| &profile.last_name),
            status: one.status.as_str().to_owned(),
            employee_id: line(one.employee_id.as_ref()),
            department: line(one.department.as_ref()),
            job_title: line(one.job_title.as_ref()),
            manager: one.manager.map(|manager| manager.to_string()),
            metadata: one.metadata.object().clone(),
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
        }
    }
}

/// A line as JSON has it.
pub(super) fn line<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
    line.map(|line| line.as_str().to_owned())
}

/// A role that is assigned to a member.
#[derive(Serialize, ToSchema)]
pub struct MemberRole {
    /// The role's code.
    role: String,
    /// Whether it is the primary role; exactly one is.
    is_primary: bool,
    /// The role has no effect before.
    #[schema(format = "date-time")]
    starts_at: Option<String>,
    /// The role has no effect from then on.
    #[schema(format = "date-time")]
    expires_at: Option<String>,
}

impl MemberRole {
    pub(super) fn new(assignment: &Assignment, is_primary: bool) -> Self {
        Self {
            role: assignment.role.to_string(),
            is_primary,
            starts_at: assignment.starts_at.map(rfc3339),
            expires_at: assignment.expires_at.map(rfc3339),
        }
    }
}

/// A member for the OpenAPI document.
#[must_use]
pub fn example() -> Value {
    json!({
        "organization": "MY_COMPANY",
        "user_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "username": "ada",
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "status": "active",
        "employee_id": "E-17",
        "department": "Piping",
        "job_title": "Engineer",
        "manager": null,
        "metadata": { "badge": 7 },
        "created_at": "2026-11-23T09:30:00.000Z",
        "updated_at": "2026-11-23T09:30:00.000Z",
    })
}

/// A member's role for the OpenAPI document.
pub(super) fn role_example() -> Value {
    json!({ "role": "engineer", "is_primary": true, "starts_at": null,
        "expires_at": "2027-01-01T00:00:00.000Z" })
}
