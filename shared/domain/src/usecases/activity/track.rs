use serde_json::{Map, Value};

use crate::{
    model::{
        activity::{Activity, Extra, redacted},
        client::Client,
        event::What,
        idempotency::Idempotency,
        ids::ActivityId,
        process::Process,
        session::Caller,
        violation::Violation,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{administration::AdministerError, commit::Created, idempotency},
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
            allowed_on: Vec::new(),
            organization: caller.session().log_key(),
            what: self.what,
            actor: (!caller.user().is_service).then(|| caller.user().into()),
            service_id: caller.user().is_service.then_some(caller.user().id),
            subject: None,
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
) -> Result<Created<Activity>, AdministerError> {
    let activity = order.by(ports, caller, client, request_id);
    let now = ports.clock.now();
    let written = match idempotency::record(ports, idempotency, &activity, now).await? {
        None => match ports.store.record_all(&[&activity]).await {
            Ok(left) if !left.is_empty() => {
                Err(StoreError::Unavailable("the store is busy".into()))
            }
            recorded => recorded.map(drop),
        },
        Some(record) => ports.store.record_with(&[&activity], &record, now, ports.id()).await,
    };
    let written = written.map(|()| activity).map_err(AdministerError::from);
    Created::of(ports, idempotency, written).await
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
) -> Result<Created<Vec<Option<Activity>>>, AdministerError> {
    let activities: Vec<Activity> =
        orders.into_iter().map(|order| order.by(ports, caller, client, request_id)).collect();
    let every: Vec<&Activity> = activities.iter().collect();
    let now = ports.clock.now();
    let left = match idempotency::record(ports, idempotency, &activities, now).await? {
        None => ports.store.record_all(&every).await,
        Some(record) => {
            ports.store.record_with(&every, &record, now, ports.id()).await.map(|()| Vec::new())
        }
    };
    let taken = |left: Vec<ActivityId>| {
        let taken = |one: Activity| (!left.contains(&one.id)).then_some(one);
        activities.into_iter().map(taken).collect()
    };
    Created::of(ports, idempotency, left.map(taken).map_err(AdministerError::from)).await
}
