use std::borrow::Cow;

use rolecall_domain::{
    Violation,
    activity::{Category, Extra, Order, Severity, What, tracked_type},
    words::Line,
};
use rolecall_http::extract::{self, Fields};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The most tags of an activity.
const MOST_TAGS: usize = 20;

/// The longest duration, in milliseconds: a year.
const LONGEST: f64 = 366.0 * 24.0 * 3600.0 * 1000.0;

/// What a client tells of.
pub(super) struct Input(pub(super) Order);

/// As the document describes [`Input`].
#[derive(ToSchema)]
#[schema(as = NewActivity)]
#[expect(dead_code, reason = "it is described and never made")]
pub(super) struct Body {
    /// A slug: what happened. The types of Rolecall's own records are reserved.
    #[schema(pattern = "^[a-z][a-z0-9_.-]{0,63}$")]
    activity_type: String,
    /// In words.
    #[schema(min_length = 1, max_length = 1000)]
    description: String,
    /// What it is about.
    #[schema(
        pattern = "^(authentication|authorization|data_management|system_operation|security|api|\
            ml_ai|communication|maintenance)$"
    )]
    category: String,
    /// How much it matters; `normal` when it is missing.
    #[schema(pattern = "^(info|low|normal|high|critical)$")]
    severity: Option<String>,
    /// Whether what was tried worked; it did when this is missing.
    success: Option<bool>,
    /// Why it failed.
    #[schema(max_length = 1000)]
    error_message: Option<String>,
    /// What else is known; at most 16 KiB. Values whose names look like secrets are redacted.
    #[schema(value_type = Option<Object>)]
    details: Option<Map<String, Value>>,
    /// What the client keeps beside it; as `details`.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Map<String, Value>>,
    /// Words to find it by; at most 20.
    tags: Option<Vec<String>>,
    /// How long it took, in milliseconds.
    #[schema(minimum = 0)]
    duration_ms: Option<f64>,
    /// What it was done to.
    related: Option<Related>,
}

/// What something was done to.
#[derive(ToSchema)]
#[schema(as = RelatedThing)]
pub(super) struct Related {
    /// What kind of thing.
    #[schema(rename = "type", value_type = String, max_length = 100)]
    kind: Line<100>,
    /// Which one.
    #[schema(value_type = String, max_length = 200)]
    id: Line<200>,
}

impl extract::Input for Related {
    fn read(fields: &mut Fields) -> Option<Self> {
        let kind = fields.required("type", Line::parse);
        let id = fields.required("id", Line::parse);
        Some(Self { kind: kind?, id: id? })
    }
}

/// 1 to 1000 characters; line feeds and tabs are the only controls.
fn words(text: &str) -> Result<String, Violation> {
    if text.trim().is_empty() {
        return Err(Violation::new("too_short", "At least one character."));
    }
    if text.chars().count() > 1000 {
        return Err(Violation::new("too_long", "At most 1000 characters."));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Violation::new(
            "invalid_characters",
            "Control characters other than a line feed are not allowed.",
        ));
    }
    Ok(text.to_owned())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is held between 0 and a year"
)]
fn micros(millis: f64) -> Result<u64, Violation> {
    if (0.0..=LONGEST).contains(&millis) {
        return Ok((millis * 1000.0).round() as u64);
    }
    Err(Violation::new("out_of_range", "A duration is 0 or more milliseconds, at most a year."))
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let activity_type = fields.required("activity_type", tracked_type);
        let description = fields.required("description", words);
        let category = fields.required("category", Category::parse);
        let severity = fields.optional("severity", Severity::parse);
        let success = fields.choice("success");
        let error_message = fields.optional("error_message", words);
        let details = fields.object("details", Order::object);
        let metadata = fields.object("metadata", Order::object);
        let tags = fields.texts("tags", MOST_TAGS, |text| {
            Line::<50>::parse(text).map(|tag| tag.as_str().to_owned())
        });
        let duration = fields.decimal("duration_ms", micros);
        let related = fields.nested::<Related>("related");
        let what = What {
            activity_type: Cow::Owned(activity_type?),
            category: category?,
            severity: severity?.unwrap_or(Severity::Normal),
            success: success?.unwrap_or(true),
            description: Cow::Owned(description?),
        };
        let extra = Extra {
            error_message: error_message?,
            metadata: metadata?.unwrap_or_default(),
            tags: tags?.unwrap_or_default(),
            micros: duration?,
            related: related?
                .map(|thing| (thing.kind.as_str().to_owned(), thing.id.as_str().to_owned())),
            request_id: None,
        };
        Some(Self(Order { what, details: details?.unwrap_or_default(), extra }))
    }
}

/// What the seed of this product tracks.
pub(super) fn example() -> Value {
    json!({
        "activity_type": "document_uploaded",
        "description": "A drawing was uploaded.",
        "category": "data_management",
        "details": { "file_name": "pid-101.dwg", "file_size": 482_133 },
        "tags": ["drawing"],
        "duration_ms": 125,
        "related": { "type": "document", "id": "pid-101" },
    })
}
