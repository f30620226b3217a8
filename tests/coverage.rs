//! Every route has its expectations, and the rules that hold on every route hold on it.

mod expectations;

use std::collections::{BTreeMap, BTreeSet};

use functions::Endpoint;
use reqwest::Method;
use rolecall_http::access::Access;
use serde_json::{Value, json};

use crate::support::{Json, TestApp, assert_valid, document, resolved};
use expectations::expectations;

/// Whether a property is a list, or may be one.
fn is_list(property: &Value) -> bool {
    property["type"] == "array"
        || property["type"].as_array().is_some_and(|types| types.contains(&json!("array")))
}

fn method(endpoint: &Endpoint) -> Method {
    endpoint.method.as_str().parse().unwrap()
}

fn operation(endpoint: &Endpoint) -> &'static Value {
    &document()["paths"][endpoint.path][endpoint.method.as_str().to_lowercase()]
}

fn example(endpoint: &Endpoint) -> &'static Value {
    &operation(endpoint)["requestBody"]["content"]["application/json"]["example"]
}

#[test]
fn every_route_has_its_line_and_every_line_its_route() {
    let routes: BTreeSet<String> =
        functions::routes::all().iter().map(|endpoint| endpoint.key()).collect();
    let lines: BTreeSet<String> = expectations().keys().map(|route| (*route).to_owned()).collect();
    assert_eq!(routes, lines);
    for endpoint in functions::routes::all() {
        assert_eq!(
            expectations()[endpoint.key().as_str()].access,
            endpoint.handler.access,
            "{}",
            endpoint.key()
        );
    }
}

#[test]
fn names_are_unique_and_every_row_has_its_folder() {
    let routes = functions::routes::all();
    let names: BTreeSet<&str> = routes.iter().map(|endpoint| endpoint.name).collect();
    assert_eq!(names.len(), routes.len());
    for endpoint in routes {
        let folder = crate::support::binaries::root()
            .join("functions")
            .join(endpoint.group)
            .join(endpoint.name);
        assert!(
            folder.join("mod.rs").exists() && folder.join("main.rs").exists(),
            "{}",
            folder.display()
        );
    }
}

#[test]
fn the_document_describes_every_route_with_examples_that_are_right() {
    for endpoint in functions::routes::all() {
        let operation = operation(&endpoint);
        assert!(
            !operation.text_of("summary").is_empty()
                && !operation.text_of("description").is_empty()
        );
        let is_public = operation["security"] == json!([]);
        assert_eq!(is_public, endpoint.handler.access == Access::Public, "{}", endpoint.key());
        let body = &operation["requestBody"]["content"]["application/json"];
        if !body.is_null() {
            assert_valid(&body["schema"], &body["example"]);
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = resolved(response);
            let contents = response["content"].as_object().into_iter().flatten();
            for (_, content) in contents.filter(|(kind, _)| *kind != "image/png") {
                let examples = content["examples"]
                    .as_object()
                    .into_iter()
                    .flat_map(|all| all.values().map(|one| one["value"].clone()));
                let examples: Vec<Value> =
                    examples.chain(content.get("example").cloned()).collect();
                assert!(!examples.is_empty(), "{} {status} has no example", endpoint.key());
                for example in examples {
                    assert_valid(&content["schema"], &example);
                }
            }
        }
    }
}

#[tokio::test]
async fn every_example_gets_its_answer_and_every_answer_its_headers() {
    let app = TestApp::with_admin("verified").await;
    let admin = app.admin().await;
    for endpoint in functions::routes::all() {
        let expected = &expectations()[endpoint.key().as_str()];
        let (method, path) = (method(&endpoint), endpoint.path);
        let call = match endpoint.handler.access {
            Access::Page | Access::Public => app.request(method, path),
            Access::SignedIn => app.signed_in(endpoint.name).await.request(method, path),
            Access::Needs(_) | Access::SuperAdmin => admin.request(method, path),
        };
        let example = Some(example(&endpoint)).filter(|example| !example.is_null());
        let response = call
            .json(example)
            .header("X-Request-Id", "covered")
            .await
            .expect(expected.example_answers);
        assert_eq!(response.header("x-request-id"), "covered");
        let may_be_kept = [
            "GET /openapi.json",
            "GET /.well-known/jwks.json",
            "GET /api/v1/appearance",
            "GET /api/v1/catalogue",
        ]
        .contains(&endpoint.key().as_str());
        assert_eq!(
            response.header("cache-control") == "no-store",
            !may_be_kept,
            "{}",
            endpoint.key()
        );
    }
}

