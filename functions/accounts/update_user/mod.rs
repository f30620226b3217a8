//! `PATCH /api/v1/users/{id}`: changing somebody's account.

use http::StatusCode;
use rolecall_domain::{
    Violation,
    account::{self, AccountStatus, Bio, PersonName, PhoneNumber, ProfilePatch, UserPatch},
    administration::AdministerError,
    permission::Right,
};
use rolecall_http::{
    Answer, Code, Context, Problem, Request, answer,
    extract::{self, Fields},
    guard,
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::managed_user::{self, ManagedUser};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ManageUsers];

/// What changes: a missing field stays, `null` clears it.
#[derive(ToSchema)]
#[schema(as = UserPatch)]
pub struct Input {
    /// First name.
    #[schema(value_type = Option<String>, max_length = 100)]
    first_name: Option<Option<PersonName>>,
    /// Last name.
    #[schema(value_type = Option<String>, max_length = 100)]
    last_name: Option<Option<PersonName>>,
    /// E.164.
    #[schema(value_type = Option<String>, max_length = 40)]
    phone_number: Option<Option<PhoneNumber>>,
    /// About.
    #[schema(value_type = Option<String>, max_length = 500)]
    bio: Option<Option<Bio>>,
    /// `active`, `inactive` or `suspended`.
    #[schema(value_type = Option<String>)]
    status: Option<AccountStatus>,
}

fn status(text: &str) -> Result<AccountStatus, Violation> {
    AccountStatus::from_name(text)
        .filter(|status| !matches!(status, AccountStatus::Pending | AccountStatus::Deleted))
        .ok_or_else(|| Violation::new("unknown_status", "One of: active, inactive, suspended."))
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let first_name = fields.patch("first_name", PersonName::parse);
        let last_name = fields.patch("last_name", PersonName::parse);
        let phone_number = fields.patch("phone_number", PhoneNumber::parse);
        let bio = fields.patch("bio", Bio::parse);
        let status = fields.change("status", status);
        Some(Self { first_name: first_name?, last_name: last_name?, phone_number: phone_number?, bio: bio?, status: status? })
    }
}

/// Changes it and answers it as it is now.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let Input { first_name, last_name, phone_number, bio, status } = extract::body(&request)?;
    let patch = UserPatch { profile: ProfilePatch { first_name, last_name, phone_number, bio }, status };
    let id = extract::last_segment(&request).parse().map_err(|_| Problem::from(AdministerError::NotFound("user")))?;
    let managed = account::update_user(&ctx.ports, &permit, id, &patch, extract::if_match(&request), &ctx.client).await?;
    let body = ManagedUser::new(&managed, ctx.ports.clock.now());
    answer::with_etag(answer::json(StatusCode::OK, &body), managed.person.etag())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Change a user", "A merge patch (RFC 7396). Whoever leaves `active` is signed out everywhere.")
        .header("If-Match", "The `ETag` that was last seen; a stale one changes nothing.")
        .input::<Input>(json!({ "first_name": "Ada", "status": "suspended" }))
        .answer::<ManagedUser>(200, "The user as it is now.", managed_user::example(0, None))
        .errors(&[Code::NotFound, Code::AboveYourLevel, Code::LastSuperAdmin, Code::OwnLastAdminRole, Code::Stale])
}
