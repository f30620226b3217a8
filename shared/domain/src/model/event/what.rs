use std::borrow::Cow;

use super::{
    kind::{Category, Severity},
    types::Event,
};
use crate::model::violation::Violation;

/// The type of the record that every API call leaves.
pub const API_REQUEST: &str = "api_request";

/// What happened: of a built-in [`Event`], or as a client tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct What {
    /// Its type, a slug.
    pub activity_type: Cow<'static, str>,
    /// What it is about.
    pub category: Category,
    /// How much it matters.
    pub severity: Severity,
    /// Whether what was tried worked.
    pub success: bool,
    pub description: Cow<'static, str>,
}

impl From<Event> for What {
    fn from(event: Event) -> Self {
        Self {
            activity_type: Cow::Borrowed(event.activity_type()),
            category: event.category(),
            severity: event.severity(),
            success: event.success(),
            description: Cow::Borrowed(event.description()),
        }
    }
}

impl What {
    /// An API call that was answered with this status. A refusal is a failure of the caller's, 500
    /// and above one of ours.
    #[must_use]
    pub fn api_request(status: u16) -> Self {
        let severity = match status {
            ..400 => Severity::Info,
            400..500 => Severity::Low,
            500.. => Severity::High,
        };
        Self {
            activity_type: Cow::Borrowed(API_REQUEST),
            category: Category::Api,
            severity,
            success: status < 400,
            description: Cow::Borrowed(described(API_REQUEST).unwrap_or_default()),
        }
    }

    /// Whether it is among those that somebody looks for: a failure, or of high or critical
    /// severity.
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        !self.success || self.severity.is_high()
    }
}

/// The description of a built-in type, which is not stored with every activity.
#[must_use]
pub fn described(activity_type: &str) -> Option<&'static str> {
    match activity_type {
        API_REQUEST => Some("The API was called."),
        _ => Event::from_type(activity_type).map(Event::description),
    }
}

/// The usual category and severity of a built-in type, which are not stored with every activity.
#[must_use]
pub fn usual(activity_type: &str) -> Option<(Category, Severity)> {
    match activity_type {
        API_REQUEST => Some((Category::Api, Severity::Info)),
        _ => Event::from_type(activity_type).map(|event| (event.category(), event.severity())),
    }
}

/// Whether a client told what is Rolecall's own to know: something of the category `security`, or
/// `critical`. The types of Rolecall's own records are reserved.
#[must_use]
pub fn is_reported(what: &What) -> bool {
    let is_own_to_know = what.category == Category::Security || what.severity == Severity::Critical;
    is_own_to_know && described(&what.activity_type).is_none()
}

/// Reads the type of an activity that a client tracks: a slug of at most 64 characters. Errors:
/// `invalid_slug`; `reserved` for the types of Rolecall's own records, which nobody forges.
pub fn tracked_type(text: &str) -> Result<String, Violation> {
    let type_ = any_type(text)?;
    if described(&type_).is_some() {
        return Err(Violation::new("reserved", "Rolecall itself records activities of this type."));
    }
    Ok(type_)
}

/// Reads any type. Error: `invalid_slug`.
pub fn any_type(text: &str) -> Result<String, Violation> {
    let is_fit =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.');
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
    if begins && text.len() <= 64 && text.chars().all(is_fit) {
        return Ok(text.to_owned());
    }
    let wants =
        "A type is 1 to 64 lower-case letters, digits, `_`, `-` and `.`, and begins with a letter.";
    Err(Violation::new("invalid_slug", wants))
}
