//! `POST /api/v1/organizations/{code}/invitations`: inviting one address, or up to fifty.

mod input;
mod outcome;

use rolecall_domain::{invitation, permission::Authorization, quota::Quota};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc, spend,
};
use serde_json::json;

use super::invitation::{self as shown, Invitation};
use crate::{Context, resource::administrator};
pub use input::Input;
use input::Invited;
use outcome::{Invitations, invite_all};

/// Invites: the answer is the same whether or not an address has an account.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let (organization, by) = (ctx.path("code")?, administrator(&ctx, &authorization, &request));
    let sender = authorization.user_id();
    match input.invited()? {
        Invited::One(order) => {
            let first =
                |made: &invitation::Invitation| idempotency::first(201, &Invitation::from(made));
            let idempotency = idempotency::idempotency(&ctx, &request, sender, &first)?;
            let (ports, key) = (&ctx.ports, idempotency.as_ref());
            let made = invitation::invite(ports, by, organization, &order, key).await?;
            idempotency::created(made, first)
        }
        Invited::Many(orders) => {
            let more = u32::try_from(orders.len()).unwrap_or(u32::MAX).saturating_sub(1);
            if let Some(caller) = authorization.caller() {
                spend(&ctx, caller, Quota::Writes, more).await?;
            }
            let first = |made: &Invitations| idempotency::first(201, made);
            let idempotency = idempotency::idempotency(&ctx, &request, sender, &first)?;
            let made = invite_all(&ctx, by, organization, orders, idempotency.as_ref()).await?;
            idempotency::created(made, first)
        }
    }
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "One address, or up to 50 as `invitations`, each of which gets an `id` or a \
        problem in its place. Whoever follows the mailed link becomes a member with these roles, \
        with or without an account; the link works for 7 days, and another invitation of the same \
        address takes its place. An invitation stands on the rights of the inviter: one who may \
        no longer give a role has invited nobody.";
    Doc::new("Invite into an organization", rules)
        .idempotent()
        .input::<Input>(json!({ "email": "grace@example.com", "roles": ["engineer"] }))
        .response::<outcome::Created>(201, "The invitation, or results in order.", shown::example())
        .errors(&[
            ErrorCode::NotFound,
            ErrorCode::AboveYourLevel,
            ErrorCode::AlreadyMember,
            ErrorCode::TooManyRequests,
        ])
}
