use serde_json::{Map, Value};

use crate::{
    model::{
        activity::{Activity, Extra, redacted},
        client::Client,
        event::What,
        process::Process,
        session::Caller,
        violation::Violation,
    },
    ports::{Crypto, Idempotency, Ports, Recorded, Store, StoreError, StoredResponse},
};

/// The longest `details` or `metadata`, as JSON.
const MOST_JSON: usize = 16 * 1024;

/// What a client tells of: everything but who, when and from where. What a service user tells of
/// was done by nobody: its session says who told it.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub what: What,
    /// What else is known.
    pub details: Map<String, Value>,
    /// What few activities have; the request id is not the client's to say.
    pub extra: Extra,
}

/// Why nothing was tracked.
#[derive(Debug)]
pub enum Untracked {
    /// The same key and body were here before; this was the answer.
    Replayed(StoredResponse),
    /// The key came with another body.
    KeyReused,
    Store(StoreError),
}

impl From<StoreError> for Untracked {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Order {
    /// Takes an object that is kept as JSON, with its secrets redacted. Error: `too_long`.
    pub fn object(object: Map<String, Value>) -> Result<Map<String, Value>, Violation> {
        let object = redacted(object);
        let length = serde_json::to_string(&object).map_or(usize::MAX, |text| text.len());
        if length > MOST_JSON {
            return Err(Violation::new("too_long", "An object has at most 16 KiB as JSON."));
        }
        Ok(object)
    }

    fn by(self, process: &Process, caller: &Caller, client: &Client, request_id: &str) -> Activity {
        Activity {
            id: process.id(),
            organization: caller.organization().map(str::to_owned),
            what: self.what,
            user_id: (!caller.user().is_service).then(|| caller.user().id),
            session_id: Some(caller.session().id),
            client: client.clone(),
            details: self.details,
            extra: Extra { request_id: Some(request_id.to_owned()), ..self.extra },
        }
    }
}

/// Records one activity of the caller's, in the log of the organization that they act in.
pub async fn track(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    order: Order,
    idempotency: Option<&Idempotency<'_, Activity>>,
    client: &Client,
    request_id: &str,
) -> Result<Activity, Untracked> {
    let activity = order.by(ports, caller, client, request_id);
    match idempotency {
        None => ports.store.record(&activity).await?,
        Some(idempotency) => {
            let now = ports.clock.now();
            match ports
                .store
                .record_with(&[&activity], &idempotency.record(&activity, now), now, ports.id())
                .await?
            {
                Recorded::Done => {}
                Recorded::Replayed(first) => return Err(Untracked::Replayed(first)),
                Recorded::KeyReused => return Err(Untracked::KeyReused),
            }
        }
    }
    Ok(activity)
}

/// Records several, each on its own: `None` stands for one that the store did not take. With a key,
/// all of them or none.
pub async fn track_all(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    orders: Vec<Order>,
    idempotency: Option<&Idempotency<'_, Vec<Activity>>>,
    client: &Client,
    request_id: &str,
) -> Result<Vec<Option<Activity>>, Untracked> {
    let activities: Vec<Activity> =
        orders.into_iter().map(|order| order.by(ports, caller, client, request_id)).collect();
    let every: Vec<&Activity> = activities.iter().collect();
    let mut left = Vec::new();
    match idempotency {
        None => left = ports.store.record_all(&every).await?,
        Some(idempotency) => {
            let now = ports.clock.now();
            match ports
                .store
                .record_with(&every, &idempotency.record(&activities, now), now, ports.id())
                .await?
            {
                Recorded::Done => {}
                Recorded::Replayed(first) => return Err(Untracked::Replayed(first)),
                Recorded::KeyReused => return Err(Untracked::KeyReused),
            }
        }
    }
    Ok(activities
        .into_iter()
        .map(|activity| (!left.contains(&activity.id)).then_some(activity))
        .collect())
}
