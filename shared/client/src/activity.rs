use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{token::Caller, words::words};

/// The server takes 16 KiB of details and of metadata; this leaves room for what is added.
const LARGEST_MAP: usize = 16_000;

words! {
    /// What an activity is about.
    Category {
        Authentication: "authentication",
        Authorization: "authorization",
        DataManagement: "data_management",
        SystemOperation: "system_operation",
        Security: "security",
        Api: "api",
        MlAi: "ml_ai",
        Communication: "communication",
        Maintenance: "maintenance",
    }
}

words! {
    /// How grave an activity is. Where a tracker is full, `info` is lost first.
    Severity {
        Info: "info",
        Low: "low",
        Normal: "normal",
        High: "high",
        Critical: "critical",
    }
}

/// Something that happened. Who did it is whoever's token or key it is tracked with; when, is when
/// the server has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Activity {
    #[serde(rename = "activity_type")]
    slug: String,
    description: String,
    category: Category,
    severity: Severity,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    details: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    metadata: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<Related>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Related {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

impl Activity {
    /// One that succeeded, of category `data_management` and severity `normal`. Its type is a slug
    /// (`document_uploaded`), which is also its description, as long as there is no other one.
    pub fn new(activity_type: impl Into<String>) -> Self {
        let slug = activity_type.into();
        Self {
            description: slug.clone(),
            slug,
            category: Category::DataManagement,
            severity: Severity::Normal,
            success: true,
            error_message: None,
            details: Map::new(),
            metadata: Map::new(),
            tags: Vec::new(),
            duration_ms: None,
            related: None,
        }
    }

    /// What happened, in words: at most 1,000 characters, the rest is cut off.
    #[must_use]
    pub fn description(self, description: impl Into<String>) -> Self {
        let description = Some(cleaned(&description.into(), 1000));
        let description = description.filter(|text| !text.trim().is_empty());
        Self { description: description.unwrap_or_else(|| self.slug.clone()), ..self }
    }

    /// What it is about: a [`Category`], or its text.
    #[must_use]
    pub fn category(self, category: impl Into<Category>) -> Self {
        Self { category: category.into(), ..self }
    }

    /// How grave it is: a [`Severity`], or its text.
    #[must_use]
    pub fn severity(self, severity: impl Into<Severity>) -> Self {
        Self { severity: severity.into(), ..self }
    }

    /// That it failed, and why: at most 1,000 characters, the rest is cut off.
    #[must_use]
    pub fn failed(self, error: impl Into<String>) -> Self {
        let error = cleaned(&error.into(), 1000);
        let error = Some(error).filter(|error| !error.trim().is_empty());
        Self { success: false, error_message: error, ..self }
    }

    /// One thing more that is known of it: 16 KiB in all; what is larger is left out, and its size
    /// is told. The server redacts values whose names look like secrets.
    #[must_use]
    pub fn detail(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.details.insert(name.into(), value.into());
        self
    }

    /// One thing more that a service keeps for itself.
    #[must_use]
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// A word to find it by: at most 8, of at most 50 characters; what is more is left out.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        let tag = cleaned(&tag.into(), 50);
        if self.tags.len() < 8 && !tag.trim().is_empty() {
            self.tags.push(tag);
        }
        self
    }

    /// How long it took.
    #[must_use]
    pub fn duration(self, duration: Duration) -> Self {
        Self { duration_ms: Some(duration.as_secs_f64() * 1000.0), ..self }
    }

    /// The thing that it was done to, by type and id: at most 100 and 200 characters.
    #[must_use]
    pub fn related(self, kind: impl Into<String>, id: impl Into<String>) -> Self {
        let (kind, id) = (cleaned_line(&kind.into(), 100), cleaned_line(&id.into(), 200));
        Self { related: Some(Related { kind, id }), ..self }
    }

    pub(crate) fn is_info(&self) -> bool {
        self.severity == Severity::Info
    }

    /// As the server takes it.
    pub(crate) fn to_json(&self) -> String {
        let fitting = |map: &Map<String, Value>| {
            let size = serde_json::to_string(map).unwrap_or_default().len();
            if size <= LARGEST_MAP {
                return map.clone();
            }
            Map::from_iter([("left_out_bytes".to_owned(), size.into())])
        };
        let [details, metadata] = [&self.details, &self.metadata].map(fitting);
        // Texts, numbers and maps with texts for keys always have a JSON.
        serde_json::to_string(&Self { details, metadata, ..self.clone() }).unwrap_or_default()
    }

    /// The JSON of an activity that the service tells for a user whose token has ended.
    pub(crate) fn json_on_behalf(json: &str, caller: &Caller) -> String {
        let Ok(mut activity) = serde_json::from_str::<Value>(json) else { return json.to_owned() };
        if let Some(fields) = activity.as_object_mut() {
            let details = fields.entry("details").or_insert_with(|| Map::new().into());
            if let Some(details) = details.as_object_mut() {
                details.insert("user_id".to_owned(), caller.user_id.as_str().into());
                details.insert("session_id".to_owned(), caller.session_id.as_str().into());
            }
        }
        activity.to_string()
    }
}

/// A text as the server takes it: without control characters, and not too long.
fn cleaned(text: &str, most: usize) -> String {
    let is_taken = |c: char| !c.is_control() || c == '\t' || c == '\n';
    text.chars().map(|c| if is_taken(c) { c } else { ' ' }).take(most).collect()
}

/// The same without line breaks.
fn cleaned_line(text: &str, most: usize) -> String {
    cleaned(text, most).replace(['\t', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_activity_is_what_the_server_takes() {
        let activity = Activity::new("document_uploaded")
            .description("A\u{1b}[31m drawing.")
            .category("api")
            .severity(Severity::High)
            .failed("x".repeat(2000))
            .detail("filename", "pid-101.dwg")
            .tag("pid")
            .duration(Duration::from_millis(1500))
            .related("document", "pid-101");
        let wanted = json!({ "activity_type": "document_uploaded",
            "description": "A [31m drawing.", "category": "api", "severity": "high",
            "success": false, "error_message": "x".repeat(1000),
            "details": { "filename": "pid-101.dwg" }, "tags": ["pid"], "duration_ms": 1500.0,
            "related": { "type": "document", "id": "pid-101" } });
        assert_eq!(serde_json::to_value(activity).unwrap(), wanted);
    }

    #[test]
    fn what_is_too_long_for_the_server_is_left_out() {
        let activity = (0..20).fold(Activity::new("x").description(" "), |activity, number| {
            activity.tag(format!("{number}{}", "t".repeat(100)))
        });
        let activity = activity
            .related("drawing", "a\n".repeat(300))
            .detail("text", "x".repeat(20_000))
            .metadata("small", 1);
        let json: Value = serde_json::from_str(&activity.to_json()).unwrap();
        assert_eq!(
            (&json["description"], json["tags"].as_array().unwrap().len()),
            (&json!("x"), 8)
        );
        assert_eq!(json["related"]["id"], json!("a ".repeat(100)));
        assert_eq!(json["details"], json!({ "left_out_bytes": 20_011 }));
        assert_eq!(json["metadata"], json!({ "small": 1 }));
    }

    #[test]
    fn a_failure_without_words_has_no_message() {
        let activity = serde_json::to_value(Activity::new("x").failed(" ")).unwrap();
        assert_eq!(
            (&activity["success"], &activity["error_message"]),
            (&json!(false), &json!(null))
        );
    }
}
