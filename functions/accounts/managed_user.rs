use http::StatusCode;
use rolecall_domain::{
    account,
    clock::{Timestamp, rfc3339},
};
use rolecall_http::{Problem, Response, openapi::with, response, words};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::user::{self, User};
use crate::Context;

/// A user as administrators see it, with failed sign-ins and locks.
#[derive(Serialize, ToSchema)]
pub struct ManagedUser {
    /// What everybody sees of themself.
    #[serde(flatten)]
    user: User,
    /// What another system called the account that it was imported from.
    external_id: Option<String>,
    /// The day of the last sign-in; `null` where there was none, or none since that is noted.
    #[schema(format = "date-time")]
    last_login_at: Option<String>,
    /// When the account, which its owner deleted, is to be erased.
    #[schema(format = "date-time")]
    erase_at: Option<String>,
    /// When the account was erased: nothing tells who it was since then.
    #[schema(format = "date-time")]
    erased_at: Option<String>,
    /// Failed sign-ins that count towards a lock.
    #[schema(minimum = 0)]
    failed_login_attempts: u32,
    /// Until then unknown devices cannot sign in; under an administrator's lock nobody can.
    #[schema(format = "date-time")]
    locked_until: Option<String>,
    /// That mail to the address came back, or was called spam, until the address is proven anew.
    email_delivery: Option<EmailDelivery>,
    /// Whether the caller may change and unlock the account, and not only a membership; accounts of
    /// people are ended by super admins.
    may_change: bool,
}

/// What became of the last mail to an address that did not arrive as it should.
#[derive(Serialize, ToSchema)]
pub(super) struct EmailDelivery {
    /// `bounced` or `complained`.
    #[schema(value_type = words::DeliveryStatus)]
    status: &'static str,
    /// RFC 3339.
    #[schema(format = "date-time")]
    at: String,
    /// The mail service's word for why.
    reason: String,
}

impl From<&account::EmailDelivery> for EmailDelivery {
    fn from(delivery: &account::EmailDelivery) -> Self {
        let (status, at) = (delivery.status.as_str(), rfc3339(delivery.at));
        Self { status, at, reason: delivery.reason.clone() }
    }
}

impl ManagedUser {
    /// As it is at `now`.
    #[must_use]
    pub fn new(managed: &account::ManagedUser, now: Timestamp) -> Self {
        Self {
            user: User::from(&managed.person),
            external_id: managed.person.user.external_id.as_ref().map(|id| id.as_str().to_owned()),
            last_login_at: managed.person.last_login_at.map(rfc3339),
            erase_at: managed.person.user.erase_at().map(rfc3339),
            erased_at: managed.person.user.erased_at().map(rfc3339),
            failed_login_attempts: managed.failed_logins.total(),
            locked_until: managed.locked_until(now).map(rfc3339),
            email_delivery: managed.delivery.as_ref().map(EmailDelivery::from),
            may_change: managed.may_change,
        }
    }
}

/// Answers a user as it is now, with its `ETag`.
pub(super) fn respond(
    ctx: &Context,
    status: StatusCode,
    managed: &account::ManagedUser,
) -> Result<Response, Problem> {
    let body = ManagedUser::new(managed, ctx.ports.clock.now());
    response::with_etag(response::json(status, &body), managed.person.etag())
}

/// A user for the OpenAPI document.
pub(super) fn example(failures: u32, locked_until: Option<&str>) -> Value {
    let more = json!({
        "last_login_at": "2026-11-23T00:00:00.000Z",
        "erase_at": null,
        "erased_at": null,
        "failed_login_attempts": failures,
        "locked_until": locked_until,
        "email_delivery": null,
        "may_change": true,
    });
    with(user::example(), more)
}
