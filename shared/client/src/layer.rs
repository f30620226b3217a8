use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use serde_json::json;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    check::Question,
    client::Client,
    error::{Error, TokenError},
    token::Caller,
};

/// A layer that asks for a valid access token, and puts its [`Caller`] into the extensions of the
/// request.
#[derive(Debug, Clone)]
pub struct Authenticate(Client);

/// The same, and the server says now that the caller has a permission.
#[derive(Debug, Clone)]
pub struct RequirePermission(Client, String);

/// The same, and the server says now that the caller has access to a module.
#[derive(Debug, Clone)]
pub struct RequireModule(Client, String);

impl Authenticate {
    /// For any valid access token.
    #[must_use]
    pub fn new(client: &Client) -> Self {
        Self(client.clone())
    }
}

impl RequirePermission {
    /// For a permission, by its code (`pid.create`).
    #[must_use]
    pub fn new(client: &Client, code: impl Into<String>) -> Self {
        Self(client.clone(), code.into())
    }
}

impl RequireModule {
    /// For a module, by its code (`PID`).
    #[must_use]
    pub fn new(client: &Client, code: impl Into<String>) -> Self {
        Self(client.clone(), code.into())
    }
}

impl<S> Layer<S> for Authenticate {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        Guard { inner, client: self.0.clone(), need: None }
    }
}

impl<S> Layer<S> for RequirePermission {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        let need = Some(Question::permission(self.1.as_str()));
        Guard { inner, client: self.0.clone(), need }
    }
}

impl<S> Layer<S> for RequireModule {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        let need = Some(Question::module(self.1.as_str()));
        Guard { inner, client: self.0.clone(), need }
    }
}

/// A service behind one of these layers. Instead of it answer, as `application/problem+json`: 401
/// without a valid token, 403 without the right, 503 where Rolecall does not answer.
#[derive(Debug, Clone)]
pub struct Guard<S> {
    inner: S,
    client: Client,
    need: Option<Question>,
}

/// Why a request was not handed on.
pub(crate) enum Refusal {
    Error(Error),
    Forbidden,
}

impl Client {
    /// The caller of a request, if they have the right.
    async fn authorize(
        &self,
        headers: &HeaderMap,
        need: Option<&Question>,
    ) -> Result<Caller, Refusal> {
        let token = bearer(headers).map_err(|error| Refusal::Error(error.into()))?;
        let caller = self.verify(token).await.map_err(Refusal::Error)?;
        let check = self.check(token);
        let is_allowed = match need {
            None => Ok(true),
            Some(Question::Permission(code)) => check.permission(code).await,
            Some(Question::Module(code)) => check.module(code).await,
        };
        match is_allowed {
            Ok(true) => Ok(caller),
            Ok(false) => Err(Refusal::Forbidden),
            Err(error) => Err(Refusal::Error(error)),
        }
    }
}

/// The bearer token of a request (RFC 6750 §2.1); not of one with two such headers.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, TokenError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(TokenError::Missing)?;
    let value = value.to_str().map_err(|_| TokenError::Invalid)?;
    let (scheme, token) = value.split_once(' ').ok_or(TokenError::Invalid)?;
    let token = token.trim_start_matches(' ');
    let is_one = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty();
    if is_one && values.next().is_none() { Ok(token) } else { Err(TokenError::Invalid) }
}

impl Refusal {
    pub(crate) fn response<B: From<String>>(&self) -> Response<B> {
        let (status, code, title) = match self {
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "This is not allowed"),
            Self::Error(Error::Token(_)) => {
                (StatusCode::UNAUTHORIZED, "unauthenticated", "Authentication is required")
            }
            Self::Error(Error::Refused(problem)) if problem.status == 403 => {
                (StatusCode::FORBIDDEN, "forbidden", "This is not allowed")
            }
            Self::Error(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service is unavailable")
            }
        };
        let body = json!({ "type": "about:blank", "title": title, "status": status.as_u16(),
            "code": code });
        let mut response = Response::new(B::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let problem = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, problem);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match (self, status) {
            (Self::Error(Error::Token(TokenError::Missing)), _) => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            (_, StatusCode::UNAUTHORIZED) => {
                let why = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                headers.insert(header::WWW_AUTHENTICATE, why);
            }
            (_, StatusCode::SERVICE_UNAVAILABLE) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

type GuardFuture<R, E> = Pin<Box<dyn Future<Output = Result<Response<R>, E>> + Send>>;

impl<S, B, R> Service<Request<B>> for Guard<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<String> + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = GuardFuture<R, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // `poll_ready` was called on this one, and not on its clone.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let (client, need) = (self.client.clone(), self.need.clone());
        Box::pin(async move {
            // A reference to the request would need its body to be `Sync`.
            let headers = request.headers().clone();
            match client.authorize(&headers, need.as_ref()).await {
                Ok(caller) => {
                    request.extensions_mut().insert(caller);
                    inner.call(request).await
                }
                Err(refusal) => Ok(refusal.response()),
            }
        })
    }
}
