use rolecall_domain::{
    clock::Timestamp,
    code::Code,
    ids::OrganizationId,
    organization::{Assignment, Membership, MembershipStatus, Memberships},
    ports::StoreError,
};
use serde::{Deserialize, Serialize};

use super::{instant, parsed};

/// A membership as the gate reads it. Short, because the gate's one kilobyte holds all of them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredMembership {
    organization: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<OrganizationId>,
    status: String,
    /// `code`, or `code starts expires` with `-` for none, in milliseconds; the primary role first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<i64>,
}

impl StoredMembership {
    pub(crate) fn all(memberships: &Memberships) -> Vec<Self> {
        memberships.iter().map(Self::from).collect()
    }

    /// Without the roles, for the copy that logins read.
    pub(crate) fn bare(memberships: &Memberships) -> Vec<Self> {
        memberships
            .iter()
            .map(|membership| Self { roles: Vec::new(), ..Self::from(membership) })
            .collect()
    }

    pub(crate) fn read(stored: Vec<Self>) -> Result<Memberships, StoreError> {
        stored.into_iter().map(Membership::try_from).collect::<Result<_, _>>().map(Memberships::new)
    }
}

impl From<&Membership> for StoredMembership {
    fn from(membership: &Membership) -> Self {
        Self {
            organization: membership.organization.to_string(),
            id: membership.id,
            status: membership.status.as_str().to_owned(),
            roles: membership.roles.iter().map(write).collect(),
            since: membership.since.map(Timestamp::as_millisecond),
        }
    }
}

impl TryFrom<StoredMembership> for Membership {
    type Error = StoreError;

    fn try_from(stored: StoredMembership) -> Result<Self, StoreError> {
        Ok(Self {
            organization: parsed(Code::parse(&stored.organization))?,
            id: stored.id,
            status: parsed(MembershipStatus::parse(&stored.status))?,
            roles: stored.roles.iter().map(|text| read(text)).collect::<Result<_, _>>()?,
            since: stored.since.map(instant).transpose()?,
        })
    }
}

fn write(assignment: &Assignment) -> String {
    let millis = |at: Option<Timestamp>| {
        at.map_or_else(|| "-".to_owned(), |at| at.as_millisecond().to_string())
    };
    match (assignment.starts_at, assignment.expires_at) {
        (None, None) => assignment.role.to_string(),
        (start, end) => format!("{} {} {}", assignment.role, millis(start), millis(end)),
    }
}

fn read(text: &str) -> Result<Assignment, StoreError> {
    let broken = || StoreError::Broken("an assignment cannot be read".to_owned());
    let at = |part: Option<&str>| match part {
        None | Some("-") => Ok(None),
        Some(millis) => millis.parse().map_err(|_| broken()).and_then(instant).map(Some),
    };
    let mut parts = text.split(' ');
    let role = parsed(Code::parse_role(parts.next().unwrap_or_default()))?;
    Ok(Assignment { role, starts_at: at(parts.next())?, expires_at: at(parts.next())? })
}
