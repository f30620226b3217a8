use std::fmt;

use axum_core::{
    body::Body,
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;

use crate::{
    client::Client,
    error::{Error, TokenError},
    layer::{Refusal, bearer},
    token::Caller,
};

/// Why [`Caller`] could not be extracted: answers 401, or 503 where Rolecall does not answer.
#[derive(Debug)]
pub struct CallerRejection(Error);

impl CallerRejection {
    /// The error behind it.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.0
    }
}

impl fmt::Display for CallerRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for CallerRejection {}

impl IntoResponse for CallerRejection {
    fn into_response(self) -> Response {
        Refusal::Error(self.0).response::<String>().map(Body::from)
    }
}

/// The caller that a layer found, or else that of a valid token. Asks for no right.
impl<S> FromRequestParts<S> for Caller
where
    Client: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CallerRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, CallerRejection> {
        if let Some(caller) = parts.extensions.get::<Self>() {
            return Ok(caller.clone());
        }
        let client = Client::from_ref(state);
        let token = bearer(&parts.headers).map_err(|error| CallerRejection(error.into()))?;
        client.verify(token).await.map_err(CallerRejection)
    }
}

/// `None` without a bearer token; a wrong one is refused.
impl<S> OptionalFromRequestParts<S> for Caller
where
    Client: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CallerRejection;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> Result<Option<Self>, CallerRejection> {
        let is_missing = matches!(bearer(&parts.headers), Err(TokenError::Missing));
        if is_missing && parts.extensions.get::<Self>().is_none() {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}
