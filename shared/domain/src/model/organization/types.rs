use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::{
    account::{Email, PhoneNumber},
    clock::Timestamp,
    code::Code,
    fields::fields,
    ids::{OrganizationId, UserId},
    log_key::LogKey,
    versioned::Versioned,
    violation::Violation,
    words::{Line, Paragraph},
};

/// The built-in organization: of what has no other, and of super admins. It cannot be deleted or
/// switched off.
pub const PLATFORM: &str = "PLATFORM";

fields! {
    /// What an organization says of itself.
    OrganizationFields,
    /// A change of an organization.
    OrganizationPatch {
        name: Line<100>,
        description: Option<Paragraph>,
        /// In an inactive one nobody can do anything.
        is_active: bool,
        /// What its own clients keep here, as a whole.
        settings: Document,
        /// Whom to write to.
        contact_email: Option<Email>,
        contact_phone: Option<PhoneNumber>,
        website: Option<Line<200>>,
        /// Street and number.
        address: Option<Line<200>>,
        city: Option<Line<100>>,
        state: Option<Line<100>>,
        postal_code: Option<Line<20>>,
        country: Option<Line<100>>,
    }
    fixed {
        /// Tells it from one that has the code later: things are kept under it. One from before
        /// organizations had ids has none.
        #[serde(skip)]
        id: Option<OrganizationId>,
        /// How many members it has; kept by the changes of memberships.
        #[serde(skip)]
        member_count: u64,
    }
}

/// A tenant.
pub type Organization = Versioned<OrganizationFields>;

/// The most bytes of a document as JSON.
const MOST_DOCUMENT: usize = 8 * 1024;

/// A JSON object that is kept as it came, at most 8 KiB.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Document(Map<String, Value>);

impl Document {
    /// Takes an object. Error: `too_long`.
    pub fn parse(object: Map<String, Value>) -> Result<Self, Violation> {
        let document = Self(object);
        if document.to_string().len() > MOST_DOCUMENT {
            return Err(Violation::new("too_long", "An object has at most 8 KiB as JSON."));
        }
        Ok(document)
    }

    #[must_use]
    pub fn object(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl std::fmt::Display for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).unwrap_or_default())
    }
}

/// Where somebody stands in an organization. Only an active membership gives anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipStatus {
    Active,
    Inactive,
    Suspended,
    Pending,
}

impl MembershipStatus {
    pub const ALL: [Self; 4] = [Self::Active, Self::Inactive, Self::Suspended, Self::Pending];

    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Suspended => "suspended",
            Self::Pending => "pending",
        }
    }

    /// The status of that name. Error: `unknown_status`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        Self::ALL.into_iter().find(|status| status.as_str() == name).ok_or_else(|| {
            Violation::new("unknown_status", "One of: active, inactive, suspended, pending.")
        })
    }
}

/// A membership as people see it: the seed's user profile. What it gives is in the
/// [`Membership`](super::Membership).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    #[serde(skip)]
    pub organization: Code,
    #[serde(skip)]
    pub user_id: UserId,
    /// Where they stand; the same as in the membership.
    pub status: MembershipStatus,
    /// What the organization calls them; unique in it.
    pub employee_id: Option<Line<64>>,
    pub department: Option<Line<100>>,
    pub job_title: Option<Line<100>>,
    /// Whom they report to: another member.
    pub manager: Option<UserId>,
    /// What the organization's own clients keep here.
    pub metadata: Document,
    /// Counts the changes; the `ETag`.
    #[serde(skip)]
    pub version: u64,
    /// When they became a member.
    #[serde(skip)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[serde(skip)]
    pub updated_at: Timestamp,
}

impl Member {
    /// A membership of now, with nothing but its two ends.
    #[must_use]
    pub fn new(
        organization: Code,
        user_id: UserId,
        status: MembershipStatus,
        now: Timestamp,
    ) -> Self {
        Self {
            organization,
            user_id,
            status,
            employee_id: None,
            department: None,
            job_title: None,
            manager: None,
            metadata: Document::default(),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

impl OrganizationFields {
    /// Of an active organization, with nothing but its name.
    #[must_use]
    pub fn new(name: Line<100>) -> Self {
        Self {
            name,
            description: None,
            is_active: true,
            settings: Document::default(),
            contact_email: None,
            contact_phone: None,
            website: None,
            address: None,
            city: None,
            state: None,
            postal_code: None,
            country: None,
            id: None,
            member_count: 0,
        }
    }
}

impl Organization {
    /// A new one.
    #[must_use]
    pub fn made(
        code: Code,
        id: OrganizationId,
        fields: OrganizationFields,
        now: Timestamp,
    ) -> Self {
        Self::new(code, OrganizationFields { id: Some(id), ..fields }, now)
    }

    /// What its log is kept under.
    #[must_use]
    pub fn log_key(&self) -> LogKey {
        LogKey::new(&self.code, self.id)
    }

    /// The built-in one, as long as nobody changed it.
    #[must_use]
    pub fn platform() -> Self {
        let fields = OrganizationFields::new(Line::known("Platform"));
        Self::new(Code::known(PLATFORM), fields, Timestamp::UNIX_EPOCH)
    }
}

impl LogKey {
    /// Of the built-in organization.
    #[must_use]
    pub fn platform() -> Self {
        Self::from_stored(PLATFORM)
    }
}
