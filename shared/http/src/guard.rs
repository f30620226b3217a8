//! From a request to a proof that somebody may call: the one way to a [`Caller`].

use http::header;
use rolecall_domain::session::{self, Caller};

use crate::{Context, Request, problem::Problem};

/// Passes the gate, or answers 401. The use of the token is noted beside the request.
pub async fn signed_in(ctx: &Context, request: &Request) -> Result<Caller, Problem> {
    let token = bearer(request).ok_or_else(Problem::unauthenticated)?;
    let claims = session::authenticate(&ctx.ports, token).await?;
    let (user, id, _) = claims.subject().ok_or_else(Problem::unauthenticated)?;
    let record = ctx.ports.sessions.caller(user, id).await?;
    let now = ctx.ports.clock.now();
    let caller = session::admit(record, &claims, now)?;
    if session::needs_note(&caller, now) {
        note_beside(ctx, &caller);
    }
    Ok(caller)
}

fn note_beside(ctx: &Context, caller: &Caller) {
    let (ports, caller, request_id) = (ctx.ports.clone(), caller.clone(), ctx.request_id.clone());
    ctx.beside(async move {
        if let Err(error) = session::note_use(&ports, &caller).await {
            tracing::warn!(request_id, error = %error, "the use of a session was not noted");
        }
    });
}

/// The one bearer token of a request (RFC 6750 §2.1); two headers are none.
fn bearer(request: &Request) -> Option<&str> {
    let mut values = request.headers().get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let is_one = values.next().is_none() && scheme.eq_ignore_ascii_case("bearer") && !token.is_empty();
    is_one.then_some(token)
}
