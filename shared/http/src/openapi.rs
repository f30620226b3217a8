//! The OpenAPI 3.1 document, made from the route table and the types that handlers parse into and
//! answer with.

#![expect(
    clippy::indexing_slicing,
    reason = "a key that is missing from a JSON object is made, or read as null"
)]

mod cors;
mod document;
mod problems;

use std::collections::BTreeMap;

use rolecall_domain::{code::Code, ids::Id};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    access::Access,
    csv::NEXT_CURSOR,
    fields::{self, Body, Value as _},
    problem::{ErrorCode, FieldError, ProblemBody},
    route::{Endpoint, is_id, names},
};
pub use cors::Cors;
pub use document::document;

/// An example with more members; both are objects.
#[must_use]
pub fn with(mut example: Value, more: Value) -> Value {
    if let (Some(members), Value::Object(more)) = (example.as_object_mut(), more) {
        members.extend(more);
    }
    example
}

/// The header that every response has.
const EVERY_RESPONSE: &str = "X-Request-Id";

/// Headers of responses: each with its name among the components, its type, and what it says.
const HEADERS: [(&str, &str, &str, &str); 5] = [
    ("ETag", "ETag", "string", "The version of what is shown, for `If-Match`."),
    (NEXT_CURSOR, "NextCursor", "string", "The cursor of the next page; the last one has none."),
    ("Retry-After", "RetryAfter", "integer", "Seconds after which it is worth to try again."),
    (
        "WWW-Authenticate",
        "WWWAuthenticate",
        "string",
        "`Bearer`, with `error=\"invalid_token\"` where a token came that is not valid \
            (RFC 6750).",
    ),
    (EVERY_RESPONSE, "XRequestId", "string", "The id of the request: the client's, or a new one."),
];

/// What one endpoint says of itself.
pub struct Doc {
    summary: &'static str,
    description: &'static str,
    input: Option<(String, Value)>,
    responses: Vec<Documented>,
    errors: Vec<ErrorCode>,
    headers: Vec<Value>,
    /// Whether `me` stands for the id of the caller in the path.
    or_me: bool,
    queries: Vec<Value>,
    schemas: BTreeMap<String, Value>,
}

struct Documented {
    status: u16,
    description: &'static str,
    content: Option<Content>,
    has_etag: bool,
}

enum Content {
    /// JSON of a schema of this name.
    Json(String, Value),
    Csv(&'static str),
    Png,
}

impl Doc {
    /// One line, and what it does not say.
    #[must_use]
    pub fn new(summary: &'static str, description: &'static str) -> Self {
        let mut doc = Self {
            summary,
            description,
            input: None,
            responses: Vec::new(),
            errors: Vec::new(),
            headers: Vec::new(),
            or_me: false,
            queries: Vec::new(),
            schemas: BTreeMap::new(),
        };
        doc.learn::<ProblemBody>();
        doc.learn::<FieldError>();
        doc
    }

    /// The body that the handler parses, with an example that works. It brings in the errors that
    /// every body can have.
    #[must_use]
    pub fn input<T: Body>(mut self, example: Value) -> Self {
        let (schema, components) = fields::schema::<T>();
        self.schemas.extend(components);
        self.schemas.insert(T::NAME.to_owned(), schema);
        self.input = Some((T::NAME.to_owned(), example));
        self.errors(&[
            ErrorCode::MalformedJson,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::ValidationFailed,
        ])
    }

    /// `{id}` in the path may be `me`.
    #[must_use]
    pub fn or_me(self) -> Self {
        Self { or_me: true, ..self }
    }

    /// An answer with a body.
    #[must_use]
    pub fn response<T: ToSchema>(
        mut self,
        status: u16,
        description: &'static str,
        example: Value,
    ) -> Self {
        let content = Some(Content::Json(self.learn::<T>(), example));
        self.responses.push(Documented { status, description, content, has_etag: false });
        self
    }

    /// A page of a list as CSV: [`csv::page`](crate::csv::page).
    #[must_use]
    pub fn csv(mut self, description: &'static str, example: &'static str) -> Self {
        let content = Some(Content::Csv(example));
        self.responses.push(Documented { status: 200, description, content, has_etag: false });
        self
    }

