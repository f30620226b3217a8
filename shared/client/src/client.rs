use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    cache::DecisionCache,
    check::Check,
    error::{Error, TokenError},
    jwks::Keys,
    problem::Problem,
    token::{self, Caller, Expected},
};

/// What the server's log has of a call.
const USER_AGENT: &str = concat!("rolecall-client/", env!("CARGO_PKG_VERSION"));

/// Which version of the server's OpenAPI document this client was written for: its `info.version`.
/// It works with every server of the same major version; below 1.0.0, of the same minor one.
pub const DOCUMENT_VERSION: &str = "0.1.0";

/// How often a call is sent again that the server did not answer.
const RETRIES: u32 = 2;

/// The longest wait for one response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A Rolecall server, as a service sees it. Clones share connections, keys and cached decisions.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    base_url: String,
    issuer: Option<String>,
    audience: String,
    token_type: String,
    leeway: Duration,
    keys: Keys,
    decisions: Option<DecisionCache>,
}

/// The settings of a [`Client`].
#[derive(Debug, Clone)]
pub struct Builder {
    base_url: String,
    issuer: Option<String>,
    audience: String,
    token_type: String,
    leeway: Duration,
    timeout: Duration,
    max_age: Option<Duration>,
}

impl Builder {
    /// The `iss` that a token must have; by default that of the server's discovery document.
    #[must_use]
    pub fn issuer(self, issuer: impl Into<String>) -> Self {
        Self { issuer: Some(issuer.into()), ..self }
    }

    /// The `aud` that a token must have; `rolecall` by default.
    #[must_use]
    pub fn audience(self, audience: impl Into<String>) -> Self {
        Self { audience: audience.into(), ..self }
    }

    /// The `typ` that a token must have; `at+jwt` by default (RFC 9068 §4). A server whose setting
    /// `ROLECALL_TOKEN_TYPE` is `JWT` needs `JWT` here.
    #[must_use]
    pub fn token_type(self, token_type: impl Into<String>) -> Self {
        Self { token_type: token_type.into(), ..self }
    }

    /// How much this machine's clock may differ from the server's; nothing by default.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// The longest wait for one response; ten seconds by default. A call is sent at most three
    /// times.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Caches decisions of permission checks for this long: a right that was taken away still works
    /// until then. By default every decision is the server's, of this moment.
    #[must_use]
    pub fn cache_decisions(self, max_age: Duration) -> Self {
        Self { max_age: Some(max_age), ..self }
    }

    /// The client. It sends nothing yet. Error: [`Error::Configuration`].
    pub fn build(self) -> Result<Client, Error> {
        let wrong = |what: String| Error::Configuration(what);
        let url = reqwest::Url::parse(&self.base_url).map_err(|error| wrong(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
            return Err(wrong("the URL of a server begins with https://".to_owned()));
        }
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .timeout(self.timeout)
            // A redirect would carry the token to wherever it points.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                base_url: self.base_url.trim_end_matches('/').to_owned(),
                issuer: self.issuer,
                audience: self.audience,
                token_type: self.token_type,
                leeway: self.leeway,
                keys: Keys::default(),
                decisions: self.max_age.map(DecisionCache::new),
            }),
        })
    }
}

impl Client {
    /// A client of the server at a URL, with the default settings of [`Builder`]. Error:
    /// [`Error::Configuration`].
    pub fn new(base_url: impl Into<String>) -> Result<Self, Error> {
        Self::builder(base_url).build()
    }

