use rolecall_domain::{
    account::{Email, PhoneNumber},
    code::Code,
    ids::{OrganizationId, UserId},
    organization::{Document, Member, MembershipStatus, Organization, OrganizationFields},
    words::{Line, Paragraph},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{Instant, V};
use crate::keys::{self, Key};

/// An organization.
#[derive(Serialize, Deserialize)]
pub(crate) struct OrganizationItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    code: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<OrganizationId>,
    name: Line<100>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Paragraph>,
    is_active: bool,
    settings: StoredDocument,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact_email: Option<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact_phone: Option<PhoneNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    website: Option<Line<200>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<Line<200>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    city: Option<Line<100>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<Line<100>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    postal_code: Option<Line<20>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country: Option<Line<100>>,
    /// How many members it has: changes of memberships count, and nothing else writes it.
    #[serde(default, skip_serializing)]
    members: i64,
    version: u64,
    created_at: Instant,
    updated_at: Instant,
}

impl From<&Organization> for OrganizationItem {
    fn from(one: &Organization) -> Self {
        let Organization { code, fields, version, created_at, updated_at } = one.clone();
        let OrganizationFields {
            name,
            description,
            is_active,
            settings,
            contact_email,
            contact_phone,
            website,
            address,
            city,
            state,
            postal_code,
            country,
            id,
            member_count: _,
        } = fields;
        Self {
            key: keys::organization(code.as_str()),
            entity: "organization".to_owned(),
            v: V,
            code,
            id,
            name,
            description,
            is_active,
            settings: StoredDocument(settings),
            contact_email,
            contact_phone,
            website,
            address,
            city,
            state,
            postal_code,
            country,
            members: 0,
            version,
            created_at: Instant(created_at),
            updated_at: Instant(updated_at),
        }
    }
}

impl From<OrganizationItem> for Organization {
    fn from(stored: OrganizationItem) -> Self {
        Self {
            code: stored.code,
            fields: OrganizationFields {
                name: stored.name,
                description: stored.description,
                is_active: stored.is_active,
                settings: stored.settings.0,
                contact_email: stored.contact_email,
                contact_phone: stored.contact_phone,
                website: stored.website,
                address: stored.address,
                city: stored.city,
                state: stored.state,
                postal_code: stored.postal_code,
                country: stored.country,
                id: stored.id,
                member_count: stored.members.try_into().unwrap_or_default(),
            },
            version: stored.version,
            created_at: stored.created_at.0,
            updated_at: stored.updated_at.0,
        }
    }
}

/// What the gate reads of an organization.
#[derive(Serialize, Deserialize)]
pub(crate) struct OrganizationStateItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<OrganizationId>,
    pub(crate) is_active: bool,
    /// The organization's when it was written.
    version: u64,
    /// Counts the changes of its own roles, whose last ones are beside it.
    #[serde(default, skip_serializing)]
    pub(crate) roles_version: u64,
}

impl OrganizationStateItem {
    pub(crate) fn of(organization: &Organization) -> Self {
        Self {
            key: keys::organization_state(organization.code.as_str()),
            entity: "organization state".to_owned(),
            v: V,
            id: organization.id,
            is_active: organization.fields.is_active,
            version: organization.version,
            roles_version: 0,
        }
    }
}

/// A membership as people see it.
#[derive(Serialize, Deserialize)]
pub(crate) struct MemberItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    #[serde(flatten)]
    member: StoredMember,
}

/// What every copy of a membership has.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMember {
    organization: Code,
    user_id: UserId,
    status: MembershipStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    employee_id: Option<Line<64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    department: Option<Line<100>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    job_title: Option<Line<100>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    manager: Option<UserId>,
    metadata: StoredDocument,
    version: u64,
    created_at: Instant,
    updated_at: Instant,
}

impl From<&Member> for MemberItem {
    fn from(one: &Member) -> Self {
        Self {
            key: keys::member(one.organization.as_str(), one.user_id),
            entity: "member".to_owned(),
            v: V,
            member: one.into(),
        }
    }
}

impl From<&Member> for StoredMember {
    fn from(one: &Member) -> Self {
        let Member {
            organization,
            user_id,
            status,
            employee_id,
            department,
            job_title,
            manager,
            metadata,
            version,
            created_at,
            updated_at,
        } = one.clone();
        Self {
            organization,
            user_id,
            status,
            employee_id,
            department,
            job_title,
            manager,
            metadata: StoredDocument(metadata),
            version,
            created_at: Instant(created_at),
            updated_at: Instant(updated_at),
        }
    }
}

impl From<MemberItem> for Member {
    fn from(stored: MemberItem) -> Self {
        stored.member.into()
    }
}

impl From<StoredMember> for Member {
    fn from(stored: StoredMember) -> Self {
        Self {
            organization: stored.organization,
            user_id: stored.user_id,
            status: stored.status,
            employee_id: stored.employee_id,
            department: stored.department,
            job_title: stored.job_title,
            manager: stored.manager,
            metadata: stored.metadata.0,
            version: stored.version,
            created_at: stored.created_at.0,
            updated_at: stored.updated_at.0,
        }
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

/// A JSON object as its text: an attribute of its own would have room for what JSON has not.
struct StoredDocument(Document);

impl Serialize for StoredDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for StoredDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let object = serde_json::from_str(&text).map_err(D::Error::custom)?;
        Document::parse(object).map(Self).map_err(D::Error::custom)
    }
}
