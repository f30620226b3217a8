use std::borrow::Cow;

use rolecall_domain::{
    Violation,
    activity::{Category, Extra, Order, Severity, What, tracked_type},
    words::Line,
};
use rolecall_http::{
    extract::Fields,
    fields::{Components, Json, List, Value},
    input, texts,
    words::JsonObject,
};
use serde_json::{Map, json};

/// Something that is no blank; line feeds and tabs are the only controls.
const WORDS: &str = "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*\
    [^\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]\
    [^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$";

/// The longest duration, in milliseconds: a year.
const LONGEST: f64 = 366.0 * 24.0 * 3600.0 * 1000.0;

input! {
    /// An activity to record.
    pub struct Input as NewActivity {
        /// The type, a slug. The types of Rolecall's own records are reserved.
        activity_type: TrackedType,
        /// What happened, in words.
        description: Words,
        category: Category,
        /// The severity; `normal` by default.
        severity: Option<Severity>,
        /// Whether it succeeded; `true` by default.
        success: Option<bool>,
        /// The error, if it failed.
        error_message: Option<Words>,
        /// Further details, at most 16 KiB. Values whose names look like secrets are redacted.
        details: Option<Details>,
        /// Metadata of the client's own; limits as for `details`.
        metadata: Option<Details>,
        /// Up to 8 tags to search by.
        tags: Option<List<Line<50>, 0, 8>>,
        /// How long it took, in milliseconds.
        duration_ms: Option<Duration>,
        /// The thing that it was done to.
        related: Option<Related>,
    }
}

input! {
    /// The thing that an activity was done to.
    pub struct Related as RelatedThing {
        /// The kind of thing.
        kind as "type": Line<100>,
        /// The id of the thing.
        id: Line<200>,
    }
}

/// A type that a client may track.
pub struct TrackedType(String);

/// 1 to 1000 characters; line feeds and tabs are the only controls.
pub struct Words(String);

/// A JSON object of at most 16 KiB.
#[derive(Default)]
pub struct Details(Map<String, Json>);

/// Microseconds, of a number of milliseconds.
pub struct Duration(u64);

texts! {
    TrackedType: |text| tracked_type(text).map(TrackedType),
        { "pattern": "^[a-z][a-z0-9_.-]{0,63}$" };
    Words: |text| words(text).map(Words),
        { "minLength": 1, "maxLength": 1000, "pattern": WORDS };
}

impl Value for Details {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.object(name, json, Order::object).map(Self)
    }

    fn schema(components: &mut Components) -> Json {
        JsonObject::referred(components)
    }
}

impl Value for Duration {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.number(name, &json, micros).map(Self)
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "number", "format": "double", "minimum": 0, "maximum": LONGEST })
    }
}

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

impl From<Input> for Order {
    fn from(input: Input) -> Self {
        let what = What {
            activity_type: Cow::Owned(input.activity_type.0),
            category: input.category,
            severity: input.severity.unwrap_or(Severity::Normal),
            success: input.success.unwrap_or(true),
            description: Cow::Owned(input.description.0),
        };
        let text = |line: &str| line.to_owned();
        let extra = Extra {
            error_message: input.error_message.map(|Words(message)| message),
            metadata: input.metadata.unwrap_or_default().0,
            tags: input
                .tags
                .map(|List(tags)| tags.iter().map(|tag| text(tag.as_str())).collect())
                .unwrap_or_default(),
            micros: input.duration_ms.map(|Duration(micros)| micros),
            related: input
                .related
                .map(|thing| (text(thing.kind.as_str()), text(thing.id.as_str()))),
            request_id: None,
        };
        Self { what, details: input.details.unwrap_or_default().0, extra }
    }
}

/// What the seed of this product tracks.
pub(super) fn example() -> Json {
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
