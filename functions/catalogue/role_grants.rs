use http::StatusCode;
use rolecall_domain::role::Granted;
use rolecall_http::{Answer, answer};
use serde::Serialize;
use utoipa::ToSchema;

use super::definition::RoleGrant;

/// A page of what a role grants.
#[derive(Serialize, ToSchema)]
pub struct RoleGrants {
    /// By code.
    pub(super) items: Vec<RoleGrant>,
    /// The cursor of the next page.
    pub(super) next_cursor: Option<String>,
}

/// A grant, new or not.
pub(super) fn answer(granted: &Granted) -> Answer {
    let status = if granted.is_new { StatusCode::CREATED } else { StatusCode::OK };
    answer::json(status, &RoleGrant::new(&granted.code, &granted.grant))
}
