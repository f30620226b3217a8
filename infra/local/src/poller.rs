//! The table's stream, as Lambda's event source mappings read it: a reader a function.

#![expect(
    clippy::indexing_slicing,
    reason = "a key that is missing from a JSON object is made, or read as null"
)]

use std::{collections::HashSet, sync::Arc, time::Duration};

use aws_credential_types::Credentials;
use aws_sdk_dynamodbstreams::{
    Client,
    config::{BehaviorVersion, Config, Region},
    types::{AttributeValue, Record, ShardIteratorType},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use functions::jobs::{Job, Trigger};
use rolecall_domain::ports::in_words;
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use crate::{
    deliveries::Invoker,
    plain_http::PlainHttp,
    progress::{Progress, Reading},
};

/// The local stack looks this often for new records.
const PAUSE: Duration = Duration::from_millis(100);

/// The function that brings the lists of people up to date.
const RELAY: &str = "relay";

/// Between two looks, so that a flood of requests does not have the stream read after each of them.
const BREATH: Duration = Duration::from_millis(5);

/// Reads every shard from its beginning, once for each function of the stream, and hands over what
/// its filter lets through, until it is dropped. `progress` knows how far.
///
/// From the beginning, because a kill may have come between the change and its mail; claims keep
/// mails single.
pub(crate) async fn poll(
    http: PlainHttp,
    endpoint: String,
    table: String,
    invoker: Invoker,
    progress: Arc<Progress>,
) {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .http_client(http)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .build();
    let client = Client::from_conf(config);
    let jobs: Vec<Job> =
        functions::jobs::all().into_iter().filter(|job| job.trigger.is_stream()).collect();
    let _reading = Reading(Arc::clone(&progress));
    let mut known = HashSet::new();
    let mut readers = JoinSet::new();
    loop {
        match new_shards(&client, &table, &mut known).await {
            Ok(found) => {
                for (stream, shard) in found {
                    for job in jobs.clone() {
                        let (stream, shard) = (stream.clone(), shard.clone());
                        let (client, invoker) = (client.clone(), invoker.clone());
                        let reader = Reader { client, stream, shard, job, invoker };
                        readers.spawn(reader.run(Arc::clone(&progress)));
                    }
                }
            }
            Err(error) => tracing::warn!(error, "the stream cannot be read; trying again"),
        }
        tokio::time::sleep(PAUSE * 10).await;
    }
}

async fn new_shards(
    client: &Client,
    table: &str,
    known: &mut HashSet<String>,
) -> Result<Vec<(String, String)>, String> {
    let mut new = Vec::new();
    let streams =
        client.list_streams().table_name(table).send().await.map_err(|error| in_words(&error))?;
    for stream in streams.streams().iter().filter_map(|stream| stream.stream_arn()) {
        let described = client
            .describe_stream()
            .stream_arn(stream)
            .send()
            .await
            .map_err(|error| in_words(&error))?;
        let shards = described
            .stream_description()
            .map(aws_sdk_dynamodbstreams::types::StreamDescription::shards)
            .unwrap_or_default();
        for shard in shards.iter().filter_map(|shard| shard.shard_id()) {
            if known.insert(format!("{stream}/{shard}")) {
                new.push((stream.to_owned(), shard.to_owned()));
            }
        }
    }
    Ok(new)
}

/// One function's reader of a shard: it goes on when the function took what came before.
struct Reader {
    client: Client,
    stream: String,
    shard: String,
    job: Job,
    invoker: Invoker,
}

impl Reader {
    async fn run(self, progress: Arc<Progress>) {
        let name = format!("{}/{}", self.stream, self.shard);
        let mut last: Option<String> = None;
        loop {
            let mut iterator = self.iterator(last.as_deref()).await;
            while let Some(at) = iterator {
                let Ok(response) = self.client.get_records().shard_iterator(at).send().await else {
                    break;
                };
                let records = response.records().iter().map(lambda_record);
                let records = records.filter(|record| passes(self.job.trigger, record)).collect();
                self.invoker.deliver(&self.job, records).await;
                let newest = response.records().last();
                let sequence = newest.and_then(|record| record.dynamodb()?.sequence_number());
                last = sequence.map(str::to_owned).or(last);
                if response.records().is_empty() {
                    if self.job.name == RELAY {
                        progress.found_nothing(&name);
                    }
                    let _ = tokio::time::timeout(PAUSE, progress.written.notified()).await;
                }
                tokio::time::sleep(BREATH).await;
                iterator = response.next_shard_iterator;
                if iterator.is_none() {
                    progress.is_over(&name);
                    return;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn iterator(&self, last: Option<&str>) -> Option<String> {
        let Self { client, stream, shard, .. } = self;
        let request = client.get_shard_iterator().stream_arn(stream).shard_id(shard);
        let request = match last {
            None => request.shard_iterator_type(ShardIteratorType::TrimHorizon),
            Some(last) => request
                .shard_iterator_type(ShardIteratorType::AfterSequenceNumber)
                .sequence_number(last),
        };
        request.send().await.ok()?.shard_iterator
    }
}

/// The event source mapping's filter.
fn passes(trigger: Trigger, event: &Value) -> bool {
    let image = &event["dynamodb"]["NewImage"];
    match trigger {
        Trigger::NewItem(entity) => {
            event["eventName"] == "INSERT" && image["entity"]["S"] == entity
        }
        Trigger::Attributes(names) => names.iter().any(|name| image[*name]["S"].is_string()),
        Trigger::EveryMinutes(_)
        | Trigger::EveryDays(_)
        | Trigger::MailEvents
        | Trigger::ByHand
        | Trigger::Authorizer => false,
    }
}

/// A record as Lambda gets it.
fn lambda_record(record: &Record) -> Value {
    let change = record.dynamodb();
    let image =
        |item: Option<&std::collections::HashMap<String, AttributeValue>>| -> Map<String, Value> {
            item.into_iter().flatten().map(|(name, value)| (name.clone(), plain(value))).collect()
        };
    json!({
        "eventID": record.event_id(),
        "eventName": record.event_name().map(|name| name.as_str().to_owned()),
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "Keys": image(change.and_then(|change| change.keys())),
            "NewImage": image(change.and_then(|change| change.new_image())),
            "SequenceNumber": change.and_then(|change| change.sequence_number()),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    })
}

/// An attribute in DynamoDB's JSON.
fn plain(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(is) => json!({ "BOOL": is }),
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(plain).collect::<Vec<_>>() }),
        AttributeValue::M(map) => {
            json!({ "M": map.iter().map(|(name, value)| (name.clone(),
                plain(value))).collect::<Map<_, _>>() })
        }
        AttributeValue::Ss(list) => json!({ "SS": list }),
        AttributeValue::Ns(list) => json!({ "NS": list }),
        AttributeValue::Bs(list) => {
            json!({ "BS": list.iter().map(|bytes| STANDARD.encode(bytes)).collect::<Vec<_>>() })
        }
        _ => json!({ "NULL": true }),
    }
}
