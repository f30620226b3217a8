use rolecall_domain::{
    account::{Email, PersonName},
    activity::LoggedUser,
    code::Code,
    ids::{InvitationId, UserId},
    invitation::{Invitation, InvitationOrder},
    mail::TokenHash,
    organization::LogKey,
    words::Line,
};
use serde::{Deserialize, Serialize};

use super::{Instant, V};
use crate::keys::{self, Key};

/// An invitation into an organization.
#[derive(Serialize, Deserialize)]
pub(crate) struct InvitationItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    id: InvitationId,
    organization: Code,
    log: String,
    email: Email,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    employee_id: Option<Line<64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    department: Option<Line<100>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    job_title: Option<Line<100>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_name: Option<PersonName>,
    invited_by: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    invited_by_name: Option<String>,
    token: String,
    made_at: Instant,
    ends_at: Instant,
    mailed: Vec<Instant>,
    version: u64,
    expires_at: i64,
}

impl From<&Invitation> for InvitationItem {
    fn from(one: &Invitation) -> Self {
        let InvitationOrder {
            email,
            roles,
            employee_id,
            department,
            job_title,
            first_name,
            last_name,
        } = one.order.clone();
        Self {
            key: keys::invitation(one.id),
            entity: "invitation".to_owned(),
            v: V,
            id: one.id,
            organization: one.organization.clone(),
            log: one.log.to_string(),
            email,
            roles,
            employee_id,
            department,
            job_title,
            first_name,
            last_name,
            invited_by: one.invited_by.id,
            invited_by_name: one.invited_by.username.clone(),
            token: one.token.as_str().to_owned(),
            made_at: Instant(one.made_at),
            ends_at: Instant(one.ends_at),
            mailed: one.mailed.iter().copied().map(Instant).collect(),
            version: one.version,
            expires_at: one.ends_at.as_second(),
        }
    }
}

impl From<InvitationItem> for Invitation {
    fn from(stored: InvitationItem) -> Self {
        Self {
            id: stored.id,
            organization: stored.organization,
            log: LogKey::from_stored(stored.log),
            order: InvitationOrder {
                email: stored.email,
                roles: stored.roles,
                employee_id: stored.employee_id,
                department: stored.department,
                job_title: stored.job_title,
                first_name: stored.first_name,
                last_name: stored.last_name,
            },
            invited_by: LoggedUser { id: stored.invited_by, username: stored.invited_by_name },
            token: TokenHash::from_stored(stored.token),
            made_at: stored.made_at.0,
            ends_at: stored.ends_at.0,
            mailed: stored.mailed.into_iter().map(|at| at.0).collect(),
            version: stored.version,
        }
    }
}

/// Where an invitation is looked for: by its address, or in its organization's list.
#[derive(Serialize, Deserialize)]
pub(crate) struct InvitationEntry {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    pub(crate) id: InvitationId,
    expires_at: i64,
}

impl InvitationEntry {
    pub(crate) fn of_address(one: &Invitation) -> Self {
        let key = keys::invitation_to(one.order.email.key(), one.log.as_str());
        Self::new(key, "invitation to", one)
    }

    pub(crate) fn of_organization(one: &Invitation) -> Self {
        let key = keys::invitation_of(one.log.as_str(), one.id);
        Self::new(key, "invitation of", one)
    }

    fn new(key: Key, entity: &str, one: &Invitation) -> Self {
        Self {
            key,
            entity: entity.to_owned(),
            v: V,
            id: one.id,
            expires_at: one.ends_at.as_second(),
        }
    }
}
