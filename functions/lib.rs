//! Every endpoint, one folder each, and the route table.
//!
//! To find an endpoint, look for its row below; its folder has the same name.

pub mod accounts;
pub mod jobs;
pub mod meta;
pub mod sessions;

use std::{pin::Pin, sync::Arc};

use http::Method;
use rolecall_domain::{Ports, ports::Mailer};
use rolecall_http::{
    Answer, Context, Request,
    openapi::Doc,
    route::{Access, Endpoint},
};
use serde_json::Value;

/// The route table: one row an endpoint.
#[must_use]
#[rustfmt::skip]
pub fn routes() -> Vec<Endpoint> {
    use Access::{Public, SignedIn};
    use accounts::{get_me, register, update_me, verify_email};
    use meta::{healthz, jwks, openapi, openid_configuration};
    use sessions::{refresh, revoke, token};
    vec![
        row("accounts", "register", Method::POST, "/api/v1/auth/register", Public, register::handler, register::doc),
        row("accounts", "verify_email", Method::POST, "/api/v1/auth/verify-email", Public, verify_email::handler, verify_email::doc),
        row("sessions", "token", Method::POST, "/api/v1/auth/token", Public, token::handler, token::doc),
        row("sessions", "refresh", Method::POST, "/api/v1/auth/token/refresh", Public, refresh::handler, refresh::doc),
        row("sessions", "revoke", Method::POST, "/api/v1/auth/token/revoke", Public, revoke::handler, revoke::doc),
        row("accounts", "get_me", Method::GET, "/api/v1/me", SignedIn, get_me::handler, get_me::doc),
        row("accounts", "update_me", Method::PATCH, "/api/v1/me", SignedIn, update_me::handler, update_me::doc),
        row("meta", "jwks", Method::GET, "/.well-known/jwks.json", Public, jwks::handler, jwks::doc),
        row("meta", "openid_configuration", Method::GET, "/.well-known/openid-configuration", Public, openid_configuration::handler, openid_configuration::doc),
        row("meta", "openapi", Method::GET, "/openapi.json", Public, openapi::handler, openapi::doc),
        row("meta", "healthz", Method::GET, "/healthz", Public, healthz::handler, healthz::doc),
    ]
}

/// What answers where no row does: API Gateway's `$default` route.
#[must_use]
pub fn fallback() -> Endpoint {
    row("meta", "fallback", Method::GET, "$default", Access::Public, meta::fallback::handler, || Doc::new("", ""))
}

/// A job at work.
pub type RunningJob = Pin<Box<dyn Future<Output = Result<Value, String>> + Send>>;

/// A job's handler without its type.
pub type JobHandler = Arc<dyn Fn(Ports, Arc<dyn Mailer>, Value) -> RunningJob + Send + Sync>;

/// A function that an event starts, not a request.
#[derive(Clone)]
pub struct Job {
    /// Name of its Lambda function and of its folder.
    pub name: &'static str,
    /// What starts it.
    pub trigger: &'static str,
    /// What runs.
    pub handler: JobHandler,
}

/// Every event function.
#[must_use]
#[rustfmt::skip]
pub fn jobs() -> Vec<Job> {
    use jobs::deliver_mail;
    vec![
        job("deliver_mail", "the table's stream: new items whose `entity` is `outbox`", deliver_mail::handler),
    ]
}

fn job<F>(name: &'static str, trigger: &'static str, handler: fn(Ports, Arc<dyn Mailer>, Value) -> F) -> Job
where
    F: Future<Output = Result<Value, String>> + Send + 'static,
{
    let handler = Arc::new(move |ports, mailer, event| -> RunningJob { Box::pin(handler(ports, mailer, event)) });
    Job { name, trigger, handler }
}

fn row<F>(
    group: &'static str,
    name: &'static str,
    method: Method,
    path: &'static str,
    access: Access,
    handler: fn(Context, Request) -> F,
    doc: fn() -> Doc,
) -> Endpoint
where
    F: Future<Output = Answer> + Send + 'static,
{
    let handler = Arc::new(move |ctx, request| -> rolecall_http::route::Running { Box::pin(handler(ctx, request)) });
    Endpoint { name, group, method, path, access, handler, doc }
}
