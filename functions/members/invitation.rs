use rolecall_domain::{
    account::{NewEmail, PersonName},
    clock::rfc3339,
    code::{Code, RoleCode},
    invitation::{self, InvitationOrder},
    words::Line,
};
use rolecall_http::{fields::List, input};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::member::line;

/// An invitation of an address into an organization.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationInvitation)]
pub struct Invitation {
    #[schema(format = "uuid")]
    id: String,
    /// The organization's code.
    organization: String,
    /// The address that is invited.
    #[schema(format = "email")]
    email: String,
    /// The roles that whoever accepts has from then on.
    roles: Vec<String>,
    employee_id: Option<String>,
    department: Option<String>,
    job_title: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// The id of whoever invited.
    #[schema(format = "uuid")]
    invited_by: String,
    /// Their username.
    invited_by_username: Option<String>,
    /// When the link was mailed.
    #[schema(format = "date-time")]
    created_at: String,
    /// The link works until then.
    #[schema(format = "date-time")]
    expires_at: String,
}

impl From<&invitation::Invitation> for Invitation {
    fn from(one: &invitation::Invitation) -> Self {
        let order = &one.order;
        let name = |name: &Option<PersonName>| name.as_ref().map(|name| name.as_str().to_owned());
        Self {
            id: one.id.to_string(),
            organization: one.organization.to_string(),
            email: order.email.address().to_owned(),
            roles: order.roles.iter().map(ToString::to_string).collect(),
            employee_id: line(order.employee_id.as_ref()),
            department: line(order.department.as_ref()),
            job_title: line(order.job_title.as_ref()),
            first_name: name(&order.first_name),
            last_name: name(&order.last_name),
            invited_by: one.invited_by.id.to_string(),
            invited_by_username: one.invited_by.username.clone(),
            created_at: rfc3339(one.made_at),
            expires_at: rfc3339(one.ends_at),
        }
    }
}

input! {
    /// What an invitation may say besides the address.
    pub struct InvitationRest as InvitationRest {
        /// The codes of roles to assign, at most 20; needs `roles.assign`.
        roles: Option<List<RoleCode, 0, 20>>,
        /// The employee id, unique in the organization.
        employee_id: Option<Line<64>>,
        department: Option<Line<100>>,
        job_title: Option<Line<100>>,
        first_name: Option<PersonName>,
        last_name: Option<PersonName>,
    }
}

impl InvitationRest {
    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        let Self { roles, employee_id, department, job_title, first_name, last_name } = self;
        roles.is_none()
            && employee_id.is_none()
            && department.is_none()
            && job_title.is_none()
            && first_name.is_none()
            && last_name.is_none()
    }
}

input! {
    /// An invitation of one address.
    pub struct NewInvitation as NewOrganizationInvitation {
        /// The address to invite, of ASCII alone before the `@`.
        email: NewEmail,
        .. rest: InvitationRest,
    }
}

/// The codes of roles, each as it comes first.
pub(crate) fn each_once<const LEAST: usize, const MOST: usize>(
    roles: Option<List<RoleCode, LEAST, MOST>>,
) -> Vec<Code> {
    let roles = roles.map_or_else(Vec::new, |List(roles)| roles);
    let mut roles: Vec<Code> = roles.into_iter().map(Code::from).collect();
    let mut seen = std::collections::BTreeSet::new();
    roles.retain(|role| seen.insert(role.to_string()));
    roles
}

impl From<NewInvitation> for InvitationOrder {
    fn from(NewInvitation { email, rest }: NewInvitation) -> Self {
        let InvitationRest { roles, employee_id, department, job_title, first_name, last_name } =
            rest;
        let roles = each_once(roles);
        Self {
            email: email.into(),
            roles,
            employee_id,
            department,
            job_title,
            first_name,
            last_name,
        }
    }
}

/// One for the OpenAPI document.
#[must_use]
pub fn example() -> Value {
    json!({
        "id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "organization": "MY_COMPANY",
        "email": "grace@example.com",
        "roles": ["engineer"],
        "employee_id": null,
        "department": "Piping",
        "job_title": null,
        "first_name": "Grace",
        "last_name": null,
        "invited_by": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5c",
        "invited_by_username": "ada",
        "created_at": "2026-11-23T09:30:00.000Z",
        "expires_at": "2026-11-30T09:30:00.000Z",
    })
}
