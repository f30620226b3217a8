//! `POST /api/v1/auth/switch-organization`: the same session in another organization.

use rolecall_domain::{
    code::Code,
    session::{self, Caller},
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, input, openapi::Doc};
use serde_json::json;

use super::pair::{self, Delivery, Pair};
use crate::Context;

input! {
    /// Where to act.
    pub struct Input as SwitchOrganization {
        /// The code of an organization that the caller is a member of.
        organization: Code,
    }
}

/// Answers a pair of the caller's session that acts there.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let delivery = Delivery::of(&request)?;
    let input: Input = extract::body(&request)?;
    let organization = input.organization.as_str();
    let granted =
        session::switch_organization(&ctx.ports, &caller, organization, &ctx.client).await?;
    delivery.response(&ctx, granted)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The session goes on in another organization that the caller is a member of. \
        Access tokens of before are dead from then on; the refresh token of before stays good, and \
        gets a pair of the new organization.";
    Doc::new("Switch the organization", rules)
        .input::<Input>(json!({ "organization": "MY_COMPANY" }))
        .response::<Pair>(200, "A pair of the same session.", pair::example())
        .errors(&[ErrorCode::Forbidden])
}
