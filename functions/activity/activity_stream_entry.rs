use http::StatusCode;
use rolecall_domain::{activity_stream::Entry, clock::rfc3339, organization::LogKey};
use rolecall_http::{Problem, Response, response, words};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Activities of one group within an hour.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the API")]
pub(super) struct ActivityStreamEntry {
    /// Ids sort by time within an organization.
    #[schema(format = "uuid")]
    id: String,
    /// The organization's code.
    organization: String,
    activity_type: String,
    /// The latest activity of the group.
    #[schema(format = "uuid")]
    activity_id: String,
    #[schema(value_type = words::Category)]
    category: String,
    /// The highest severity in the group.
    #[schema(value_type = words::Severity)]
    severity: String,
    /// Whether it succeeded.
    success: bool,
    /// The user concerned; `null` where the system did it.
    #[schema(format = "uuid")]
    user_id: Option<String>,
    /// The first line, of the latest activity.
    display_title: String,
    /// The second line.
    display_subtitle: Option<String>,
    /// The name of an icon; the built-in ones are Lucide's.
    icon: String,
    /// A CSS color.
    color: String,
    /// What the activities have in common: type, user, outcome and audience.
    group_key: String,
    /// The number of activities.
    group_count: u32,
    /// Whether there is more than one activity.
    is_grouped: bool,
    /// Whether all members see it, or only those who can read activities.
    is_public: bool,
    /// Pinned entries come first and are kept.
    is_pinned: bool,
    /// When the first activity of the group happened; RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// When the latest activity of the group happened; RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

impl From<&Entry> for ActivityStreamEntry {
    fn from(entry: &Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            organization: LogKey::from_stored(&*entry.organization).code().to_owned(),
            activity_type: entry.activity_type.clone(),
            activity_id: entry.latest.to_string(),
            category: entry.category.as_str().to_owned(),
            severity: entry.severity.as_str().to_owned(),
            success: entry.success,
            user_id: entry.user_id.map(|id| id.to_string()),
            display_title: entry.shown.title.clone(),
            display_subtitle: entry.shown.subtitle.clone(),
            icon: entry.shown.icon.clone(),
            color: entry.shown.color.clone(),
            group_key: entry.group.clone(),
            group_count: entry.count,
            is_grouped: entry.count > 1,
            is_public: entry.is_public,
            is_pinned: entry.is_pinned,
            created_at: rfc3339(entry.first.made_at()),
            updated_at: rfc3339(entry.latest.made_at()),
        }
    }
}

/// An entry with its `ETag`.
pub(super) fn shown(entry: &Entry) -> Result<Response, Problem> {
    response::with_etag(
        response::json(StatusCode::OK, &ActivityStreamEntry::from(entry)),
        entry.version,
    )
}

/// Three drawings that somebody uploaded within an hour.
pub(super) fn example() -> Value {
    json!({
        "id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5e",
        "organization": "MY_COMPANY",
        "activity_type": "document_uploaded",
        "activity_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "category": "data_management",
        "severity": "normal",
        "success": true,
        "user_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "display_title": "Ada Lovelace uploaded a document",
        "display_subtitle": "pid-101.dwg",
        "icon": "file-up",
        "color": "green",
        "group_key": "document_uploaded:0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "group_count": 3,
        "is_grouped": true,
        "is_public": true,
        "is_pinned": false,
        "created_at": "2026-11-23T10:02:00.000Z",
        "updated_at": "2026-11-23T10:31:00.000Z",
    })
}
