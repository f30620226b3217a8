//! Who may call an endpoint. The rule runs before the handler and hands it its proof: a handler
//! that asks for a [`Caller`] or an [`Authorization`] cannot be reached without one. A handler that
//! reads a query asks for it, too ([`WithQuery`](crate::WithQuery)); to all others a query is an
//! error.
//!
//! ```
//! use rolecall_domain::{Crypto, Store, session::Caller};
//! use rolecall_http::{Context, Problem, Request, Response, access, response};
//!
//! async fn sign_out<S, C>(_: Context<S, C>, _: Caller, _: Request) -> Result<Response, Problem> {
//!     response::no_content()
//! }
//!
//! fn row<S: Store, C: Crypto>() -> access::Guarded<S, C> {
//!     access::signed_in(sign_out::<S, C>)
//! }
//! ```
//!
//! What the handler asks for, its row has to give. This does not compile:
//!
//! ```compile_fail
//! use rolecall_domain::{Crypto, Store, session::Caller};
//! use rolecall_http::{Context, Problem, Request, Response, access, response};
//!
//! async fn sign_out<S, C>(_: Context<S, C>, _: Caller, _: Request) -> Result<Response, Problem> {
//!     response::no_content()
//! }
//!
//! fn row<S: Store, C: Crypto>() -> access::Guarded<S, C> {
//!     access::public(sign_out::<S, C>)
//! }
//! ```
//!
//! Nor does a row that needs a right for a handler that takes no proof of it:
//!
//! ```compile_fail
//! use rolecall_domain::{Crypto, Store, permission::Right};
//! use rolecall_http::{Context, Problem, Request, Response, access, response};
//!
//! async fn delete_everybody<S, C>(_: Context<S, C>, _: Request) -> Result<Response, Problem> {
//!     response::no_content()
//! }
//!
//! fn row<S: Store, C: Crypto>() -> access::Guarded<S, C> {
//!     access::needs(&[Right::ManageUsers], delete_everybody::<S, C>)
//! }
//! ```

use std::{pin::Pin, sync::Arc};

use rolecall_domain::{
    Crypto, Store,
    permission::{Authorization, Right},
    session::Caller,
};

use crate::{Context, Problem, Request, Response, extract::FromRequest, guard};

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A page: its call is no activity, and is not counted.
    Page,
    Public,
    SignedIn,
    /// Callers with one of these rights in the active organization.
    Needs(&'static [Right]),
    /// Whoever has every right everywhere.
    SuperAdmin,
}

impl Access {
    /// In words, for the table of routes.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Page | Self::Public => "anybody".to_owned(),
            Self::SignedIn => "signed in".to_owned(),
            Self::Needs(rights) => rights
                .iter()
                .map(|right| format!("`{}`", right.code()))
                .collect::<Vec<_>>()
                .join(" or "),
            Self::SuperAdmin => "super admins".to_owned(),
        }
    }
}

/// A handler at work.
pub type Running = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

type Handler<S, C> = Arc<dyn Fn(Context<S, C>, Request) -> Running + Send + Sync>;

/// A handler behind its rule.
#[derive(Clone)]
pub struct Guarded<S, C> {
    pub access: Access,
    /// Whether a call that changes something counts for its caller, who may then be told 429.
    pub is_counted: bool,
    /// Whether an API key will do in the place of a token.
    pub takes_keys: bool,
    handler: Handler<S, C>,
}

impl<S, C> Guarded<S, C> {
    fn new<F>(
        access: Access,
        handler: impl Fn(Context<S, C>, Request) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Response, Problem>> + Send + 'static,
    {
        let is_counted = !matches!(access, Access::Page | Access::Public);
        let handler: Handler<S, C> = Arc::new(move |ctx, request| Box::pin(handler(ctx, request)));
        Self { access, is_counted, takes_keys: true, handler }
    }

    /// Applies the rule, then the handler.
    pub(crate) fn run(&self, ctx: Context<S, C>, request: Request) -> Running {
        (self.handler)(ctx, request)
    }
}

/// Anybody may call, and the answer depends on nothing but the request: no port is linked for it.
pub fn fixed<S, C>(handler: fn(&Request) -> Result<Response, Problem>) -> Guarded<S, C> {
    Guarded::new(Access::Public, move |_, request| std::future::ready(handler(&request)))
}

/// A page for people, in the way of [`fixed`]: it reads nothing, and its call is not recorded.
pub fn page<S, C>(handler: fn(&Request) -> Result<Response, Problem>) -> Guarded<S, C> {
    Guarded { access: Access::Page, ..fixed(handler) }
}

/// Anybody may call.
pub fn public<S: Send + 'static, C: Send + 'static, Q: FromRequest, F>(
    handler: fn(Context<S, C>, Q) -> F,
) -> Guarded<S, C>
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::Public, move |ctx, request| async move {
        handler(ctx, Q::from_request(request)?).await
    })
}

