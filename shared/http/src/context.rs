use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use rolecall_domain::{
    Ports,
    activity::Who,
    administration::AdministerRefusal,
    ids::Id,
    session::{Caller, Client},
};
use tokio::task::JoinSet;

use crate::{Problem, route::is_id};

/// What a handler is given beside its request: the ports, and who calls from where.
#[derive(Clone)]
pub struct Context<S, C> {
    /// The domain's ports, counting for this request.
    pub ports: Ports<S, C>,
    /// From where and with what the request came.
    pub client: Client,
    /// Echoed in the answer and in the log.
    pub request_id: String,
    /// The endpoint's name.
    pub endpoint: &'static str,
    parameters: Arc<BTreeMap<String, String>>,
    beside: Arc<Mutex<JoinSet<()>>>,
    who: Arc<Mutex<Option<Who>>>,
}

impl<S, C> Context<S, C> {
    pub(crate) fn new(
        ports: Ports<S, C>,
        client: Client,
        request_id: String,
        endpoint: &'static str,
        parameters: BTreeMap<String, String>,
    ) -> Self {
        Self {
            ports,
            client,
            request_id,
            endpoint,
            parameters: parameters.into(),
            beside: Arc::default(),
            who: Arc::default(),
        }
    }

    /// A parameter of the path by its name in the route's template, decoded. One that the template
    /// does not have is a bug.
    pub fn path(&self, name: &str) -> Result<&str, Problem> {
        self.parameters
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| Problem::bug(format!("{} has no {name} in its path", self.endpoint)))
    }

    /// What the path names, in the order of the names of its parameters; ids in lower case, as they
    /// are read in either.
    pub(crate) fn path_values(&self) -> impl Iterator<Item = String> {
        self.parameters.iter().map(|(name, value)| {
            if is_id(name) { value.to_ascii_lowercase() } else { value.clone() }
        })
    }

    /// An id in the path. What is no id names nothing: `not_found`.
    pub fn path_id<Kind>(&self, name: &str) -> Result<Id<Kind>, Problem> {
        debug_assert!(is_id(name), "the document takes {name} for a code");
        self.path(name)?.parse().map_err(|_| AdministerRefusal::NotFound("id").into())
    }

    /// The record of the call names the caller who was authenticated.
    pub(crate) fn authenticated(&self, caller: &Caller) {
        *self.who.lock().unwrap_or_else(PoisonError::into_inner) = Some(caller.into());
    }

    pub(crate) fn who(&self) -> Option<Who> {
        self.who.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs work beside the handler; it is over before the answer leaves, so that a frozen Lambda
    /// loses none.
    pub fn beside(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.beside.lock().unwrap_or_else(PoisonError::into_inner).spawn(work);
    }

    /// Waits for everything that runs beside: what a handler reads next shows it.
    pub async fn settle(&self) {
        let work = std::mem::take(&mut *self.beside.lock().unwrap_or_else(PoisonError::into_inner));
        work.join_all().await;
    }
}
