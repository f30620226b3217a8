//! Every endpoint, one folder each, and the route table.
//!
//! To find an endpoint, look for its row in `routes.rs`: its folder has the same name.

pub mod accounts;
pub mod activity;
pub mod authorizer;
pub mod catalogue;
pub mod jobs;
pub mod members;
pub mod meta;
pub mod permissions;
pub mod recovery;
pub mod routes;
pub mod sessions;

use std::{pin::Pin, sync::Arc};

use rolecall_crypto::Crypto;
use rolecall_domain::ports::Mailer;
use rolecall_storage::Store;

/// The ports of a request over the adapters that every function runs on: the one place that names
/// them.
pub type Ports = rolecall_domain::Ports<Store, Crypto<Store>>;

/// What a handler is given beside its request.
pub type Context = rolecall_http::Context<Store, Crypto<Store>>;

/// A row of the route table over these adapters.
pub type Endpoint = rolecall_http::route::Endpoint<Store, Crypto<Store>>;

type Route = rolecall_http::route::Route<Store, Crypto<Store>>;
use serde_json::Value;

/// A job at work.
pub type RunningJob = Pin<Box<dyn Future<Output = Result<Value, String>> + Send>>;

/// A job's handler without its type.
pub type JobHandler = Arc<dyn Fn(Ports, Arc<dyn Mailer>, Value) -> RunningJob + Send + Sync>;

/// What starts a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// The table's stream: new items of this entity.
    NewItem(&'static str),
    /// The table's stream: items that have this attribute.
    Attribute(&'static str),
    /// EventBridge Scheduler, once in so many minutes.
    EveryMinutes(u32),
    /// EventBridge Scheduler, once in so many days.
    EveryDays(u32),
    /// An operator.
    ByHand,
    /// API Gateway, before a route of another API.
    Authorizer,
}

impl Trigger {
    /// In words, for the README.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::NewItem(entity) => {
                format!("the table's stream: new items whose `entity` is `{entity}`")
            }
            Self::Attribute(name) => format!("the table's stream: items written with `{name}`"),
            Self::EveryMinutes(minutes) => format!("a schedule: every {minutes} minutes"),
            Self::EveryDays(days) => format!("a schedule: every {days} days"),
            Self::ByHand => "an operator".to_owned(),
            Self::Authorizer => "API Gateway, before another API's routes".to_owned(),
        }
    }
}

/// A function that an event starts, not a request.
#[derive(Clone)]
pub struct Job {
    /// Name of its Lambda function.
    pub name: &'static str,
    /// Where it is, in `functions`.
    pub folder: &'static str,
    /// What starts it.
    pub trigger: Trigger,
    /// What runs.
    pub handler: JobHandler,
}

/// Every event function.
#[must_use]
#[rustfmt::skip]
pub fn jobs() -> Vec<Job> {
    use jobs::{aggregate_stats, deliver_mail, relay, fill_activity_stream, import_users, rotate_keys, setup};
    vec![
        job("aggregate_stats", "jobs/aggregate_stats", Trigger::EveryMinutes(5), aggregate_stats::handler),
        job("authorizer", "authorizer", Trigger::Authorizer, authorizer::handler),
        job("deliver_mail", "jobs/deliver_mail", Trigger::NewItem("outbox"), deliver_mail::handler),
        job("relay", "jobs/relay", Trigger::Attribute("enclosed"), relay::handler),
        job("fill_activity_stream", "jobs/fill_activity_stream", Trigger::Attribute("feed"), fill_activity_stream::handler),
        job("import_users", "jobs/import_users", Trigger::ByHand, import_users::handler),
        job("rotate_keys", "jobs/rotate_keys", Trigger::EveryDays(7), rotate_keys::handler),
        job("setup", "jobs/setup", Trigger::ByHand, setup::handler),
    ]
}

fn job<F>(
    name: &'static str,
    folder: &'static str,
    trigger: Trigger,
    handler: fn(Ports, Arc<dyn Mailer>, Value) -> F,
) -> Job
where
    F: Future<Output = Result<Value, String>> + Send + 'static,
{
    let handler = Arc::new(move |ports, mailer, event| -> RunningJob {
        Box::pin(handler(ports, mailer, event))
    });
    Job { name, folder, trigger, handler }
}
