use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{
    Client,
    config::{
        BehaviorVersion, Builder, HttpClient, Region, retry::RetryConfig, timeout::TimeoutConfig,
    },
    error::{ProvideErrorMetadata, SdkError},
    types::{AttributeValue, ConsumedCapacity},
};
use rolecall_domain::{
    activity::RetentionPolicy,
    ids::WriteId,
    meter::Meter,
    ports::{StoreError, in_words},
    rng::{self, Rng},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    key_places::KeyPlaces,
    keys::{Key, SK},
    known_kinds::KnownKinds,
    table,
};

/// An item as DynamoDB has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The table. Cloning is cheap; [`Store::metered`] counts for one request.
#[derive(Clone)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
    rng: Arc<dyn Rng>,
    meter: Arc<Meter>,
    pub(crate) retention: RetentionPolicy,
    pub(crate) known_kinds: KnownKinds,
    pub(crate) key_places: KeyPlaces,
    /// Once the lists of people have everybody, they do: no process asks again.
    pub(crate) lists_have_everybody: Arc<AtomicBool>,
}

/// A lost conflict is tried again this often; about two seconds in all.
pub(crate) const CONFLICT_ATTEMPTS: u32 = 9;

impl Store {
    /// The table on AWS, with the credentials and region of `config`; at another `endpoint` if
    /// there is one.
    #[must_use]
    pub fn on_aws(
        config: &aws_types::SdkConfig,
        endpoint: Option<&str>,
        table: &str,
        rng: Arc<dyn Rng>,
    ) -> Self {
        let mut builder = Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self::new(builder, table, rng)
    }

    /// The table on a DynamoDB that asks for no credentials: the embedded one, or Amazon's DynamoDB
    /// Local.
    #[must_use]
    pub fn at_endpoint(
        endpoint: &str,
        http: impl HttpClient + 'static,
        table: &str,
        rng: Arc<dyn Rng>,
    ) -> Self {
        let config = Builder::default()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .http_client(http)
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"));
        Self::new(config, table, rng)
    }

    fn new(config: Builder, table: &str, rng: Arc<dyn Rng>) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(4))
            .operation_timeout(Duration::from_secs(10))
            .build();
        let config = config
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .timeout_config(timeouts)
            .build();
        Self {
            client: Client::from_conf(config),
            table: table.to_owned(),
            rng,
            meter: Arc::default(),
            retention: RetentionPolicy::default(),
            known_kinds: KnownKinds::default(),
            key_places: KeyPlaces::default(),
            lists_have_everybody: Arc::default(),
        }
    }

    /// The same table, whose log is kept like this.
    #[must_use]
    pub fn retention(self, retention: RetentionPolicy) -> Self {
        Self { retention, ..self }
    }

    /// The same table, counting for one request.
    #[must_use]
    pub fn metered(&self, meter: Arc<Meter>) -> Self {
        Self { meter, ..self.clone() }
    }

    /// Makes the table if it is not there.
    pub async fn ensure_table(&self) -> Result<(), StoreError> {
        table::ensure(&self.client, &self.table).await
    }

    /// Runs one read and counts its units. The SDK's future of some kilobytes is boxed at once, or
    /// every future that waits for it would hold it.
    pub(crate) fn read<'a, O: 'a, E: 'a>(
        &'a self,
        call: impl Future<Output = Result<O, SdkError<E>>> + Send + 'a,
        units: impl FnOnce(&O) -> f64 + Send + 'a,
    ) -> impl Future<Output = Result<O, SdkError<E>>> + Send + 'a {
        let call = Box::pin(call);
        async move {
            self.meter.call_starts();
            let response = call.await;
            self.meter.call_ends(response.as_ref().map_or(0.0, units), 0.0);
            response
        }
    }

    /// Runs one write and counts its units, as [`Store::read`] does.
    pub(crate) fn write<'a, O: 'a, E: 'a>(
        &'a self,
        call: impl Future<Output = Result<O, SdkError<E>>> + Send + 'a,
        units: impl FnOnce(&O) -> f64 + Send + 'a,
    ) -> impl Future<Output = Result<O, SdkError<E>>> + Send + 'a {
        let call = Box::pin(call);
        async move {
            self.meter.call_starts();
            let response = call.await;
            self.meter.call_ends(0.0, response.as_ref().map_or(0.0, units));
            response
        }
    }

    /// A new name of a transaction.
    pub(crate) fn write_id(&self) -> WriteId {
        WriteId::from_bytes(rng::bytes(self.rng.as_ref()))
    }

    /// A random byte: which of several copies is read.
    pub(crate) fn draw(&self) -> u8 {
        let [byte] = rng::bytes(self.rng.as_ref());
        byte
    }

    /// Waits a random time under a bound that doubles (AWS Builders' Library, "full jitter").
    pub(crate) async fn back_off(&self, attempt: u32) {
        self.wait_under(10 << attempt.min(6)).await;
    }

    /// Waits a random time of at most `bound` milliseconds.
    pub(crate) async fn wait_under(&self, bound: u64) {
        let draw = u64::from(u16::from_be_bytes(rng::bytes(self.rng.as_ref())));
        tokio::time::sleep(Duration::from_millis(1 + draw * bound / u64::from(u16::MAX))).await;
    }
}

/// What an SDK error means for the caller: only a request that DynamoDB calls wrong, or that it
/// does not let us make, is a bug of ours.
#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
pub(crate) fn store_error<E>(error: SdkError<E>) -> StoreError
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    match error.code() {
        Some(
            "ValidationException"
            | "IdempotentParameterMismatchException"
            | "SerializationException",
        ) => StoreError::Broken(in_words(&error)),
        Some("AccessDeniedException" | "ResourceNotFoundException") => {
            StoreError::Denied(in_words(&error))
        }
        _ => StoreError::Unavailable(in_words(&error).into()),
    }
}

/// The units of one answer.
pub(crate) fn units(consumed: Option<&ConsumedCapacity>) -> f64 {
    consumed.and_then(ConsumedCapacity::capacity_units).unwrap_or_default()
}

/// The units of an answer about several tables.
pub(crate) fn sum(consumed: &[ConsumedCapacity]) -> f64 {
    consumed.iter().filter_map(ConsumedCapacity::capacity_units).sum()
}

/// A stored struct as an item.
pub(crate) fn to_item(stored: &impl Serialize) -> Result<Item, StoreError> {
    serde_dynamo::to_item(stored).map_err(|error| StoreError::Broken(error.to_string()))
}

/// An item as its stored struct.
pub(crate) fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::Broken(error.to_string()))
}

/// Takes the item of a sort key out of what a batch found.
pub(crate) fn take(found: &mut Vec<Item>, key: &Key) -> Option<Item> {
    let is = |item: &Item| text_of(item, SK) == Some(key.sk.as_str());
    let place = found.iter().position(is)?;
    Some(found.swap_remove(place))
}

/// The text of an attribute.
pub(crate) fn text_of<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
#[expect(clippy::needless_pass_by_value, reason = "a number is a copy")]
pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
