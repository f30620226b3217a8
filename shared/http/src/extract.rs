//! Reading requests: bounded, strict, and with every wrong field named at once.

mod json;
mod query;

use http::header;
use rolecall_domain::{Patch, Violation};
use serde_json::{Map, Value};

use crate::{
    Request,
    problem::{ErrorCode, FieldError, Problem},
};

/// The longest body that is looked at.
pub const MAX_BODY: usize = 64 * 1024;

/// A body that a handler understands.
pub trait Input: Sized {
    /// Parameters of a query that may come more than once: they are read as lists.
    const REPEATABLE: &'static [&'static str] = &[];

    /// Takes the fields one by one. `None` when one of them was wrong: `fields` knows which.
    fn read(fields: &mut Fields) -> Option<Self>;
}

/// The body as `T`. Problems: `unsupported_media_type`, `malformed_json`, `validation_failed` with
/// every wrong field.
pub fn body<T: Input>(request: &Request) -> Result<T, Problem> {
    take(object(request)?)
}

/// The body as `T`, where no body is an empty object.
pub fn body_or_nothing<T: Input>(request: &Request) -> Result<T, Problem> {
    if request.body().is_empty() && !request.headers().contains_key(header::CONTENT_TYPE) {
        return take(Map::new());
    }
    body(request)
}

/// One JSON object as `T`. Problem: `validation_failed` with every wrong field.
pub fn take<T: Input>(map: Map<String, Value>) -> Result<T, Problem> {
    let mut fields = Fields { map, errors: Vec::new() };
    let read = T::read(&mut fields);
    let unknown = fields.map.keys().map(|name| {
        FieldError::new(
            name.chars().take(64).collect::<String>(),
            Violation::new("unknown_field", "Unknown field."),
        )
    });
    let errors: Vec<_> = fields.errors.into_iter().chain(unknown).collect();
    match read {
        Some(input) if errors.is_empty() => Ok(input),
        _ => Err(Problem::validation(errors)),
    }
}

/// The query as `T`. Problem: `validation_failed` with every wrong, unknown or repeated parameter.
pub fn query<T: Input>(request: &Request) -> Result<T, Problem> {
    take(query::parse(request.uri().query().unwrap_or_default(), T::REPEATABLE)?)
}

/// Refuses a body over [`MAX_BODY`].
pub fn limit(request: &Request) -> Result<(), Problem> {
    if request.body().len() > MAX_BODY {
        return Err(Problem::new(ErrorCode::BodyTooLarge, "A body has at most 64 KiB."));
    }
    Ok(())
}

/// The version that `If-Match` asks for; `None` without one or with `*`. A foreign form is a
/// version that nothing has.
#[must_use]
pub fn if_match(request: &Request) -> Option<u64> {
    let value = request.headers().get(header::IF_MATCH)?.to_str().unwrap_or_default().trim();
    if value == "*" {
        return None;
    }
    let version = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .and_then(|digits| digits.parse().ok());
    Some(version.unwrap_or(u64::MAX))
}

fn object(request: &Request) -> Result<Map<String, Value>, Problem> {
    let malformed = |detail: String| Problem::new(ErrorCode::MalformedJson, detail);
    if !request.body().is_empty() || request.headers().contains_key(header::CONTENT_TYPE) {
        require_json(request)?;
    }
    match json::parse(request.body()).map_err(malformed)? {
        Value::Object(map) => Ok(map),
        _ => Err(Problem::field(
            "body",
            Violation::new("wrong_type", "The body must be a JSON object."),
        )),
    }
}

fn require_json(request: &Request) -> Result<(), Problem> {
    let value = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    let is_json = parts.next().as_deref() == Some("application/json");
    let is_utf8 = parts.all(|parameter| {
        !parameter.starts_with("charset=")
            || parameter.trim_start_matches("charset=").trim_matches('"') == "utf-8"
    });
    if is_json && is_utf8 {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::UnsupportedMediaType,
        "Send the body as application/json in UTF-8.",
    ))
}

