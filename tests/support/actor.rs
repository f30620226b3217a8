use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Body, Call, Json, wire::Wire};

/// Somebody who signed in: a client that sends as them.
#[derive(Clone)]
pub(crate) struct Actor {
    wire: Arc<Wire>,
    pub(crate) id: String,
    pub(crate) session_id: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) device: String,
    /// All that signing in answered.
    pub(crate) pair: Value,
}

impl Actor {
    pub(super) fn new(wire: &Arc<Wire>, pair: Value) -> Self {
        let text = |name| pair.text_of(name).to_owned();
        Self {
            wire: Arc::clone(wire),
            id: text("user/id"),
            session_id: text("session_id"),
            access: text("access"),
            refresh: text("refresh"),
            device: text("device"),
            pair,
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> Call {
        self.wire.request(method, path).bearer(&self.access)
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str, body: impl Body) -> Call {
        self.request(Method::POST, path).json(body)
    }

    pub(crate) fn put(&self, path: &str, body: impl Body) -> Call {
        self.request(Method::PUT, path).json(body)
    }

    pub(crate) fn patch(&self, path: &str, body: impl Body) -> Call {
        self.request(Method::PATCH, path).json(body)
    }

    pub(crate) fn delete(&self, path: &str) -> Call {
        self.request(Method::DELETE, path)
    }

    /// The same session with its next tokens.
    pub(crate) async fn refreshed(&self) -> Self {
        let body = json!({ "refresh": self.refresh });
        self.wire.request(Method::POST, "/auth/token/refresh").json(body).actor().await
    }

    /// Where they are a member of an organization.
    pub(crate) fn at(&self, organization: &str) -> String {
        format!("/organizations/{organization}/members/{}", self.id)
    }

    /// What the check answers to a question.
    pub(crate) async fn check(&self, question: impl Body) -> Value {
        self.post("/permissions/check", question).await.expect(200).json()
    }

    /// Tracks an activity: the seed's, with other fields in the place of its own.
    pub(crate) async fn track(&self, fields: Value) -> Value {
        let body = json!({ "activity_type": "document_uploaded", "description": "A drawing.",
            "category": "data_management" });
        self.post("/activities", body.with(fields)).await.expect(201).json()
    }

    /// Every page of a list.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut page = self.get(path).await.expect(200).json();
        loop {
            found.extend(page.items().clone());
            let Some(next) = page["next_cursor"].as_str() else { return found };
            page = self.get(path).query(&[("cursor", next)]).await.expect(200).json();
        }
    }
}