    /// A picture.
    #[must_use]
    pub fn png(mut self, description: &'static str) -> Self {
        let content = Some(Content::Png);
        self.responses.push(Documented { status: 200, description, content, has_etag: false });
        self
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(mut self, status: u16, description: &'static str) -> Self {
        self.responses.push(Documented { status, description, content: None, has_etag: false });
        self
    }

    /// That its answers carry an `ETag`: [`with_etag`](crate::response::with_etag).
    #[must_use]
    pub fn etag(mut self) -> Self {
        self.responses.iter_mut().for_each(|one| one.has_etag = true);
        self
    }

    /// An answer that its caller may keep: [`revalidated`](crate::response::revalidated).
    #[must_use]
    pub fn revalidated<T: ToSchema>(mut self, description: &'static str, example: Value) -> Self {
        let text = "The `ETag` that you last saw: 304 if it is still right.";
        self.headers.push(header_parameter("If-None-Match", text, &json!({ "type": "string" })));
        self.response::<T>(200, description, example).empty(304, "As it was.").etag()
    }

    /// Errors of this endpoint.
    #[must_use]
    pub fn errors(mut self, codes: &[ErrorCode]) -> Self {
        self.errors.extend_from_slice(codes);
        self
    }

    /// That a request may name the version it is about: [`if_match`](crate::extract::if_match).
    #[must_use]
    pub fn if_match(mut self) -> Self {
        let text = "The `ETag` that you last saw; with a stale one nothing changes.";
        self.headers.push(header_parameter("If-Match", text, &json!({ "type": "string" })));
        self.errors(&[ErrorCode::Stale])
    }

    /// That a request may be sent twice: [`idempotency`](crate::idempotency).
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        let text = "The same key and body get the first response again, for 24 hours.";
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255,
            "pattern": "^[!-~]+$" });
        self.headers.push(header_parameter("Idempotency-Key", text, &schema));
        self.errors(&[ErrorCode::ValidationFailed, ErrorCode::IdempotencyKeyReused])
    }

    /// The query that the handler parses, parameter by parameter.
    #[must_use]
    pub fn query<T: Body>(mut self) -> Self {
        let (parameters, components) = fields::parameters::<T>();
        self.queries.extend(parameters);
        self.schemas.extend(components);
        self.errors(&[ErrorCode::ValidationFailed])
    }

    /// The same of a list in pages: `T` has a [`PageQuery`](crate::page::PageQuery).
    #[must_use]
    pub fn pages<T: Body>(self) -> Self {
        self.query::<T>().errors(&[ErrorCode::InvalidCursor])
    }

    fn learn<T: ToSchema>(&mut self) -> String {
        let name = T::name().into_owned();
        let mut nested = Vec::new();
        T::schemas(&mut nested);
        nested.push((name.clone(), T::schema()));
        let nested = nested
            .into_iter()
            .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()));
        // What is flattened into another one is learnt before it.
        let (flattened, plain): (Vec<_>, Vec<_>) =
            nested.partition(|(_, schema): &(String, Value)| schema.get("allOf").is_some());
        for (name, mut schema) in plain.into_iter().chain(flattened) {
            self.flatten(&mut schema);
            if schema["type"] == "object" && schema.get("additionalProperties").is_none() {
                // Said, because some generators take silence for no.
                schema["additionalProperties"] = true.into();
            }
            self.schemas.insert(name, schema);
        }
        name
    }

    /// `serde(flatten)` is an `allOf` of a known schema and an object: one object says it more
    /// plainly.
    fn flatten(&self, schema: &mut Value) {
        let Some(Value::Array(parts)) =
            schema.as_object_mut().and_then(|schema| schema.remove("allOf"))
        else {
            return;
        };
        for part in parts {
            let name = part["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
            merge(schema, name.and_then(|name| self.schemas.get(name)).unwrap_or(&part));
        }
    }

    /// The operation, and the responses that it refers to.
    fn operation<S, C>(&self, endpoint: &Endpoint<S, C>) -> (Value, BTreeMap<String, Value>) {
        let is_public = endpoint.handler.access == Access::Public;
        let (responses, problems) = self.responses(endpoint);
        let mut operation = json!({
            "operationId": document::camel(endpoint.name),
            "tags": [endpoint.group],
            "summary": self.summary,
            "description": self.description,
            "parameters": self.parameters(endpoint.path, is_public),
            "responses": responses,
            "security": if is_public { json!([]) } else { json!([{ "bearer": [] }]) },
        });
        if let Some((name, example)) = &self.input {
            let schema = reference("schemas", name);
            operation["requestBody"] = json!({ "required": true,
                "content": content("application/json", &schema, "example", example) });
        }
        (operation, problems)
    }

    fn parameters(&self, path: &'static str, is_public: bool) -> Vec<Value> {
        let text = json!({ "type": "string" });
        let request_id = "Returned in the response; generated when it is missing.";
        let page = "The page that the client shows; stored in the session.";
        let mut parameters: Vec<Value> =
            names(path).map(|name| path_parameter(name, self.or_me)).collect();
        parameters.push(header_parameter(EVERY_RESPONSE, request_id, &text));
        if !is_public {
            parameters.push(header_parameter("X-Current-Page", page, &text));
        }
        parameters.extend(self.headers.iter().chain(&self.queries).cloned());
        parameters
    }

    fn responses<S, C>(
        &self,
        endpoint: &Endpoint<S, C>,
    ) -> (Map<String, Value>, BTreeMap<String, Value>) {
        let mut responses = Map::new();
        for Documented { status, description, content: body, has_etag } in &self.responses {
            let is_csv = matches!(body, Some(Content::Csv(_)));
            let named = [has_etag.then_some("ETag"), is_csv.then_some(NEXT_CURSOR)];
            let named = named.into_iter().flatten().chain([EVERY_RESPONSE]);
            let headers: Map<String, Value> = named.map(header).collect();
            let mut response = json!({ "description": description, "headers": headers });
            match body {
                None => {}
                Some(Content::Json(name, example)) => {
                    let schema = reference("schemas", name);
                    response["content"] = content("application/json", &schema, "example", example);
                }
                Some(Content::Png) => {
                    let schema = json!({ "type": "string", "format": "binary" });
                    response["content"] = json!({ "image/png": { "schema": schema } });
                }
                Some(Content::Csv(example)) => {
                    let schema = json!({ "type": "string" });
                    response["content"] = content("text/csv", &schema, "example", &json!(example));
                }
            }
            responses.insert(status.to_string(), response);
        }
        let mut problems = BTreeMap::new();
        let by_status = problems::by_status(&self.errors, &endpoint.route);
        for (status, codes) in by_status {
            let name = problems::name(&codes);
            responses.insert(status.to_string(), reference("responses", &name));
            problems.insert(name, problems::response(&codes));
        }
        (responses, problems)
    }
}

