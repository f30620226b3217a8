use std::{net::IpAddr, sync::Arc, time::Duration};

use crate::{
    cache::DecisionCache,
    client::{Client, Inner},
    error::Error,
    jwks::Keys,
};

/// How the server's log names the client.
const USER_AGENT: &str = concat!("rolecall-client/", env!("CARGO_PKG_VERSION"));

/// The longest wait for an answer, all attempts together: a function's gateway waits for 30 s.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How much this machine's clock may differ from the server's.
const LEEWAY: Duration = Duration::from_secs(5);

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
    allow_http: bool,
}

impl Builder {
    pub(crate) fn new(base_url: String) -> Self {
        Self {
            base_url,
            issuer: None,
            audience: "rolecall".to_owned(),
            token_type: "at+jwt".to_owned(),
            leeway: LEEWAY,
            timeout: TIMEOUT,
            max_age: None,
            allow_http: false,
        }
    }

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

    /// How much this machine's clock may differ from the server's; five seconds by default.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// The longest wait for an answer; five seconds by default. A call is sent at most three times
    /// within it.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Caches decisions of permission checks for this long: a right that was taken away still works
    /// until then, and so does a token that has ended. By default every decision is the server's,
    /// of this moment.
    #[must_use]
    pub fn cache_decisions(self, max_age: Duration) -> Self {
        Self { max_age: Some(max_age), ..self }
    }

    /// Also takes an `http://` URL of another machine, for a network that nobody else is in: keys
    /// and tokens are sent in clear. `http://localhost` and loopback addresses are always taken.
    #[must_use]
    pub fn allow_http(self) -> Self {
        Self { allow_http: true, ..self }
    }

    /// The client. It sends nothing yet. Error: [`Error::Configuration`].
    pub fn build(self) -> Result<Client, Error> {
        let wrong = |what: String| Error::Configuration(what);
        let url = reqwest::Url::parse(&self.base_url).map_err(|error| wrong(error.to_string()))?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_local =
            host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        if url.scheme() != "https" && !(url.scheme() == "http" && (is_local || self.allow_http)) {
            return Err(wrong("the URL of a server begins with https://".to_owned()));
        }
        let has_more = url.query().or(url.fragment()).is_some();
        if has_more || !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("the URL has more than a host and a path".to_owned()));
        }
        // Where another crate brings a second provider, jsonwebtoken does not choose one itself.
        jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default().ok();
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(self.timeout / 2)
            // A redirect would carry the token to wherever it points.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                base_url: self.base_url.trim_end_matches('/').to_owned(),
                timeout: self.timeout,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_url_of_a_server_is_refused() {
        for url in [
            "",
            "id.example.com",
            "ftp://id.example.com",
            "data:text/plain,x",
            "http://id.example.com",
            "https://ada:secret@id.example.com",
            "https://id.example.com/?stage=x",
            "https://id.example.com/#x",
        ] {
            assert!(matches!(Client::new(url), Err(Error::Configuration(_))), "{url}");
        }
        for url in ["https://id.example.com/stage/", "http://[::1]:3000", "http://localhost"] {
            assert!(Client::new(url).is_ok(), "{url}");
        }
        assert!(Client::builder("http://rolecall:3000").allow_http().build().is_ok());
    }
}
