//! Who may call an endpoint. The rule runs before the handler and hands it its proof: a handler
//! that asks for a [`Caller`] or an [`Authorization`] cannot be reached without one.
//!
//! ```
//! use rolecall_domain::session::Caller;
//! use rolecall_http::{Context, Problem, Request, Response, access, response};
//!
//! async fn sign_out(_: Context, _: Caller, _: Request) -> Result<Response, Problem> {
//!     response::no_content()
//! }
//! access::signed_in(sign_out);
//! ```
//!
//! What the handler asks for, its row has to give. This does not compile:
//!
//! ```compile_fail
//! use rolecall_domain::session::Caller;
//! use rolecall_http::{Context, Problem, Request, Response, access, response};
//!
//! async fn sign_out(_: Context, _: Caller, _: Request) -> Result<Response, Problem> {
//!     response::no_content()
//! }
//! access::public(sign_out);
//! ```
//!
//! Nor does a handler that needs a right and leaves the guard to its row's reader:
//!
//! ```compile_fail
//! use rolecall_domain::permission::Right;
//! use rolecall_http::{Context, Problem, Request, Response, access, response};
//!
//! async fn delete_everybody(_: Context, _: Request) -> Result<Response, Problem> {
//!     response::no_content()
//! }
//! access::needs(&[Right::ManageUsers], delete_everybody);
//! ```

use std::{pin::Pin, sync::Arc};

use rolecall_domain::{
    permission::{Authorization, Right},
    session::Caller,
};

use crate::{Context, Problem, Request, Response, guard};

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    SignedIn,
    /// Whoever has one of these rights in the active organization.
    Needs(&'static [Right]),
}

impl Access {
    /// In words, for the table of routes.
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

type Handler = Arc<dyn Fn(Context, Request) -> Running + Send + Sync>;

/// A handler behind its rule.
#[derive(Clone)]
pub struct Guarded {
    pub access: Access,
    handler: Handler,
}

impl Guarded {
    fn new<F>(
        access: Access,
        handler: impl Fn(Context, Request) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Response, Problem>> + Send + 'static,
    {
        Self { access, handler: Arc::new(move |ctx, request| Box::pin(handler(ctx, request))) }
    }

    /// Applies the rule, then the handler.
    pub(crate) fn run(&self, ctx: Context, request: Request) -> Running {
        (self.handler)(ctx, request)
    }
}

/// Anybody may call.
pub fn public<F>(handler: fn(Context, Request) -> F) -> Guarded
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::Public, handler)
}

/// Whoever is signed in may call; 401 to everybody else, and 403 to whoever has to change the
/// password first.
pub fn signed_in<F>(handler: fn(Context, Caller, Request) -> F) -> Guarded
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::SignedIn, move |ctx, request| async move {
        let caller = guard::signed_in(&ctx, &request).await?;
        handler(ctx, caller, request).await
    })
}

/// [`signed_in`], and open to whoever has to change the password first: for that very change.
pub fn signed_in_with_any_password<F>(handler: fn(Context, Caller, Request) -> F) -> Guarded
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::SignedIn, move |ctx, request| async move {
        let caller = guard::signed_in_with_any_password(&ctx, &request).await?;
        handler(ctx, caller, request).await
    })
}

/// Whoever has one of the rights in the active organization may call; 403 to everybody else who is
/// signed in.
pub fn needs<F>(
    any_of: &'static [Right],
    handler: fn(Context, Authorization, Request) -> F,
) -> Guarded
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::Needs(any_of), move |ctx, request| async move {
        let authorization = guard::authorize(&ctx, &request, any_of).await?;
        handler(ctx, authorization, request).await
    })
}

/// [`needs`] for a handler that acts on something which is read beside the rule's own read: one
/// round trip less in sequence. Whoever may not call learns nothing of what was read.
pub fn needs_and_reads<T, R, F>(
    any_of: &'static [Right],
    read: fn(Context) -> R,
    handler: fn(Context, Authorization, T, Request) -> F,
) -> Guarded
where
    T: Send + 'static,
    R: Future<Output = Result<T, Problem>> + Send + 'static,
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::Needs(any_of), move |ctx, request| async move {
        let (authorization, found) =
            futures::join!(guard::authorize(&ctx, &request, any_of), read(ctx.clone()));
        handler(ctx, authorization?, found?, request).await
    })
}
