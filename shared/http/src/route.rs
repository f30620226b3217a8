//! A row of the route table.

use std::{pin::Pin, sync::Arc};

use http::Method;
use rolecall_domain::permission::Right;

use crate::{Context, Problem, Request, Response, openapi::Doc};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    /// Whoever the gate lets in.
    SignedIn,
    /// Whoever has one of these rights in the active organization.
    Needs(&'static [Right]),
}

impl Access {
    /// In words, for the README.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Public => "anybody".to_owned(),
            Self::SignedIn => "signed in".to_owned(),
            Self::Needs(rights) => rights
                .iter()
                .map(|right| format!("`{}`", right.code()))
                .collect::<Vec<_>>()
                .join(" or "),
        }
    }
}

/// A handler at work.
pub type Running = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;
/// A handler without its type.
pub type Handler = Arc<dyn Fn(Context, Request) -> Running + Send + Sync>;

/// One endpoint: the name of its function, where it is, who may call it, what runs, what it says of
/// itself.
#[derive(Clone)]
pub struct Endpoint {
    /// Name of its Lambda function and of its folder.
    pub name: &'static str,
    pub group: &'static str,
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub handler: Handler,
    /// Its part of the OpenAPI document.
    pub doc: fn() -> Doc,
}

impl Endpoint {
    /// As API Gateway names the route: `POST /api/v1/auth/token`.
    #[must_use]
    pub fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