/// Anybody may call; who sends a token or its cookie has to be signed in with it, and the handler
/// gets them. No API key will do.
pub fn signed_in_or_not<S: Store, C: Crypto, Q: FromRequest, F>(
    handler: fn(Context<S, C>, Option<Caller>, Q) -> F,
) -> Guarded<S, C>
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    let guarded = Guarded::new(Access::Public, move |ctx, request| async move {
        let is_signed_in = request.headers().contains_key(http::header::AUTHORIZATION)
            || guard::credential(&ctx, &request).is_some();
        let caller =
            if is_signed_in { Some(guard::in_person(&ctx, &request).await?) } else { None };
        handler(ctx, caller, Q::from_request(request)?).await
    });
    Guarded { takes_keys: false, ..guarded }
}

/// Every signed-in caller; 401 to everybody else, and 403 to callers who have to change the
/// password first.
pub fn signed_in<S: Store, C: Crypto, Q: FromRequest, F>(
    handler: fn(Context<S, C>, Caller, Q) -> F,
) -> Guarded<S, C>
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::SignedIn, move |ctx, request| async move {
        let caller = guard::signed_in(&ctx, &request).await?;
        handler(ctx, caller, Q::from_request(request)?).await
    })
}

/// [`signed_in`] with a token: 403 to programs with an API key, which change nothing of how their
/// owner gets in.
pub fn in_person<S: Store, C: Crypto, Q: FromRequest, F>(
    handler: fn(Context<S, C>, Caller, Q) -> F,
) -> Guarded<S, C>
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    let guarded = Guarded::new(Access::SignedIn, move |ctx, request| async move {
        let caller = guard::in_person(&ctx, &request).await?;
        handler(ctx, caller, Q::from_request(request)?).await
    });
    Guarded { takes_keys: false, ..guarded }
}

/// [`signed_in`] for a POST that changes nothing, or that its handler counts by what it brings
/// ([`spend`](crate::spend)).
pub fn signed_in_uncounted<S: Store, C: Crypto, Q: FromRequest, F>(
    handler: fn(Context<S, C>, Caller, Q) -> F,
) -> Guarded<S, C>
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    let guarded = Guarded::new(Access::SignedIn, move |ctx, request| async move {
        let caller = guard::signed_in_uncounted(&ctx, &request).await?;
        handler(ctx, caller, Q::from_request(request)?).await
    });
    Guarded { is_counted: false, ..guarded }
}

/// [`in_person`], and open to callers who have to change the password first: for that change.
pub fn in_person_with_any_password<S: Store, C: Crypto, Q: FromRequest, F>(
    handler: fn(Context<S, C>, Caller, Q) -> F,
) -> Guarded<S, C>
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    let guarded = Guarded::new(Access::SignedIn, move |ctx, request| async move {
        let caller = guard::in_person_with_any_password(&ctx, &request).await?;
        handler(ctx, caller, Q::from_request(request)?).await
    });
    Guarded { takes_keys: false, ..guarded }
}

/// Callers with one of the rights in the active organization; 403 to everybody else who is
/// signed in.
pub fn needs<S: Store, C: Crypto, Q: FromRequest, F>(
    any_of: &'static [Right],
    handler: fn(Context<S, C>, Authorization, Q) -> F,
) -> Guarded<S, C>
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::Needs(any_of), move |ctx, request| async move {
        let authorization = guard::authorize(&ctx, &request, any_of).await?;
        handler(ctx, authorization, Q::from_request(request)?).await
    })
}

/// Super admins; 403 to everybody else who is signed in, whatever they ask.
pub fn super_admin<S: Store, C: Crypto, Q: FromRequest, F>(
    handler: fn(Context<S, C>, Authorization, Q) -> F,
) -> Guarded<S, C>
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::SuperAdmin, move |ctx, request| async move {
        let authorization = guard::super_admin(&ctx, &request).await?;
        handler(ctx, authorization, Q::from_request(request)?).await
    })
}

/// [`needs`] for a handler that acts on something which is read beside the rule's own read: one
/// round trip less in sequence. A caller who is refused learns nothing of what was read.
pub fn needs_and_reads<S: Store, C: Crypto, T, R, Q: FromRequest, F>(
    any_of: &'static [Right],
    read: fn(Context<S, C>) -> R,
    handler: fn(Context<S, C>, Authorization, T, Q) -> F,
) -> Guarded<S, C>
where
    T: Send + 'static,
    R: Future<Output = Result<T, Problem>> + Send + 'static,
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    Guarded::new(Access::Needs(any_of), move |ctx, request| async move {
        let (authorization, found) =
            futures::join!(guard::authorize(&ctx, &request, any_of), read(ctx.clone()));
        let authorization = authorization?;
        handler(ctx, authorization, found?, Q::from_request(request)?).await
    })
}
