use rolecall_domain::{
    activity::{self, PLATFORM},
    clock::rfc3339,
    organization::LogKey,
};
use rolecall_http::words;
use serde::Serialize;
use serde_json::{Map, Number, Value, json};
use utoipa::ToSchema;

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of the API")]
pub(super) struct Activity {
    /// Ids sort by time.
    #[schema(format = "uuid")]
    id: String,
    /// The organization whose log it is in; `PLATFORM` for what has none.
    organization: String,
    /// The type, a slug.
    activity_type: String,
    /// What happened, in words.
    description: String,
    #[schema(value_type = words::Category)]
    category: String,
    #[schema(value_type = words::Severity)]
    severity: String,
    /// Whether it succeeded.
    success: bool,
    /// Whether a client told it that something is of the category `security`, or `critical`: what
    /// Rolecall itself records of these is not reported.
    reported: bool,
    /// The error, if it failed.
    error_message: Option<String>,
    /// Who did it; `null` where a stranger or the system did.
    #[schema(format = "uuid")]
    user_id: Option<String>,
    /// The username of who did it, as it was then.
    username: Option<String>,
    /// The service account that told of it; nobody did it then.
    #[schema(format = "uuid")]
    service_id: Option<String>,
    /// Whom it was done to; `user_id`, where somebody did it to themselves.
    #[schema(format = "uuid")]
    subject_id: Option<String>,
    /// The username of whom it was done to, as it was then.
    subject_username: Option<String>,
    /// The session in which it happened.
    #[schema(format = "uuid")]
    session_id: Option<String>,
    /// The client's address, as API Gateway saw it.
    ip_address: Option<String>,
    /// The `User-Agent` header.
    user_agent: Option<String>,
    /// The id of the request.
    request_id: Option<String>,
    /// Further details.
    #[schema(value_type = words::JsonObject)]
    details: Map<String, Value>,
    /// Metadata of the client's own.
    #[schema(value_type = words::JsonObject)]
    metadata: Map<String, Value>,
    /// Tags to search by.
    tags: Vec<String>,
    /// How long it took, in milliseconds.
    #[schema(value_type = Option<f64>)]
    duration_ms: Option<Number>,
    /// The thing that it was done to.
    related: Option<Related>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
}

/// The thing that an activity was done to.
#[derive(Serialize, ToSchema)]
pub(super) struct Related {
    /// The kind of thing.
    #[serde(rename = "type")]
    kind: String,
    /// The id of the thing.
    id: String,
}

impl From<&activity::Activity> for Activity {
    fn from(one: &activity::Activity) -> Self {
        let extra = &one.extra;
        Self {
            id: one.id.to_string(),
            organization: one.organization.as_ref().map_or(PLATFORM, LogKey::code).to_owned(),
            activity_type: one.what.activity_type.to_string(),
            description: one.what.description.to_string(),
            category: one.what.category.as_str().to_owned(),
            severity: one.what.severity.as_str().to_owned(),
            success: one.what.success,
            reported: activity::is_reported(&one.what),
            error_message: extra.error_message.clone(),
            user_id: one.actor.as_ref().map(|user| user.id.to_string()),
            username: one.actor.as_ref().and_then(|user| user.username.clone()),
            service_id: one.service_id.map(|id| id.to_string()),
            subject_id: one.subject.as_ref().map(|user| user.id.to_string()),
            subject_username: one.subject.as_ref().and_then(|user| user.username.clone()),
            session_id: one.session_id.map(|id| id.to_string()),
            ip_address: one.client.address.clone(),
            user_agent: one.client.agent.clone(),
            request_id: extra.request_id.clone(),
            details: one.details.clone(),
            metadata: extra.metadata.clone(),
            tags: extra.tags.clone(),
            duration_ms: extra.micros.and_then(milliseconds),
            related: extra.related.clone().map(|(kind, id)| Related { kind, id }),
            created_at: rfc3339(one.at()),
        }
    }
}

/// Microseconds as milliseconds: whole ones without a fraction.
#[expect(clippy::cast_precision_loss, reason = "a duration is shorter than 2^52 microseconds")]
fn milliseconds(micros: u64) -> Option<Number> {
    if micros.is_multiple_of(1000) {
        Some(Number::from(micros / 1000))
    } else {
        Number::from_f64(micros as f64 / 1000.0)
    }
}

/// What the seed of this product tracks, as it is answered.
pub(super) fn example() -> Value {
    json!({
        "id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "organization": "MY_COMPANY",
        "activity_type": "document_uploaded",
        "description": "A drawing was uploaded.",
        "category": "data_management",
        "severity": "normal",
        "success": true,
        "reported": false,
        "error_message": null,
        "user_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "username": "ada",
        "service_id": null,
        "subject_id": null,
        "subject_username": null,
        "session_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5c",
        "ip_address": "203.0.113.7",
        "user_agent": "curl/8.5.0",
        "request_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5d",
        "details": { "file_name": "pid-101.dwg", "file_size": 482_133 },
        "metadata": {},
        "tags": ["drawing"],
        "duration_ms": 125,
        "related": { "type": "document", "id": "pid-101" },
        "created_at": "2026-11-23T10:02:00.000Z",
    })
}
