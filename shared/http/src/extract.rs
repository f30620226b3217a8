//! Reading requests: bounded, strict, and with every wrong field named at once.

mod json;
mod query;

use http::header;
use rolecall_domain::Violation;
use serde_json::{Map, Value};

use crate::{
    Request, fields,
    problem::{ErrorCode, FieldError, Problem},
};

/// The longest body that is looked at.
pub const MAX_BODY: usize = 64 * 1024;

/// A body that a handler understands.
pub trait Input: Sized {
    /// Takes the fields one by one. `None` when one of them was wrong: `fields` knows which.
    fn read(fields: &mut Fields) -> Option<Self>;

    /// Whether a parameter of a query may come more than once: it is read as a list.
    #[must_use]
    fn repeats(_name: &str) -> bool {
        false
    }
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
        FieldError::new(named(name), Violation::new("unknown_field", "Unknown field."))
    });
    let errors: Vec<_> = fields.errors.into_iter().chain(unknown).collect();
    match read {
        Some(input) if errors.is_empty() => Ok(input),
        _ => Err(Problem::validation(errors)),
    }
}

/// What a handler asks for of a request. It is read when the caller is known, and before the
/// handler runs.
pub trait FromRequest: Sized + Send + 'static {
    /// Reads it. Problem: `validation_failed`.
    fn from_request(request: Request) -> Result<Self, Problem>;
}

/// The request of a route under `/api/v1` that declares no query. Problem: `validation_failed` with
/// every parameter.
impl FromRequest for Request {
    fn from_request(request: Request) -> Result<Self, Problem> {
        if request.uri().path().starts_with(STRICT) {
            query::<Nothing>(&request)?;
        }
        Ok(request)
    }
}

/// A request whose query nobody looks at.
#[derive(Debug)]
pub struct AnyQuery(pub Request);

impl FromRequest for AnyQuery {
    fn from_request(request: Request) -> Result<Self, Problem> {
        Ok(Self(request))
    }
}

/// The query of a request. Problem: `validation_failed` with every wrong, undeclared or repeated
/// parameter.
#[derive(Debug)]
pub struct WithQuery<T>(pub T);

impl<T: Input + Send + 'static> FromRequest for WithQuery<T> {
    fn from_request(request: Request) -> Result<Self, Problem> {
        query(&request).map(Self)
    }
}

/// The query, and the request for its body and headers.
impl<T: Input + Send + 'static> FromRequest for (WithQuery<T>, Request) {
    fn from_request(request: Request) -> Result<Self, Problem> {
        Ok((query(&request).map(WithQuery)?, request))
    }
}

/// Up to here a floating-point number is exact: 2^53.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Where a query that a route does not declare is an error.
const STRICT: &str = "/api/v1/";

struct Nothing;

impl Input for Nothing {
    fn read(_: &mut Fields) -> Option<Self> {
        Some(Self)
    }
}

fn query<T: Input>(request: &Request) -> Result<T, Problem> {
    take(query::parse(request.uri().query().unwrap_or_default(), T::repeats)?)
}

/// A name of a client's choice as an error repeats it: 64 bytes at most, and no control characters.
fn named(name: &str) -> String {
    let fits = name.char_indices().take_while(|(at, c)| at + c.len_utf8() <= 64);
    fits.map(|(_, c)| if c.is_control() { '?' } else { c }).collect()
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
    /// The value of a field that may be missing.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name)
    }

    /// The value of a field that may be missing or `null`. An empty text is as `null`: forms send
    /// what was left empty.
    pub fn given<T: fields::Value>(&mut self, name: &str) -> Option<Value> {
        let value = self.map.remove(name)?;
        let is_empty = T::IS_TEXT && value.as_str().is_some_and(|text| text.trim().is_empty());
        Some(if is_empty { Value::Null } else { value })
    }

    /// A value that is a string.
    pub fn text<T>(
        &mut self,
        name: &str,
        value: &Value,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        self.parsed(name, value.as_str(), "This field is a string.", parse)
    }

    /// A value that is a whole number.
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and not too large")]
    pub fn whole_number<T>(
        &mut self,
        name: &str,
        value: &Value,
        parse: impl FnOnce(i64) -> Result<T, Violation>,
    ) -> Option<T> {
        // 2.0 is one, too: some serializers know no other numbers.
        let whole = |number: f64| {
            let is_whole = number.fract() == 0.0 && number.abs() <= MOST_EXACT;
            is_whole.then_some(number as i64)
        };
        let number = value.as_i64().or_else(|| value.as_f64().and_then(whole));
        self.parsed(name, number, "This field is a whole number.", parse)
    }

    /// A value that is a number, whole or not.
    pub fn number<T>(
        &mut self,
        name: &str,
        value: &Value,
        parse: impl FnOnce(f64) -> Result<T, Violation>,
    ) -> Option<T> {
        self.parsed(name, value.as_f64(), "This field is a number.", parse)
    }

    /// A value that is a JSON object.
    pub fn object<T>(
        &mut self,
        name: &str,
        value: Value,
        parse: impl FnOnce(Map<String, Value>) -> Result<T, Violation>,
    ) -> Option<T> {
        let object = if let Value::Object(map) = value { Some(map) } else { None };
        self.parsed(name, object, "This field is a JSON object.", parse)
    }

    /// A value that is read as `T`: its wrong fields are named within `name`.
    pub fn nested<T: Input>(&mut self, name: &str, value: Value) -> Option<T> {
        let map = self.object(name, value, Ok)?;
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

    /// That a field is wrong.
    pub fn refuse<T>(&mut self, name: &str, violation: Violation) -> Option<T> {
        self.errors.push(FieldError::new(name, violation));
        None
    }

    fn parsed<V, T>(
        &mut self,
        name: &str,
        value: Option<V>,
        wants: &str,
        parse: impl FnOnce(V) -> Result<T, Violation>,
    ) -> Option<T> {
        let Some(value) = value else {
            return self.refuse(name, Violation::new("wrong_type", wants));
        };
        match parse(value) {
            Ok(value) => Some(value),
            Err(violation) => self.refuse(name, violation),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    crate::input! {
        struct Two as Two {
            first: String,
            second: Option<Never>,
        }
    }

    #[derive(Debug)]
    struct Never;

    crate::texts! {
        Never: |_| Err(Violation::new("never", "No value is right.")), {};
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
        super::body::<Two>(&request).map(|Two { first, second }| drop((first, second))).map_err(
            |problem| {
                let status = problem.code().status();
                let body: serde_json::Value =
                    serde_json::from_slice(problem.into_response("r").body()).unwrap();
                let list = body["errors"].as_array().cloned().unwrap_or_default();
                let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
                (
                    status,
                    list.iter()
                        .map(|error| (text(&error["field"]), text(&error["code"])))
                        .collect(),
                )
            },
        )
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
