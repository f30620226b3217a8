use axum_core::{
    body::Body,
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;

use crate::{
    client::Client,
    error::Error,
    layer::{Refusal, bearer},
    token::Caller,
};

/// Why [`Caller`] could not be extracted: answers 401, or 503 where Rolecall does not answer.
#[derive(Debug)]
pub struct CallerRejection(Error);

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
