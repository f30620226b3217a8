//! Rolecall in your own service: verify its tokens, check permissions, and record activities.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use rolecall_client::{Activity, Category, Client, Tracker};
//!
//! let client = Client::new("https://id.example.com")?;
//! let token = "what came in Authorization: Bearer";
//! let caller = client.verify(token).await?;
//! if client.check(token).permission("pid.create").await? {
//!     let tracker = Tracker::new(&client, "rcs_…");
//!     tracker.acting_as(&caller).track(
//!         Activity::new("document_uploaded")
//!             .category(Category::DataManagement)
//!             .description("A drawing was uploaded.")
//!             .detail("user_id", caller.user_id.as_str())
//!             .tag("pid"),
//!     );
//!     tracker.flush().await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::verify`] verifies an access token in the process, with the server's public keys.
//! [`Client::check`] asks the server what its owner may do: a right that was taken away is gone at
//! the next check. [`RequirePermission`] and [`RequireModule`] do both before a handler, in axum or
//! in a Lambda function. Where the server does not answer, they answer 503.

mod activity;
mod builder;
mod cache;
mod check;
mod client;
mod error;
#[cfg(feature = "axum")]
mod extract;
mod flush;
mod jwks;
mod layer;
mod policy;
mod problem;
mod queue;
mod send;
mod token;
mod track_requests;
mod tracked;
mod tracker;
mod words;

pub use activity::{Activity, Category, Severity};
pub use builder::Builder;
pub use check::{Blocker, Chain, Check, Explanation, Question, Step};
pub use client::{Client, DOCUMENT_VERSION};
pub use error::{Error, TokenError};
#[cfg(feature = "axum")]
pub use extract::CallerRejection;
pub use flush::{FlushBeforeResponse, Flushing};
pub use layer::{Authenticate, Guard, RequireModule, RequirePermission};
pub use policy::{Operation, Policy, same_organization};
pub use problem::{FieldError, Problem, ProblemCode};
pub use queue::TrackerCounts;
pub use token::Caller;
pub use track_requests::{TrackRequests, TrackedResponse, Tracking};
pub use tracked::Tracked;
pub use tracker::{FlushError, Tracker, TrackerBuilder};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