#[tokio::test]
async fn every_route_behind_the_gate_refuses_whoever_has_no_token() {
    let app = TestApp::open().await;
    for endpoint in
        functions::routes::all().iter().filter(|endpoint| endpoint.handler.access != Access::Public)
    {
        for token in [None, Some("x"), Some("a.b.c")] {
            let mut request = app.request(method(endpoint), endpoint.path).json(json!({}));
            if let Some(token) = token {
                request = request.bearer(token);
            }
            let response = request.await.expect_problem(401, "unauthenticated");
            let challenge = response.header("www-authenticate");
            let is_right = match token {
                None => challenge == "Bearer",
                Some(_) => challenge == "Bearer error=\"invalid_token\"",
            };
            assert!(is_right, "{}: {challenge}", endpoint.key());
        }
    }
}

#[tokio::test]
async fn whoever_has_to_change_the_password_gets_nowhere_else() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.alter("ada", |user| user.must_change_password = true).await;
    let behind = functions::routes::all()
        .into_iter()
        .filter(|endpoint| endpoint.handler.access != Access::Public);
    for endpoint in behind.filter(|endpoint| endpoint.name != "change_password") {
        ada.request(method(&endpoint), endpoint.path)
            .json(json!({}))
            .await
            .expect_problem(403, "password_change_required");
    }
}

#[tokio::test]
async fn what_needs_a_right_is_for_nobody_without_it() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    for endpoint in functions::routes::all()
        .iter()
        .filter(|one| matches!(one.handler.access, Access::Needs(_) | Access::SuperAdmin))
    {
        let own = endpoint.path.replace("{id}", &ada.id);
        for path in [endpoint.path, own.as_str()] {
            ada.request(method(endpoint), path)
                .json(json!({}))
                .await
                .expect_problem(403, "forbidden");
        }
    }
}

#[tokio::test]
async fn every_body_is_read_strictly() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    for endpoint in functions::routes::all().iter().filter(|endpoint| !example(endpoint).is_null())
    {
        let expected = &expectations()[endpoint.key().as_str()];
        let schema =
            operation(endpoint)["requestBody"]["content"]["application/json"]["schema"]["$ref"]
                .as_str()
                .unwrap();
        let schema = &document()["components"]["schemas"][schema.rsplit('/').next().unwrap()];
        let fields: BTreeSet<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let known: BTreeSet<&str> =
            expected.required.iter().chain(expected.optional).copied().collect();
        assert_eq!(fields, known, "{}", endpoint.key());
        // Whose keys are meant is asked before what is said of them.
        let path = endpoint.path.replace("/users/{id}/api-keys", "/users/me/api-keys");
        let send = |media: &'static str, body: String| {
            admin.request(method(endpoint), &path).header("content-type", media).body(body)
        };
        send("text/plain", "{}".to_owned()).await.expect_problem(415, "unsupported_media_type");
        send("application/json", "{".to_owned()).await.expect_problem(400, "malformed_json");
        send("application/json", " ".repeat(65_537)).await.expect_problem(413, "body_too_large");
        let wrong: Value = known
            .iter()
            .map(|name| {
                (
                    (*name).to_owned(),
                    if is_list(&schema["properties"][name]) { json!({}) } else { json!(["wrong"]) },
                )
            })
            .chain([("no_such_field".to_owned(), json!(1))])
            .collect();
        let response = send("application/json", wrong.to_string())
            .await
            .expect_problem(422, "validation_failed");
        let mut named = response.wrong_fields();
        named.sort();
        let mut all: Vec<String> = known
            .iter()
            .map(|name| format!("{name}: wrong_type"))
            .chain(["no_such_field: unknown_field".to_owned()])
            .collect();
        all.sort();
        assert_eq!(named, all, "{}", endpoint.key());
        if !expected.required.is_empty() {
            let missing = send("application/json", "{}".to_owned())
                .await
                .expect_problem(422, "validation_failed");
            assert_eq!(
                missing.wrong_fields(),
                expected
                    .required
                    .iter()
                    .map(|name| format!("{name}: required"))
                    .collect::<Vec<_>>()
            );
        }
    }
}

#[tokio::test]
async fn every_method_that_a_path_does_not_offer_is_405() {
    let app = TestApp::open().await;
    let mut offered: BTreeMap<&str, BTreeSet<Method>> = BTreeMap::new();
    let routes = functions::routes::all();
    for endpoint in &routes {
        let methods: &mut BTreeSet<Method> = offered.entry(endpoint.path).or_default();
        methods.insert(method(endpoint));
        if endpoint.method == Method::GET {
            methods.insert(Method::HEAD);
        }
    }
    for (path, methods) in offered {
        for other in
            [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
        {
            if !methods.contains(&other) {
                let response =
                    app.request(other, path).await.expect_problem(405, "method_not_allowed");
                let allow: BTreeSet<Method> = response
                    .header("allow")
                    .split(", ")
                    .map(|name| name.parse().unwrap())
                    .collect();
                assert_eq!(
                    (allow, response.header("cache-control")),
                    (methods.clone(), "no-store"),
                    "{path}"
                );
            }
        }
    }
}
