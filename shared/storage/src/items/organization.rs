use rolecall_domain::{
    account::{Email, PhoneNumber},
    code::Code,
    organization::{Document, Member, MembershipStatus, Organization},
    ports::StoreError,
    words::{Line, Paragraph},
};
use serde::{Deserialize, Serialize};

use super::{V, id, instant, parsed};
use crate::keys::{self, Key};

/// An organization. Beside these attributes it counts its members.
#[derive(Serialize, Deserialize)]
pub(crate) struct OrganizationItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    code: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    is_active: bool,
    settings: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact_email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact_phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    website: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    version: u64,
    created_at: i64,
    updated_at: i64,
}

impl OrganizationItem {
    /// The attributes that may be missing.
    pub(crate) const OPTIONAL: [&str; 9] = [
        "description",
        "contact_email",
        "contact_phone",
        "website",
        "address",
        "city",
        "state",
        "postal_code",
        "country",
    ];
}

impl From<&Organization> for OrganizationItem {
    fn from(one: &Organization) -> Self {
        Self {
            key: keys::organization(one.code.as_str()),
            entity: "organization".to_owned(),
            v: V,
            code: one.code.to_string(),
            name: one.name.as_str().to_owned(),
            description: one.description.as_ref().map(|text| text.as_str().to_owned()),
            is_active: one.is_active,
            settings: one.settings.to_string(),
            contact_email: one.contact_email.as_ref().map(|email| email.address().to_owned()),
            contact_phone: one.contact_phone.as_ref().map(|phone| phone.as_str().to_owned()),
            website: line(one.website.as_ref()),
            address: line(one.address.as_ref()),
            city: line(one.city.as_ref()),
            state: line(one.state.as_ref()),
            postal_code: line(one.postal_code.as_ref()),
            country: line(one.country.as_ref()),
            version: one.version,
            created_at: one.created_at.as_millisecond(),
            updated_at: one.updated_at.as_millisecond(),
        }
    }
}

impl TryFrom<OrganizationItem> for Organization {
    type Error = StoreError;

    fn try_from(stored: OrganizationItem) -> Result<Self, StoreError> {
        Ok(Self {
            code: parsed(Code::parse(&stored.code))?,
            name: parsed(Line::parse(&stored.name))?,
            description: parsed(stored.description.as_deref().map(Paragraph::parse).transpose())?,
            is_active: stored.is_active,
            settings: document(&stored.settings)?,
            contact_email: parsed(stored.contact_email.as_deref().map(Email::parse).transpose())?,
            contact_phone: parsed(
                stored.contact_phone.as_deref().map(PhoneNumber::parse).transpose(),
            )?,
            website: read_line(stored.website.as_deref())?,
            address: read_line(stored.address.as_deref())?,
            city: read_line(stored.city.as_deref())?,
            state: read_line(stored.state.as_deref())?,
            postal_code: read_line(stored.postal_code.as_deref())?,
            country: read_line(stored.country.as_deref())?,
            version: stored.version,
            created_at: instant(stored.created_at)?,
            updated_at: instant(stored.updated_at)?,
        })
    }
}

/// A membership as people see it.
#[derive(Serialize, Deserialize)]
pub(crate) struct MemberItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    organization: String,
    user_id: String,
    status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    employee_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    job_title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    manager: Option<String>,
    metadata: String,
    version: u64,
    created_at: i64,
    updated_at: i64,
}

impl From<&Member> for MemberItem {
    fn from(one: &Member) -> Self {
        Self {
            key: keys::member(one.organization.as_str(), one.user_id),
            entity: "member".to_owned(),
            v: V,
            organization: one.organization.to_string(),
            user_id: one.user_id.to_string(),
            status: one.status.as_str().to_owned(),
            employee_id: line(one.employee_id.as_ref()),
            department: line(one.department.as_ref()),
            job_title: line(one.job_title.as_ref()),
            manager: one.manager.map(|manager| manager.to_string()),
            metadata: one.metadata.to_string(),
            version: one.version,
            created_at: one.created_at.as_millisecond(),
            updated_at: one.updated_at.as_millisecond(),
        }
    }
}

impl TryFrom<MemberItem> for Member {
    type Error = StoreError;

    fn try_from(stored: MemberItem) -> Result<Self, StoreError> {
        Ok(Self {
            organization: parsed(Code::parse(&stored.organization))?,
            user_id: id(&stored.user_id)?,
            status: parsed(MembershipStatus::parse(&stored.status))?,
            employee_id: read_line(stored.employee_id.as_deref())?,
            department: read_line(stored.department.as_deref())?,
            job_title: read_line(stored.job_title.as_deref())?,
            manager: stored.manager.as_deref().map(id).transpose()?,
            metadata: document(&stored.metadata)?,
            version: stored.version,
            created_at: instant(stored.created_at)?,
            updated_at: instant(stored.updated_at)?,
        })
    }
}

/// That an employee id is taken.
#[derive(Serialize, Deserialize)]
pub(crate) struct EmployeeMarker {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    pub(crate) user_id: String,
}

impl EmployeeMarker {
    /// The marker of a member that has one.
    pub(crate) fn of(member: &Member) -> Option<Self> {
        let employee_id = member.employee_id.as_ref()?;
        let key = keys::employee(member.organization.as_str(), employee_id.as_str());
        Some(Self { key, entity: "employee".to_owned(), v: V, user_id: member.user_id.to_string() })
    }
}

fn line<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
    line.map(|line| line.as_str().to_owned())
}

fn read_line<const MAX: usize>(stored: Option<&str>) -> Result<Option<Line<MAX>>, StoreError> {
    parsed(stored.map(Line::parse).transpose())
}

fn document(text: &str) -> Result<Document, StoreError> {
    let object =
        serde_json::from_str(text).map_err(|error| StoreError::Broken(error.to_string()))?;
    parsed(Document::parse(object))
}
