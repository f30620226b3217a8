//! From a request to a proof that somebody may call: the one way to a [`Caller`].

use http::header;
use rolecall_domain::{
    Crypto, Store,
    permission::{self, Authorization, Right},
    quota::{self, Quota},
    session::{self, Caller},
};

use crate::{
    Context, Request,
    cookies::Cookie,
    problem::{ErrorCode, Problem},
};

/// Authenticates the caller, or answers 401; 403 if the password has to be changed first. The
/// use of the token is noted beside the request; a call that changes something counts.
pub(crate) async fn signed_in(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
) -> Result<Caller, Problem> {
    let caller = signed_in_uncounted(ctx, request).await?;
    count_write(ctx, request, &caller).await?;
    Ok(caller)
}

/// [`signed_in`] for calls that change nothing, or are counted by what they bring.
pub(crate) async fn signed_in_uncounted(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
) -> Result<Caller, Problem> {
    let caller = authenticated(ctx, request).await?;
    if caller.user().must_change_password {
        let detail = "Change your password first: POST /api/v1/auth/password-change.";
        return Err(Problem::new(ErrorCode::PasswordChangeRequired, detail));
    }
    Ok(caller)
}

/// [`signed_in`], and 403 to callers with an API key.
pub(crate) async fn in_person(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
) -> Result<Caller, Problem> {
    without_key(signed_in(ctx, request).await?)
}

fn without_key(caller: Caller) -> Result<Caller, Problem> {
    if caller.key().is_some() {
        let detail = "Sign in: an API key changes nothing of how its owner gets in.";
        return Err(Problem::new(ErrorCode::KeyNotAllowed, detail));
    }
    Ok(caller)
}

/// [`in_person`] for the one route that stays open while the password has to be changed.
pub(crate) async fn in_person_with_any_password(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
) -> Result<Caller, Problem> {
    let caller = without_key(authenticated(ctx, request).await?)?;
    count_write(ctx, request, &caller).await?;
    Ok(caller)
}

async fn authenticated(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
) -> Result<Caller, Problem> {
    let token = credential(ctx, request).ok_or_else(Problem::unauthenticated)?;
    let caller = session::authenticate(&ctx.ports, token, &ctx.client).await?;
    ctx.authenticated(&caller);
    let page = page(request);
    if session::needs_note(&caller, page.as_deref(), ctx.ports.clock.now()) {
        note_beside(ctx, &caller, page);
    }
    Ok(caller)
}

/// [`signed_in`], and 403 to callers with none of the rights in the active organization.
pub(crate) async fn authorize(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
    any_of: &'static [Right],
) -> Result<Authorization, Problem> {
    let caller = signed_in(ctx, request).await?;
    Ok(permission::authorize(&ctx.ports, caller, any_of).await?)
}

/// [`signed_in`], and 403 to everybody but super admins, who have every right.
pub(crate) async fn super_admin(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
) -> Result<Authorization, Problem> {
    let authorization = authorize(ctx, request, &[Right::ManageOrganizations]).await?;
    if !authorization.is_super_admin() {
        return Err(Problem::new(ErrorCode::Forbidden, "This is for super admins."));
    }
    Ok(authorization)
}

async fn count_write(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
    caller: &Caller,
) -> Result<(), Problem> {
    if request.method().is_safe() { Ok(()) } else { spend(ctx, caller, Quota::Writes, 1).await }
}

/// Takes `more` out of the caller's quota, or answers 429.
pub async fn spend(
    ctx: &Context<impl Store, impl Crypto>,
    caller: &Caller,
    quota: Quota,
    more: u32,
) -> Result<(), Problem> {
    let taken = quota::take::<Problem>(&ctx.ports, quota, caller.user(), more, &ctx.client).await?;
    if taken.is_some() {
        let (ports, request_id) = (ctx.ports.clone(), ctx.request_id.clone());
        ctx.beside(async move {
            if let Err(error) = quota::tell(&ports, taken).await {
                tracing::warn!(request_id, error = %error, "the use of a quota was not counted");
            }
        });
    }
    Ok(())
}

fn note_beside(ctx: &Context<impl Store, impl Crypto>, caller: &Caller, page: Option<String>) {
    let (ports, caller, request_id) = (ctx.ports.clone(), caller.clone(), ctx.request_id.clone());
    ctx.beside(async move {
        if let Err(error) = session::note_use(&ports, &caller, page).await {
            tracing::warn!(request_id, error = %error, "the use of a session was not noted");
        }
    });
}

/// The page that the client says it shows. `Referer` and what was asked for say nothing that others
/// are to see.
fn page(request: &Request) -> Option<String> {
    let told = request.headers().get("x-current-page")?;
    told.to_str().ok().and_then(session::page)
}

/// What the caller is known by: the bearer token, or the cookie of a page of this origin. Where
/// `Authorization` is, cookies are not looked at.
pub(crate) fn credential<'a, S, C>(ctx: &Context<S, C>, request: &'a Request) -> Option<&'a str> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        bearer(request)
    } else {
        Cookie::Access.read(&ctx.ports.settings.issuer, request)
    }
}

/// The one bearer token of a request (RFC 6750 §2.1); two headers are none.
fn bearer(request: &Request) -> Option<&str> {
    let mut values = request.headers().get_all(header::AUTHORIZATION).iter();
    let token = bearer_token(values.next()?.to_str().ok()?)?;
    values.next().is_none().then_some(token)
}

/// The bearer token of the value of an `Authorization` header: the scheme in any case, and one
/// or more blanks (RFC 9110 §11.4).
#[must_use]
pub fn bearer_token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
