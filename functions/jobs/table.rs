//! The table of jobs: one row a function that an event starts, with what starts it. The Lambda
//! function has the folder's name.

use std::{pin::Pin, sync::Arc};

use rolecall_domain::ports::Mailer;
use serde_json::Value;

use crate::Ports;

/// A job at work.
pub type RunningJob = Pin<Box<dyn Future<Output = Result<Value, String>> + Send>>;

type JobHandler = Arc<dyn Fn(Ports, Arc<dyn Mailer>, Value) -> RunningJob + Send + Sync>;

/// What starts a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// The table's stream: new items of this entity.
    NewItem(&'static str),
    /// The table's stream: items that have one of these attributes.
    Attributes(&'static [&'static str]),
    /// EventBridge Scheduler, once in so many minutes.
    EveryMinutes(u32),
    /// EventBridge Scheduler, once in so many days.
    EveryDays(u32),
    /// EventBridge: what SES tells of mails that came back, or were called spam.
    MailEvents,
    /// An operator.
    ByHand,
    /// API Gateway, before a route of another API.
    Authorizer,
}

/// The `detail-type` of the events that [`Trigger::MailEvents`] stands for.
pub const MAIL_EVENTS: [&str; 2] = ["Email Bounced", "Email Complaint Received"];

impl Trigger {
    /// Whether it is the table's stream.
    #[must_use]
    pub fn is_stream(self) -> bool {
        matches!(self, Self::NewItem(_) | Self::Attributes(_))
    }

    /// In words, for `docs/api.md`.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::NewItem(entity) => {
                format!("the table's stream: new items whose `entity` is `{entity}`")
            }
            Self::Attributes(names) => {
                format!("the table's stream: items written with `{}`", names.join("` or `"))
            }
            Self::EveryMinutes(minutes) => format!("a schedule: every {minutes} minutes"),
            Self::EveryDays(days) => format!("a schedule: every {days} days"),
            Self::MailEvents => {
                format!(
                    "an event of SES: {}",
                    MAIL_EVENTS.map(|name| format!("`{name}`")).join(", ")
                )
            }
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
    pub trigger: Trigger,
    pub handler: JobHandler,
}

macro_rules! jobs {
    ($($kind:ident $name:ident: $trigger:ident $(($argument:expr))?;)*) => {
        vec![$(Job {
            name: stringify!($name),
            folder: concat!("jobs/", stringify!($name)),
            trigger: Trigger::$trigger $(($argument))?,
            handler: $kind(super::$name::handler),
        }),*]
    };
}

/// Every job.
#[must_use]
pub fn all() -> Vec<Job> {
    let mut jobs = jobs! {
        job aggregate_stats: EveryMinutes(5);
        mailing_job deliver_mail: NewItem("outbox");
        job erase_users: EveryMinutes(60);
        job fill_people_lists: EveryMinutes(60);
        job import_users: ByHand;
        job note_mail_events: MailEvents;
        job relay: Attributes(&["enclosed", "feed"]);
        job remind_key_owners: EveryDays(1);
        job rotate_keys: EveryDays(7);
        job seal_passwords: ByHand;
        job setup: ByHand;
        job sign_out_everyone: ByHand;
        mailing_job sweep_mail: EveryMinutes(5);
    };
    jobs.push(Job {
        name: "authorizer",
        folder: "authorizer",
        trigger: Trigger::Authorizer,
        handler: job(crate::authorizer::handler),
    });
    jobs
}

fn job<F>(handler: fn(Ports, Value) -> F) -> JobHandler
where
    F: Future<Output = Result<Value, String>> + Send + 'static,
{
    Arc::new(move |ports, _, event| Box::pin(handler(ports, event)))
}

fn mailing_job<F>(handler: fn(Ports, Arc<dyn Mailer>, Value) -> F) -> JobHandler
where
    F: Future<Output = Result<Value, String>> + Send + 'static,
{
    Arc::new(move |ports, mailer, event| Box::pin(handler(ports, mailer, event)))
}
