use futures::future::join_all;
use rolecall_domain::{
    Created as Made,
    administration::Administrator,
    idempotency::Idempotency,
    invitation::{self, InvitationOrder},
};
use rolecall_http::{Problem, ProblemBody};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Context, members::invitation::Invitation};

/// So many are invited side by side.
const AT_ONCE: usize = 8;

/// The outcomes.
#[derive(Serialize, ToSchema)]
pub(super) struct Invitations {
    /// In the order of `invitations`.
    results: Vec<Outcome>,
}

/// An id, or a problem.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = InvitationOutcome)]
pub(super) enum Outcome {
    /// Invited.
    Invited(Invited),
    /// Not invited.
    Problem(ProblemBody),
}

/// The invitation's id.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitedAddress)]
pub(super) struct Invited {
    #[schema(format = "uuid")]
    id: String,
}

/// The one invitation, or the results of several.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = CreatedInvitations)]
#[expect(dead_code, reason = "each is answered by itself; the document has both")]
pub(super) enum Created {
    One(Box<Invitation>),
    Many(Invitations),
}

/// Invites each by itself: what is wrong with one keeps no other back.
pub(super) async fn invite_all(
    ctx: &Context,
    by: Administrator<'_>,
    organization: &str,
    orders: Vec<Result<InvitationOrder, Problem>>,
    idempotency: Option<&Idempotency<'_, Invitations>>,
) -> Result<Made<Invitations>, Problem> {
    if let Some(first) = invitation::replayed(&ctx.ports, idempotency).await? {
        return Ok(Made::Replayed(first));
    }
    let mut results = Vec::new();
    let mut orders = orders.into_iter().peekable();
    while orders.peek().is_some() {
        let some = orders.by_ref().take(AT_ONCE).map(|order| async move {
            let order = order?;
            let made = invitation::invite(&ctx.ports, by, organization, &order, None).await?;
            match made {
                Made::New(made) => Ok(made.id.to_string()),
                Made::Replayed(_) => Err(Problem::bug("there is no key")),
            }
        });
        for made in join_all(some).await {
            results.push(match made {
                Ok(id) => Outcome::Invited(Invited { id }),
                Err(problem) => Outcome::Problem(Problem::body(&problem, &ctx.request_id)),
            });
        }
    }
    let made = Invitations { results };
    invitation::remember(&ctx.ports, idempotency, &made).await?;
    Ok(Made::New(made))
}
