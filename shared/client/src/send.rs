use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    client::Client,
    error::{Error, TokenError},
    problem::Problem,
};

/// How often a call is sent again that the server did not answer.
const RETRIES: u32 = 2;

impl Client {
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.call(&Request { method: Method::GET, path, sent: None, idempotency_key: None }).await
    }

    /// Sends what changes nothing as the owner of a token or key; again where the server is away.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &str,
        body: impl Into<Bytes>,
    ) -> Result<T, Error> {
        let sent = Some((token, body.into()));
        self.call(&Request { method: Method::POST, path, sent, idempotency_key: None }).await
    }

    /// Sends once.
    pub(crate) async fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &str,
        body: Bytes,
        idempotency_key: &str,
    ) -> Result<T, Attempt> {
        let (sent, idempotency_key) = (Some((token, body)), Some(idempotency_key));
        let request = Request { method: Method::POST, path, sent, idempotency_key };
        let attempt = tokio::time::timeout(self.inner.timeout, self.attempt(&request));
        attempt.await.unwrap_or_else(|_| Err(took_too_long().into()))
    }

    async fn call<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, Error> {
        let attempts = async {
            let mut attempt = 0;
            loop {
                match self.attempt(request).await {
                    Err(Attempt { error: Error::Unavailable(_), .. }) if attempt < RETRIES => {}
                    outcome => return outcome.map_err(|attempt| attempt.error),
                }
                tokio::time::sleep(jittered(Duration::from_millis(100 << attempt))).await;
                attempt += 1;
            }
        };
        let attempts = tokio::time::timeout(self.inner.timeout, attempts);
        attempts.await.unwrap_or_else(|_| Err(took_too_long()))
    }

    async fn attempt<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, Attempt> {
        let url = format!("{}{}", self.inner.base_url, request.path);
        let mut builder = self.inner.http.request(request.method.clone(), url);
        if let Some((token, body)) = &request.sent {
            // Anything else would be a fault of what is sent, and not of the token.
            let bearer = HeaderValue::try_from(format!("Bearer {token}"));
            let mut bearer = bearer.map_err(|_| Error::from(TokenError::Invalid))?;
            bearer.set_sensitive(true);
            builder = builder.header(header::AUTHORIZATION, bearer);
            builder = builder.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        if let Some(key) = request.idempotency_key {
            builder = builder.header("idempotency-key", key);
        }
        match builder.send().await {
            Ok(response) => read(response).await,
            Err(error) if error.is_builder() => {
                Err(Error::Configuration(error.without_url().to_string()).into())
            }
            Err(error) => {
                let is_open = !error.is_connect();
                let error = Error::Unavailable(error.without_url().to_string());
                Err(Attempt { error, is_open, retry_after: None })
            }
        }
    }
}

/// A call that failed.
pub(crate) struct Attempt {
    pub(crate) error: Error,
    /// Whether it may have been done all the same.
    pub(crate) is_open: bool,
    /// When the server asks to try again.
    pub(crate) retry_after: Option<Duration>,
}

impl From<Error> for Attempt {
    fn from(error: Error) -> Self {
        let is_open = matches!(error, Error::Unavailable(_) | Error::Unreadable(_));
        let retry_after = match &error {
            Error::Refused(problem) => problem.retry_after,
            _ => None,
        };
        Self { error, is_open, retry_after }
    }
}

/// A call, as it is sent as often as needed.
struct Request<'a> {
    method: Method,
    path: &'a str,
    /// In whose name, and what.
    sent: Option<(&'a str, Bytes)>,
    idempotency_key: Option<&'a str>,
}

fn took_too_long() -> Error {
    Error::Unavailable("it took too long".to_owned())
}

/// At random between a half of it and all of it, so that many clients do not come back at once.
pub(crate) fn jittered(wait: Duration) -> Duration {
    let [random, ..] = Uuid::new_v4().into_bytes();
    wait / 2 + wait * u32::from(random) / 510
}

async fn read<T: DeserializeOwned>(response: reqwest::Response) -> Result<T, Attempt> {
    let status = response.status();
    let retry_after = response.headers().get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
    let retry_after = retry_after.map(Duration::from_secs);
    let body = response.bytes().await;
    let body = body.map_err(|error| Error::Unavailable(error.without_url().to_string()))?;
    if status.is_success() {
        let read = serde_json::from_slice(&body);
        return Ok(read.map_err(|error| Error::Unreadable(error.to_string()))?);
    }
    let problem = serde_json::from_slice::<Problem>(&body).ok();
    let said = problem.as_ref().map_or_else(|| status.to_string(), ToString::to_string);
    if status.is_server_error() || (status == StatusCode::TOO_MANY_REQUESTS && problem.is_none()) {
        // A gateway in front of the server says so without a problem.
        let (error, is_open) = (Error::Unavailable(said), status.is_server_error());
        return Err(Attempt { error, is_open, retry_after });
    }
    if status == StatusCode::UNAUTHORIZED {
        return Err(Error::from(TokenError::Ended).into());
    }
    if !status.is_client_error() {
        return Err(Error::Unreadable(said).into());
    }
    let problem = problem.unwrap_or_else(|| Problem::of_status(status));
    Err(Error::Refused(Box::new(Problem { retry_after, ..problem })).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_between_its_half_and_itself() {
        let wait = Duration::from_secs(4);
        for _ in 0..100 {
            assert!((wait / 2..=wait).contains(&jittered(wait)));
        }
    }
}
