//! The OpenAPI 3.1 document, made from the route table and the types that handlers parse into and
//! answer with.

#![expect(
    clippy::indexing_slicing,
    reason = "a key that is missing from a JSON object is made, or read as null"
)]

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    access::Access,
    fields::{self, Body},
    problem::{ErrorCode, FieldError, ProblemBody},
    route::Endpoint,
};

/// What one endpoint says of itself.
pub struct Doc {
    summary: &'static str,
    description: &'static str,
    input: Option<(String, Value)>,
    responses: Vec<Documented>,
    errors: Vec<ErrorCode>,
    headers: Vec<(&'static str, &'static str)>,
    queries: Vec<Value>,
    schemas: BTreeMap<String, Value>,
}

struct Documented {
    status: u16,
    description: &'static str,
    content: Option<(String, Value)>,
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

    /// An answer with a body.
    #[must_use]
    pub fn response<T: ToSchema>(
        mut self,
        status: u16,
        description: &'static str,
        example: Value,
    ) -> Self {
        let name = self.learn::<T>();
        self.responses.push(Documented { status, description, content: Some((name, example)) });
        self
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(mut self, status: u16, description: &'static str) -> Self {
        self.responses.push(Documented { status, description, content: None });
        self
    }

    /// Errors of this endpoint.
    #[must_use]
    pub fn errors(mut self, codes: &[ErrorCode]) -> Self {
        self.errors.extend_from_slice(codes);
        self
    }

    /// A header that a request may carry.
    #[must_use]
    pub fn header(mut self, name: &'static str, description: &'static str) -> Self {
        self.headers.push((name, description));
        self
    }

    /// That a request may name the version it is about: [`if_match`](crate::extract::if_match).
    #[must_use]
    pub fn if_match(self) -> Self {
        self.header("If-Match", "The `ETag` that you last saw; with a stale one nothing changes.")
            .errors(&[ErrorCode::Stale])
    }

    /// That a request may be sent twice: [`idempotency`](crate::idempotency).
    #[must_use]
    pub fn idempotent(self) -> Self {
        let text = "The same key and body get the first response again, for 24 hours.";
        self.header("Idempotency-Key", text).errors(&[ErrorCode::IdempotencyKeyReused])
    }

    /// The query that the handler parses, parameter by parameter.
    #[must_use]
    pub fn query<T: Body>(mut self) -> Self {
        let (schema, _) = fields::schema::<T>();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.iter().any(|one| one == name);
            self.queries.push(query_parameter(name, is_required, property.clone()));
        }
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
        for (name, schema) in nested {
            let mut schema = serde_json::to_value(schema).unwrap_or_default();
            self.flatten(&mut schema);
            if schema.get("properties").is_some() {
                schema["additionalProperties"] = false.into();
            }
            self.schemas.insert(name, schema);
        }
        name
    }

    /// `serde(flatten)` is an `allOf` of a known schema and an object: one object says it more
    /// strictly.
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

    fn operation<S, C>(&self, endpoint: &Endpoint<S, C>) -> Value {
        let mut operation = json!({
            "operationId": camel(endpoint.name),
            "tags": [endpoint.group],
            "summary": self.summary,
            "description": self.description,
            "responses": self.responses(endpoint.handler.access),
        });
        let mut parameters: Vec<Value> = path_parameters(endpoint.path);
        parameters.push(header_parameter(
            "X-Request-Id",
            "Returned in the response; generated when it is missing.",
        ));
        if endpoint.handler.access != Access::Public {
            parameters.push(header_parameter(
                "X-Current-Page",
                "The page that the client shows; stored in the session.",
            ));
        }
        parameters.extend(
            self.headers.iter().map(|(name, description)| header_parameter(name, description)),
        );
        parameters.extend(self.queries.iter().cloned());
        operation["parameters"] = parameters.into();
        if let Some((name, example)) = &self.input {
            operation["requestBody"] =
                json!({ "required": true, "content": content("application/json", name, example) });
        }
        if endpoint.handler.access != Access::Public {
            operation["security"] = json!([{ "bearer": [] }]);
        }
        operation
    }

