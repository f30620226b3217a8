//! The whole document: information, tags, paths and named components.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::HEADERS;
use crate::route::Endpoint;

/// What a reader knows before the first route.
const DESCRIPTION: &str = include_str!("description.md");

/// The groups of endpoints in the order in which they are read.
const TAGS: [(&str, &str); 11] = [
    ("accounts", "Signing up, one's own account, and accounts for those who administer them."),
    ("sessions", "Signing in, refreshing and ending sessions, and who is active now."),
    ("recovery", "Passwords, email addresses and locks: getting back in."),
    ("api_keys", "What programs call with: service accounts call with nothing else."),
    ("permissions", "What somebody may do: the check, and one's own permissions and modules."),
    ("catalogue", "Modules, permissions and roles, and what a role grants."),
    ("members", "Organizations, their members, and the roles of a member."),
    ("activity", "Recording what happens, reading the log, the stream for people, statistics."),
    ("appearance", "How the product shows itself on its pages and in its mails."),
    ("operation", "What super admins see of how the stack runs: settings and signing keys."),
    ("meta", "Public keys, discovery, health, and this document."),
];

/// The document of these endpoints.
#[must_use]
pub fn document<S, C>(endpoints: &[Endpoint<S, C>], version: &str) -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
    let mut responses = BTreeMap::new();
    for endpoint in endpoints {
        let doc = (endpoint.doc)();
        let (operation, problems) = doc.operation(endpoint);
        let method = endpoint.method.as_str().to_ascii_lowercase();
        paths.entry(endpoint.path).or_default().insert(method, operation);
        schemas.extend(doc.schemas);
        responses.extend(problems);
    }
    // What went into others by `serde(flatten)` alone is nobody's.
    let text = json!([paths, schemas, responses]).to_string();
    schemas.retain(|name, _| text.contains(&format!("#/components/schemas/{name}\"")));
    let tags = TAGS.map(|(name, description)| json!({ "name": name, "description": description }));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rolecall",
            "version": version,
            "summary": "User management in your own AWS account.",
            "description": DESCRIPTION,
            "contact": { "name": "Whoever deployed this stack" },
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [
            { "url": "/", "description": "The stack that this document comes from." },
            { "url": "http://127.0.0.1:3000", "description": "`cargo run` on this machine." },
        ],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "headers": headers(),
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "The `access` token of `POST /api/v1/auth/token`." } },
        },
    })
}

fn headers() -> Map<String, Value> {
    let header = |(header, name, of, description): &(&str, &str, &str, &str)| {
        let is_always_there = *header == super::EVERY_RESPONSE;
        let header = json!({ "description": description, "required": is_always_there,
            "schema": { "type": of } });
        ((*name).to_owned(), header)
    };
    HEADERS.iter().map(header).collect()
}

/// `create_role` as `createRole`.
pub(super) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut id, word| {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id + letters.as_str()
    })
}
