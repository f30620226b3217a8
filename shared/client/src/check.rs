use std::time::Instant;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{cache::CacheKey, client::Client, error::Error};

const CHECK: &str = "/api/v1/permissions/check";

/// The server takes this many questions in a call.
const MOST: usize = 100;

/// A permission or a module, by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// `pid.create`
    Permission(String),
    /// `PID`
    Module(String),
}

impl Question {
    /// About a permission.
    pub fn permission(code: impl Into<String>) -> Self {
        Self::Permission(code.into())
    }

    /// About access to a module.
    pub fn module(code: impl Into<String>) -> Self {
        Self::Module(code.into())
    }

    fn body(&self) -> Value {
        match self {
            Self::Permission(code) => json!({ "permission": code }),
            Self::Module(code) => json!({ "module": code }),
        }
    }
}

/// Permission checks in the name of a token's or an API key's owner. The server decides by what is
/// so at this moment, unless [`Builder::cache_decisions`](crate::Builder::cache_decisions) allows
/// older decisions.
#[derive(Clone)]
#[must_use = "it asks nothing by itself"]
pub struct Check<'a> {
    client: &'a Client,
    token: &'a str,
    about: Map<String, Value>,
}

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The decision.
    pub allowed: bool,
    /// Why it is allowed.
    #[serde(default)]
    pub chain: Option<Chain>,
    /// Every reason why it is not.
    #[serde(default)]
    pub blockers: Vec<Blocker>,
    /// The fewest changes that would allow it; none where nothing has that code.
    #[serde(default)]
    pub smallest_grant: Option<Vec<Step>>,
}

/// Membership, role, and what the role grants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Chain {
    /// The organization of the membership.
    pub membership: Option<String>,
    pub role: String,
    #[serde(default)]
    pub permission: Option<String>,
    #[serde(default)]
    pub module: Option<String>,
}

/// One reason for a no.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Blocker {
    /// `no_grant`, `role_expired`, `user_locked`, …
    pub code: String,
    /// The role that it is about.
    #[serde(default)]
    pub role: Option<String>,
}

/// One change that helps to allow it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// `assign_role`, `grant_permission`, …
    pub step: String,
    /// What it is about.
    #[serde(default)]
    pub code: Option<String>,
}

#[derive(Deserialize)]
struct Decision {
    allowed: bool,
}

#[derive(Deserialize)]
struct Decisions {
    results: Vec<Decision>,
}

impl<'a> Check<'a> {
    pub(crate) fn new(client: &'a Client, token: &'a str) -> Self {
        Self { client, token, about: Map::new() }
    }

    /// About another user; whoever asks needs `access.check`.
    pub fn of_user(mut self, user_id: &str) -> Self {
        self.about.insert("user_id".to_owned(), user_id.into());
        self
    }

    /// In another organization than that in which the token acts.
    pub fn in_organization(mut self, code: &str) -> Self {
        self.about.insert("organization".to_owned(), code.into());
        self
    }

    /// Whether they have a permission; an unknown code is not allowed. Errors: [`Error::Token`],
    /// [`Error::Refused`], [`Error::Unavailable`].
    pub async fn permission(&self, code: &str) -> Result<bool, Error> {
        self.one(&Question::permission(code)).await
    }

    /// Whether they have access to a module. Errors as above.
    pub async fn module(&self, code: &str) -> Result<bool, Error> {
        self.one(&Question::module(code)).await
    }

    /// The decisions of several questions in their order, in calls of 100; never cached ones.
    /// Errors as above.
    pub async fn all(&self, questions: &[Question]) -> Result<Vec<bool>, Error> {
        let mut decisions = Vec::new();
        for some in questions.chunks(MOST) {
            let checks: Vec<Value> = some.iter().map(Question::body).collect();
            let body = self.body(json!({ "checks": checks }));
            let Decisions { results } =
                self.client.post(CHECK, self.token, body.to_string()).await?;
            if results.len() != some.len() {
                return Err(Error::Unreadable("another number of results".to_owned()));
            }
            decisions.extend(results.into_iter().map(|one| one.allowed));
        }
        Ok(decisions)
    }

    /// The decision with its reasons, never a cached one. Errors as above.
    pub async fn explain(&self, question: &Question) -> Result<Explanation, Error> {
        let mut body = self.body(question.body());
        if let Some(fields) = body.as_object_mut() {
            fields.insert("explain".to_owned(), true.into());
        }
        self.client.post(CHECK, self.token, body.to_string()).await
    }

    async fn one(&self, question: &Question) -> Result<bool, Error> {
        let body = self.body(question.body());
        let cache = self.client.decisions().map(|cache| (cache, CacheKey::new(self.token, &body)));
        let asked_at = Instant::now();
        if let Some(allowed) = cache.as_ref().and_then(|(cache, key)| cache.get(key, asked_at)) {
            return Ok(allowed);
        }
        let Decision { allowed } = self.client.post(CHECK, self.token, body.to_string()).await?;
        if let Some((cache, key)) = cache {
            cache.insert(key, allowed, asked_at);
        }
        Ok(allowed)
    }

    /// With about whom and where.
    fn body(&self, question: Value) -> Value {
        let Value::Object(fields) = question else { return question };
        Value::Object(fields.into_iter().chain(self.about.clone()).collect())
    }
}