    fn responses(&self, access: Access) -> Value {
        let mut responses = Map::new();
        for Documented { status, description, content: body } in &self.responses {
            let mut response = json!({ "description": description });
            if let Some((name, example)) = body {
                response["content"] = content("application/json", name, example);
            }
            responses.insert(status.to_string(), response);
        }
        let everywhere: &[ErrorCode] = match access {
            Access::Public => &[ErrorCode::BodyTooLarge, ErrorCode::InternalError],
            Access::SignedIn => BEHIND_THE_GATE,
            Access::Needs(_) => &[&[ErrorCode::Forbidden], BEHIND_THE_GATE].concat(),
        };
        let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
        for code in self.errors.iter().chain(everywhere) {
            let codes = by_status.entry(code.status()).or_default();
            if !codes.contains(code) {
                codes.push(*code);
            }
        }
        for (status, codes) in by_status {
            responses.insert(status.to_string(), problem_response(&codes));
        }
        responses.into()
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

/// The errors of every route behind the gate.
const BEHIND_THE_GATE: &[ErrorCode] = &[
    ErrorCode::Unauthenticated,
    ErrorCode::PasswordChangeRequired,
    ErrorCode::BodyTooLarge,
    ErrorCode::InternalError,
    ErrorCode::Unavailable,
];

/// One for each `{name}` of a path template.
fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true,
        "schema": { "type": "string" } })
        })
        .collect()
}

fn header_parameter(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "header", "required": false, "description": description,
        "schema": { "type": "string" } })
}

/// A parameter is missing where a body has `null`.
fn query_parameter(name: &str, is_required: bool, mut schema: Value) -> Value {
    let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    if let Some(of) = schema["type"].as_array().and_then(|types| types.first()).cloned() {
        schema["type"] = of;
    }
    if let Some(values) = schema["enum"].as_array_mut() {
        values.retain(|value| !value.is_null());
    }
    let mut parameter =
        json!({ "name": name, "in": "query", "required": is_required, "schema": schema });
    if let Some(description) = description {
        parameter["description"] = description;
    }
    parameter
}

fn content(media_type: &str, schema: &str, example: &Value) -> Value {
    json!({ media_type: { "schema": reference(schema), "example": example } })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn problem_response(codes: &[ErrorCode]) -> Value {
    let described: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.as_str().to_owned(), json!({ "value": example_problem(*code) })))
        .collect();
    json!({
        "description": described.join(" "),
        "content": { "application/problem+json": {
            "schema": {
                "allOf": [reference(&ProblemBody::name())],
                "properties": { "code": {
                    "enum": codes.iter().map(|code| code.as_str()).collect::<Vec<_>>() } },
            },
            "examples": examples,
        } },
    })
}

fn example_problem(code: ErrorCode) -> Value {
    let mut problem = json!({
        "type": format!("urn:problem-type:rolecall:{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
        "detail": code.title(),
        "instance": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "code": code.as_str(),
    });
    match code {
        ErrorCode::ValidationFailed => {
            problem["errors"] = json!([{ "field": "email", "code": "required",
                "message": "This field is required." }]);
        }
        ErrorCode::AccountNotActive => problem["account_status"] = json!("pending"),
        _ => {}
    }
    problem
}

#[must_use]
pub fn document<S, C>(endpoints: &[Endpoint<S, C>], version: &str) -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut schemas = BTreeMap::new();
    for endpoint in endpoints {
        let doc = (endpoint.doc)();
        let operation = doc.operation(endpoint);
        paths
            .entry(endpoint.path)
            .or_default()
            .insert(endpoint.method.as_str().to_ascii_lowercase(), operation);
        schemas.extend(doc.schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rolecall",
            "version": version,
            "summary": "User management in your own AWS account.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer",
                "bearerFormat": "at+jwt" } },
        },
    })
}

/// `create_role` as `createRole`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut id, word| {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id + letters.as_str()
    })
}
