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
/// request and of the response. It verifies offline, see [`Client::verify`]: whoever signed out or
/// was suspended passes until the token expires. API keys are not accepted.
#[derive(Debug, Clone)]
pub struct Authenticate(Client);

/// The same, and the server says now that the caller has a permission.
///
/// In axum it goes before a route, with `route_layer`; in a Lambda function, before the handler:
///
/// ```no_run
/// use lambda_http::{Body, Error, Request, Response, service_fn, tower::ServiceBuilder};
/// use rolecall_client::{Caller, Client, RequirePermission};
///
/// async fn handler(request: Request) -> Result<Response<Body>, Error> {
///     let caller = request.extensions().get::<Caller>().ok_or("the layer puts it there")?;
///     Ok(Response::new(format!("hello, {}", caller.user_id).into()))
/// }
///
/// # async fn example() -> Result<(), Error> {
/// let client = Client::new("https://id.example.com")?;
/// let service = ServiceBuilder::new()
///     .layer(RequirePermission::new(&client, "pid.create"))
///     .service(service_fn(handler));
/// lambda_http::run(service).await
/// # }
/// ```
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

/// A service behind one of these layers. It is called for whoever has the right; the others get an
/// `application/problem+json`: 401 without a valid token, 403 without the right, 503 where Rolecall
/// does not answer.
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
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(TokenError::Missing);
    }
    let token = token.trim_start_matches(' ');
    if token.is_empty() || values.next().is_some() { Err(TokenError::Invalid) } else { Ok(token) }
}

impl Refusal {
    pub(crate) fn response<B: From<String>>(&self) -> Response<B> {
        let (status, code, title) = match self {
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "This is not allowed"),
            Self::Error(Error::Token(_)) => {
                (StatusCode::UNAUTHORIZED, "unauthenticated", "Authentication is required")
            }
            // Such as a password that must be changed first.
            Self::Error(Error::Refused(problem)) if problem.status == 403 => {
                (StatusCode::FORBIDDEN, problem.code.as_str(), problem.title.as_str())
            }
            Self::Error(error) => {
                tracing::warn!(error = %error, "nobody is let in");
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
        match self {
            Self::Error(Error::Token(TokenError::Missing)) => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::Error(Error::Token(_)) => {
                let why = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                headers.insert(header::WWW_AUTHENTICATE, why);
            }
            Self::Error(error) if status == StatusCode::SERVICE_UNAVAILABLE => {
                let seconds = match error {
                    Error::Refused(problem) => problem.retry_after.map_or(1, |wait| wait.as_secs()),
                    _ => 1,
                };
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
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
                    request.extensions_mut().insert(caller.clone());
                    let mut response = inner.call(request).await?;
                    response.extensions_mut().insert(caller);
                    Ok(response)
                }
                Err(refusal) => Ok(refusal.response()),
            }
        })
    }
}
