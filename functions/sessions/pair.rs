use http::StatusCode;
use rolecall_domain::session::Granted;
use rolecall_http::{
    Problem, Request, Response,
    cookies::{Cookie, is_cookie_mode},
    response,
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    Context,
    accounts::{self, User},
};

/// How a pair goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Tokens in the body.
    Body,
    /// To a page of this origin: tokens in cookies that no script reads.
    Cookies,
}

impl Delivery {
    /// As the request asks for it. Problem: `unauthenticated`, to a page of another origin that
    /// asks for cookies.
    pub fn of(request: &Request) -> Result<Self, Problem> {
        Ok(if is_cookie_mode(request.headers())? { Self::Cookies } else { Self::Body })
    }

    /// The response that hands a pair out.
    pub fn response(self, ctx: &Context, granted: Granted) -> Result<Response, Problem> {
        if self == Self::Body {
            return response::json(StatusCode::OK, &Pair::from(granted));
        }
        let settings = &ctx.ports.settings;
        let Pair {
            access, refresh, device, expires_in, refresh_expires_in, session_id, user, ..
        } = Pair::from(granted);
        let body = BrowserSession { expires_in, refresh_expires_in, session_id, user };
        let mut response = response::json(StatusCode::OK, &body)?;
        for (cookie, value, seconds) in [
            (Cookie::Access, access, expires_in),
            (Cookie::Refresh, refresh, refresh_expires_in),
            (Cookie::Device, device, settings.device_lifetime.as_secs()),
        ] {
            cookie.set(&settings.issuer, &mut response, &value, seconds);
        }
        Ok(response)
    }
}

/// Has the browser forget its session, and keep what tells that it signed in before.
pub(super) fn forget_session(ctx: &Context, response: &mut Response) {
    for cookie in [Cookie::Access, Cookie::Refresh] {
        cookie.set(&ctx.ports.settings.issuer, response, "", 0);
    }
}

/// What a page of this origin sees of a pair.
#[derive(Serialize)]
struct BrowserSession {
    expires_in: i64,
    refresh_expires_in: i64,
    session_id: String,
    user: User,
}

/// A pair of tokens, and the user who signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenPair)]
pub struct Pair {
    /// The access token: a JWT (RFC 9068).
    access: String,
    /// The refresh token: opaque, works once.
    refresh: String,
    /// Send it with the next sign-in from this device; it changes with every response.
    device: String,
    /// `Bearer`.
    #[schema(pattern = "^Bearer$")]
    token_type: &'static str,
    /// Lifetime in seconds.
    #[schema(minimum = 0)]
    expires_in: i64,
    /// Lifetime in seconds.
    #[schema(minimum = 0)]
    refresh_expires_in: i64,
    /// The session's id, `sid` in the token.
    #[schema(format = "uuid")]
    session_id: String,
    /// Who signed in.
    user: User,
}

impl From<Granted> for Pair {
    fn from(granted: Granted) -> Self {
        Self {
            access: granted.access,
            refresh: granted.refresh,
            device: granted.device,
            token_type: "Bearer",
            expires_in: granted.expires_in,
            refresh_expires_in: granted.refresh_expires_in,
            session_id: granted.session_id.to_string(),
            user: User::bare(&granted.user, &granted.memberships),
        }
    }
}

/// A pair for the OpenAPI document.
#[must_use]
pub fn example() -> Value {
    json!({
        "access": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiJ9.….…",
        "refresh": "rcr_AZnB0noQezKfVAwdLj9KWw…",
        "device": "rcd_AZnB0noQezKfVAwdLj9KWw…",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_expires_in": 604_800,
        "session_id": "0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60",
        "user": accounts::example(),
    })
}