/// An object's schema with the properties of another one.
fn merge(schema: &mut Value, part: &Value) {
    for (key, value) in part.as_object().cloned().unwrap_or_default() {
        match (schema.get_mut(&key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
            (Some(Value::Array(old)), Value::Array(new)) => old.extend(new),
            (Some(_), _) => {}
            (None, value) => schema[&key] = value,
        }
    }
}

/// By what reads it: [`Context::path_id`](crate::Context::path_id), or a code.
fn path_parameter(name: &str, or_me: bool) -> Value {
    let none = &mut BTreeMap::new();
    let schema = if is_id(name) { Id::<()>::schema(none) } else { Code::schema(none) };
    let schema = if or_me && name == "id" {
        json!({ "type": "string", "description": "A user's id, or `me`.",
            "anyOf": [schema, { "type": "string", "const": "me" }] })
    } else {
        schema
    };
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn header_parameter(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "header", "required": false, "description": description,
        "schema": schema })
}

/// A header of a response, by reference.
fn header(name: &str) -> (String, Value) {
    let known = HEADERS.iter().find(|(header, ..)| *header == name);
    let component = known.map_or(name, |(_, component, ..)| component);
    (name.to_owned(), reference("headers", component))
}

fn content(media_type: &str, schema: &Value, key: &str, example: &Value) -> Value {
    json!({ media_type: { "schema": schema, key: example } })
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}