    /// The same with other settings.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            base_url: base_url.into(),
            issuer: None,
            audience: "rolecall".to_owned(),
            token_type: "at+jwt".to_owned(),
            leeway: Duration::ZERO,
            timeout: TIMEOUT,
            max_age: None,
        }
    }

    /// Whose access token this is, by its signature, type, issuer, audience and times. Offline: the
    /// server is asked for its public keys alone, every ten minutes or for an unknown `kid`.
    ///
    /// A token whose session was ended is accepted until it expires, an hour at most;
    /// [`Client::check`] sees that at once.
    ///
    /// Errors: [`Error::Token`]; [`Error::Unavailable`] where the keys cannot be had.
    pub async fn verify(&self, token: &str) -> Result<Caller, Error> {
        let inner = &*self.inner;
        let kid = token::kid(token)?;
        let found = inner.keys.find(&kid, Instant::now(), || self.discover()).await?;
        let (discovered, key) = found.ok_or(TokenError::UnknownKey)?;
        let expected = Expected {
            issuer: inner.issuer.as_deref().unwrap_or(&discovered),
            audience: &inner.audience,
            token_type: &inner.token_type,
            leeway: inner.leeway,
        };
        Ok(token::verify(token, &key, &expected)?)
    }

    /// Asks the server what the owner of a token or API key may do.
    pub fn check<'a>(&'a self, token: &'a str) -> Check<'a> {
        Check::new(self, token)
    }

    /// Whether the server's document is one that this client knows. For the start of a service, and
    /// for its health check. Error: [`Error::Configuration`] where it is not.
    pub async fn check_document_version(&self) -> Result<(), Error> {
        #[derive(serde::Deserialize)]
        struct Document {
            info: Info,
        }
        #[derive(serde::Deserialize)]
        struct Info {
            version: String,
        }
        let document: Document = self.get("/openapi.json").await?;
        let version = document.info.version;
        if is_compatible(&version) {
            return Ok(());
        }
        let text = format!("the server's document has version {version}, not {DOCUMENT_VERSION}");
        Err(Error::Configuration(text))
    }

    pub(crate) fn decisions(&self) -> Option<&DecisionCache> {
        self.inner.decisions.as_ref()
    }

    /// The issuer and the JWKS.
    async fn discover(&self) -> Result<(String, Value), Error> {
        #[derive(serde::Deserialize)]
        struct Metadata {
            issuer: String,
        }
        let metadata: Metadata = self.get("/.well-known/openid-configuration").await?;
        // From the URL that was configured, whatever host the metadata names.
        let keys = self.get("/.well-known/jwks.json").await?;
        Ok((metadata.issuer, keys))
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.call(Method::GET, path, None, None, None).await
    }

    /// Sends as the owner of a token or key; again where the server is away. So only what changes
    /// nothing, or has an `Idempotency-Key`, may be sent.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &str,
        body: impl Into<Bytes>,
        idempotency_key: Option<&str>,
    ) -> Result<T, Error> {
        self.call(Method::POST, path, Some(token), Some(body.into()), idempotency_key).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Bytes>,
        idempotency_key: Option<&str>,
    ) -> Result<T, Error> {
        let mut attempt = 0;
        loop {
            let url = format!("{}{path}", self.inner.base_url);
            let mut request = self.inner.http.request(method.clone(), url);
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            if let Some(body) = &body {
                request = request.header(header::CONTENT_TYPE, "application/json");
                request = request.body(body.clone());
            }
            if let Some(key) = idempotency_key {
                request = request.header("idempotency-key", key);
            }
            let error = match request.send().await {
                Ok(response) => match read(response).await {
                    Err(error @ Error::Unavailable(_)) => error,
                    outcome => return outcome,
                },
                Err(error) => Error::Unavailable(error.without_url().to_string()),
            };
            if attempt == RETRIES {
                return Err(error);
            }
            tokio::time::sleep(jittered(Duration::from_millis(100 << attempt))).await;
            attempt += 1;
        }
    }
}

/// At random between a half of it and all of it, so that many clients do not come back at once.
pub(crate) fn jittered(wait: Duration) -> Duration {
    let [random, ..] = Uuid::new_v4().into_bytes();
    wait / 2 + wait * u32::from(random) / 510
}

/// Versions are compatible up to the first number that is not 0 (`SemVer` as Cargo reads it).
fn is_compatible(version: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        version.split('.').map_while(|number| number.parse().ok()).collect()
    };
    let (theirs, ours) = (numbers(version), numbers(DOCUMENT_VERSION));
    let compared = ours.iter().take_while(|number| **number == 0).count() + 1;
    theirs.len() == 3 && theirs.iter().take(compared).eq(ours.iter().take(compared))
}

/// Only the URL.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.inner.base_url).finish_non_exhaustive()
    }
}

async fn read<T: DeserializeOwned>(response: reqwest::Response) -> Result<T, Error> {
    let status = response.status();
    let retry_after = response.headers().get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
    let body = response.bytes().await;
    let body = body.map_err(|error| Error::Unavailable(error.without_url().to_string()))?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|error| Error::Unreadable(error.to_string()));
    }
    if status == StatusCode::UNAUTHORIZED {
        return Err(TokenError::Ended.into());
    }
    if status.is_server_error() {
        return Err(Error::Unavailable(status.to_string()));
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => {
            let retry_after = retry_after.map(Duration::from_secs);
            Err(Error::Refused(Box::new(Problem { retry_after, ..problem })))
        }
        Err(_) => Err(Error::Unreadable(status.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compatible_up_to_the_first_number_that_is_not_0() {
        for (version, is_good) in [
            ("0.1.0", true),
            ("0.1.7", true),
            ("0.2.0", false),
            ("1.1.0", false),
            ("0.1", false),
            ("", false),
        ] {
            assert_eq!(is_compatible(version), is_good, "{version}");
        }
    }

    #[test]
    fn a_wait_is_between_its_half_and_itself() {
        let wait = Duration::from_secs(4);
        for _ in 0..100 {
            assert!((wait / 2..=wait).contains(&jittered(wait)));
        }
    }

    #[test]
    fn what_is_no_url_of_a_server_is_refused() {
        for url in ["", "id.example.com", "ftp://id.example.com", "data:text/plain,x"] {
            assert!(matches!(Client::new(url), Err(Error::Configuration(_))), "{url}");
        }
    }
}