/// The fields of a JSON object, taken one by one.
#[derive(Debug)]
pub struct Fields {
    map: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    /// A text that has to be there.
    pub fn required<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        match self.map.remove(name) {
            None => self.fail(name, Violation::new("required", "This field is required.")),
            Some(value) => self.text(name, &value, parse),
        }
    }

    /// A text that may be missing or `null`. The outer `None` says that it was wrong.
    pub fn optional<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<Option<T>> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Some(None),
            Some(value) => self.text(name, &value, parse).map(Some),
        }
    }

    /// A yes or no; no when it is missing.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Some(false),
            Some(Value::Bool(value)) => Some(value),
            Some(_) => {
                self.fail(name, Violation::new("wrong_type", "This field is true or false."))
            }
        }
    }

    /// A yes or no that may be missing; the outer `None` says that it was wrong.
    pub fn choice(&mut self, name: &str) -> Option<Option<bool>> {
        self.optional_value(name, Value::as_bool, "This field is true or false.")
    }

    /// A whole number that may be missing.
    pub fn number<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(i64) -> Result<T, Violation>,
    ) -> Option<Option<T>> {
        self.parsed(name, Value::as_i64, "This field is a whole number.", parse)
    }

    /// A number that may be missing, whole or not.
    pub fn decimal<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(f64) -> Result<T, Violation>,
    ) -> Option<Option<T>> {
        self.parsed(name, Value::as_f64, "This field is a number.", parse)
    }

    /// JSON objects, which have to be there, not read yet.
    pub fn objects(&mut self, name: &str, most: usize) -> Option<Vec<Map<String, Value>>> {
        let Some(list) = self.values(name, most)? else {
            return self.fail(name, Violation::new("required", "This field is required."));
        };
        // What is no object has no field that could be right.
        Some(
            list.into_iter()
                .map(|value| if let Value::Object(map) = value { map } else { Map::new() })
                .collect(),
        )
    }

    /// A whole number that has to be there.
    pub fn required_number<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(i64) -> Result<T, Violation>,
    ) -> Option<T> {
        if !self.map.contains_key(name) {
            return self.fail(name, Violation::new("required", "This field is required."));
        }
        match self.number(name, parse)? {
            Some(value) => Some(value),
            None => self.fail(name, Violation::new("wrong_type", "This field is a whole number.")),
        }
    }

    /// A JSON object that may be missing.
    pub fn object<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(Map<String, Value>) -> Result<T, Violation>,
    ) -> Option<Option<T>> {
        self.parsed(name, |value| value.as_object().cloned(), "This field is a JSON object.", parse)
    }

    /// A list of JSON objects that may be missing, each read as `T`; the fields of the first wrong
    /// one are named.
    pub fn list<T: Input>(&mut self, name: &str, most: usize) -> Option<Option<Vec<T>>> {
        let Some(list) = self.values(name, most)? else {
            return Some(None);
        };
        let mut read = Vec::with_capacity(list.len());
        for (place, value) in list.into_iter().enumerate() {
            let Value::Object(map) = value else {
                return self.fail(name, Violation::new("wrong_type", "A list of JSON objects."));
            };
            let name = format!("{name}[{place}]");
            read.push(self.within(&name, map)?);
        }
        Some(Some(read))
    }

    /// A JSON object that may be missing, read as `T`.
    pub fn nested<T: Input>(&mut self, name: &str) -> Option<Option<T>> {
        match self.object(name, Ok)? {
            None => Some(None),
            Some(map) => self.within(name, map).map(Some),
        }
    }

    fn within<T: Input>(&mut self, name: &str, map: Map<String, Value>) -> Option<T> {
        match take(map) {
            Ok(one) => Some(one),
            Err(problem) => {
                let within = |error: &FieldError| FieldError {
                    field: format!("{name}.{}", error.field),
                    ..error.clone()
                };
                self.errors.extend(problem.errors().iter().map(within));
                None
            }
        }
    }

    /// Texts that may be missing.
    pub fn texts<T>(
        &mut self,
        name: &str,
        most: usize,
        parse: impl Fn(&str) -> Result<T, Violation>,
    ) -> Option<Option<Vec<T>>> {
        let Some(list) =
            self.optional_value(name, |value| value.as_array().cloned(), "This field is a list.")?
        else {
            return Some(None);
        };
        if list.len() > most {
            return self
                .fail(name, Violation::new("out_of_range", format!("A list of at most {most}.")));
        }
        let read: Option<Vec<T>> = list
            .iter()
            .enumerate()
            .map(|(place, value)| self.text(&format!("{name}[{place}]"), value, &parse))
            .collect();
        read.map(Some)
    }

    /// A text of a merge patch that cannot be cleared: `null` is no text.
    pub fn change<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<Option<T>> {
        match self.map.remove(name) {
            None => Some(None),
            Some(value) => self.text(name, &value, parse).map(Some),
        }
    }

    /// An error of several fields together.
    pub fn refuse<T>(&mut self, name: &str, violation: Violation) -> Option<T> {
        self.fail(name, violation)
    }

    /// 1 to `most` values that may be missing.
    fn values(&mut self, name: &str, most: usize) -> Option<Option<Vec<Value>>> {
        let wrong = || Violation::new("out_of_range", format!("A list of 1 to {most}."));
        let fits = |list: Vec<Value>| {
            if (1..=most).contains(&list.len()) { Ok(list) } else { Err(wrong()) }
        };
        self.parsed(name, |value| value.as_array().cloned(), "This field is a list.", fits)
    }

    /// A value of one JSON type that may be missing.
    fn parsed<V, T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Option<V>,
        wants: &str,
        parse: impl FnOnce(V) -> Result<T, Violation>,
    ) -> Option<Option<T>> {
        match self.optional_value(name, read, wants)? {
            None => Some(None),
            Some(value) => match parse(value) {
                Ok(value) => Some(Some(value)),
                Err(violation) => self.fail(name, violation),
            },
        }
    }

    fn optional_value<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
        wants: &str,
    ) -> Option<Option<T>> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Some(None),
            Some(value) => match read(&value) {
                Some(value) => Some(Some(value)),
                None => self.fail(name, Violation::new("wrong_type", wants)),
            },
        }
    }

    /// A text of a merge patch (RFC 7396). `None` says that it was wrong.
    pub fn patch<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<Patch<T>> {
        if !self.map.contains_key(name) {
            return Some(Patch::Keep);
        }
        self.optional(name, parse).map(Patch::from)
    }

    fn text<T>(
        &mut self,
        name: &str,
        value: &Value,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        let Some(text) = value.as_str() else {
            return self.fail(name, Violation::new("wrong_type", "This field is a string."));
        };
        match parse(text) {
            Ok(value) => Some(value),
            Err(violation) => self.fail(name, violation),
        }
    }

    fn fail<T>(&mut self, name: &str, violation: Violation) -> Option<T> {
        self.errors.push(FieldError::new(name, violation));
        None
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    struct Two;

    impl Input for Two {
        fn read(fields: &mut Fields) -> Option<Self> {
            let first = fields.required("first", |text| Ok(text.to_owned()));
            let second = fields.optional("second", |_| {
                Err::<(), _>(Violation::new("never", "No value is right."))
            });
            first.zip(second).map(|_| Self)
        }
    }

    fn read(
        content_type: Option<&str>,
        body: &'static str,
    ) -> Result<(), (u16, Vec<(String, String)>)> {
        let mut request = http::Request::post("/");
        if let Some(value) = content_type {
            request = request.header(header::CONTENT_TYPE, value);
        }
        let request = request.body(Bytes::from_static(body.as_bytes())).unwrap();
        super::body::<Two>(&request).map(|_| ()).map_err(|problem| {
            let status = problem.code().status();
            let body: serde_json::Value =
                serde_json::from_slice(problem.into_response("r").body()).unwrap();
            let list = body["errors"].as_array().cloned().unwrap_or_default();
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            (
                status,
                list.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect(),
            )
        })
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let (status, errors) =
            read(Some("application/json"), r#"{"first": 1, "second": "x", "third": null}"#)
                .unwrap_err();
        let errors: Vec<_> =
            errors.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        assert_eq!(
            (status, errors),
            (422, vec![("first", "wrong_type"), ("second", "never"), ("third", "unknown_field")])
        );
    }

    #[test]
    fn media_type_and_syntax_are_told_apart() {
        let json = Some("application/json; charset=UTF-8");
        assert!(read(json, r#"{"first": "a", "second": null}"#).is_ok());
        for (content_type, body, status) in [
            (Some("text/plain"), "{}", 415),
            (Some("application/x-www-form-urlencoded"), "first=a", 415),
            (None, "{}", 415),
            (Some("application/json; charset=latin1"), "{}", 415),
            (None, "", 400),
            (json, "", 400),
            (json, "{", 400),
            (json, "{} {}", 400),
            (json, r#"{"first":"a","first":"b"}"#, 400),
            (json, r#"{"first":1e400}"#, 400),
            (json, r#"{"first":"\ud800"}"#, 400),
            (json, "[]", 422),
            (json, "\"x\"", 422),
            (json, "{}", 422),
        ] {
            assert_eq!(read(content_type, body).unwrap_err().0, status, "{content_type:?} {body}");
        }
    }

    #[test]
    fn an_if_match_of_a_foreign_form_matches_nothing() {
        let version = |value: &str| {
            if_match(&http::Request::get("/").header("if-match", value).body(Bytes::new()).unwrap())
        };
        assert_eq!(version("\"7\""), Some(7));
        assert_eq!(version("*"), None);
        assert_eq!(version("W/\"7\""), Some(u64::MAX));
    }
}
