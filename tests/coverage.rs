//! Every route has its expectations, and the rules that hold on every route hold on it.

use std::collections::{BTreeMap, BTreeSet};

use functions::Endpoint;
use reqwest::Method;
use rolecall_domain::permission::Right::{
    self, AssignRoles, CheckAccess, ManageCatalogue, ManageOrganizations, ManageUsers,
    ReadActivities, ReadActivityStats, ReadUsers,
};
use rolecall_http::access::Access;
use serde_json::{Value, json};

use crate::support::{Json, TestApp, assert_valid, document};

/// What a route is expected to be: who may call, the fields that it requires, the status of its
/// example.
struct Expected {
    access: Access,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    example_answers: u16,
}

const OF_ORGANIZATION: &[&str] = &[
    "description",
    "is_active",
    "settings",
    "contact_email",
    "contact_phone",
    "website",
    "address",
    "city",
    "state",
    "postal_code",
    "country",
];

const PATCH_OF_ORGANIZATION: &[&str] = &[
    "name",
    "description",
    "is_active",
    "settings",
    "contact_email",
    "contact_phone",
    "website",
    "address",
    "city",
    "state",
    "postal_code",
    "country",
];

/// One line a route. A route without a line, or a line without a route, fails.
#[expect(clippy::too_many_lines, reason = "one line a route")]
fn expectations() -> BTreeMap<&'static str, Expected> {
    let public = |required, optional, example_answers| Expected {
        access: Access::Public,
        required,
        optional,
        example_answers,
    };
    let signed_in = |required, optional, example_answers| Expected {
        access: Access::SignedIn,
        required,
        optional,
        example_answers,
    };
    let needs = |rights: &'static [Right], required, optional, example_answers| Expected {
        access: Access::Needs(rights),
        required,
        optional,
        example_answers,
    };
    let organizations =
        |status| needs(&[ManageOrganizations, ReadUsers, ManageUsers], &[], &[], status);
    let look = |status| needs(&[ManageCatalogue, AssignRoles, CheckAccess], &[], &[], status);
    let catalogue =
        |required, optional, status| needs(&[ManageCatalogue], required, optional, status);
    BTreeMap::from([
        (
            "POST /api/v1/auth/register",
            public(
                &["username", "email", "password"],
                &["first_name", "last_name", "phone_number"],
                202,
            ),
        ),
        ("POST /api/v1/auth/verify-email", public(&["token"], &[], 400)),
        (
            "POST /api/v1/auth/token",
            public(&["email", "password"], &["organization", "device"], 403),
        ),
        ("POST /api/v1/auth/password-reset", public(&["email"], &[], 202)),
        ("POST /api/v1/auth/password-reset/verify", public(&["token"], &[], 400)),
        ("POST /api/v1/auth/password-reset/confirm", public(&["token", "new_password"], &[], 400)),
        (
            "POST /api/v1/auth/password-change",
            signed_in(&["current_password", "new_password"], &[], 204),
        ),
        ("POST /api/v1/auth/email-change", signed_in(&["new_email", "current_password"], &[], 202)),
        ("POST /api/v1/auth/email-change/confirm", public(&["token"], &[], 400)),
        ("POST /api/v1/auth/unlock", public(&["token"], &[], 400)),
        ("POST /api/v1/auth/token/refresh", public(&["refresh"], &[], 401)),
        ("POST /api/v1/auth/token/revoke", public(&["refresh"], &[], 204)),
        ("GET /api/v1/me", signed_in(&[], &[], 200)),
        (
            "PATCH /api/v1/me",
            signed_in(&[], &["first_name", "last_name", "phone_number", "bio"], 200),
        ),
        ("GET /api/v1/users/{id}", needs(&[ReadUsers, ManageUsers], &[], &[], 404)),
        ("POST /api/v1/users/{id}/unlock", needs(&[ManageUsers], &[], &[], 404)),
        ("GET /api/v1/users", needs(&[ReadUsers, ManageUsers], &[], &[], 200)),
        (
            "POST /api/v1/users",
            needs(
                &[ManageUsers],
                &["username", "email"],
                &["first_name", "last_name", "phone_number", "organization", "role"],
                201,
            ),
        ),
        (
            "PATCH /api/v1/users/{id}",
            needs(
                &[ManageUsers],
                &[],
                &["first_name", "last_name", "phone_number", "bio", "status"],
                404,
            ),
        ),
        ("DELETE /api/v1/users/{id}", needs(&[ManageUsers], &[], &[], 404)),
        ("POST /api/v1/users/{id}/invitation", needs(&[ManageUsers], &[], &[], 404)),
        ("POST /api/v1/users/{id}/restore", needs(&[ManageUsers], &[], &[], 404)),
        ("GET /api/v1/organizations", organizations(200)),
        (
            "POST /api/v1/organizations",
            needs(&[ManageOrganizations], &["code", "name"], OF_ORGANIZATION, 201),
        ),
        ("GET /api/v1/organizations/{code}", organizations(404)),
        (
            "PATCH /api/v1/organizations/{code}",
            needs(&[ManageOrganizations], &[], PATCH_OF_ORGANIZATION, 404),
        ),
        ("DELETE /api/v1/organizations/{code}", needs(&[ManageOrganizations], &[], &[], 404)),
        (
            "GET /api/v1/organizations/{code}/members",
            needs(&[ReadUsers, ManageUsers], &[], &[], 404),
        ),
        (
            "GET /api/v1/organizations/{code}/members/{user_id}",
            needs(&[ReadUsers, ManageUsers], &[], &[], 404),
        ),
        (
            "PUT /api/v1/organizations/{code}/members/{user_id}",
            needs(
                &[ManageUsers],
                &[],
                &["status", "employee_id", "department", "job_title", "manager", "metadata"],
                404,
            ),
        ),
        (
            "DELETE /api/v1/organizations/{code}/members/{user_id}",
            needs(&[ManageUsers], &[], &[], 404),
        ),
        (
            "GET /api/v1/organizations/{code}/members/{user_id}/roles",
            needs(&[ReadUsers, AssignRoles], &[], &[], 404),
        ),
        (
            "PUT /api/v1/organizations/{code}/members/{user_id}/roles/{role}",
            needs(&[AssignRoles], &[], &["is_primary", "starts_at", "expires_at"], 404),
        ),
        (
            "DELETE /api/v1/organizations/{code}/members/{user_id}/roles/{role}",
            needs(&[AssignRoles], &[], &[], 404),
        ),
        (
            "POST /api/v1/permissions/check",
            signed_in(
                &[],
                &["permission", "module", "checks", "user_id", "organization", "explain"],
                200,
            ),
        ),
        ("GET /api/v1/me/permissions", signed_in(&[], &[], 200)),
        ("GET /api/v1/me/modules", signed_in(&[], &[], 200)),
        ("GET /api/v1/modules", look(200)),
        (
            "POST /api/v1/modules",
            catalogue(&["code", "name"], &["description", "order", "icon", "is_active"], 201),
        ),
        ("GET /api/v1/modules/{code}", look(404)),
        (
            "PATCH /api/v1/modules/{code}",
            catalogue(&[], &["name", "description", "order", "icon", "is_active"], 404),
        ),
        ("DELETE /api/v1/modules/{code}", catalogue(&[], &[], 404)),
        ("GET /api/v1/permissions", look(200)),
        (
            "POST /api/v1/permissions",
            catalogue(&["code", "name", "module", "action"], &["description", "is_active"], 201),
        ),
        ("GET /api/v1/permissions/{code}", look(404)),
        (
            "PATCH /api/v1/permissions/{code}",
            catalogue(&[], &["name", "description", "action", "is_active"], 404),
        ),
        ("DELETE /api/v1/permissions/{code}", catalogue(&[], &[], 404)),
        ("GET /api/v1/roles", look(200)),
        (
            "POST /api/v1/roles",
            catalogue(&["code", "name", "level"], &["description", "is_active"], 201),
        ),
        ("GET /api/v1/roles/{code}", look(404)),
        (
            "PATCH /api/v1/roles/{code}",
            catalogue(&[], &["name", "description", "level", "is_active"], 404),
        ),
        ("DELETE /api/v1/roles/{code}", catalogue(&[], &[], 404)),
        ("GET /api/v1/roles/{code}/permissions", look(404)),
        ("PUT /api/v1/roles/{code}/permissions/{permission}", catalogue(&[], &[], 404)),
        ("DELETE /api/v1/roles/{code}/permissions/{permission}", catalogue(&[], &[], 404)),
        ("GET /api/v1/roles/{code}/modules", look(404)),
        ("PUT /api/v1/roles/{code}/modules/{module}", catalogue(&[], &[], 404)),
        ("DELETE /api/v1/roles/{code}/modules/{module}", catalogue(&[], &[], 404)),
        (
            "POST /api/v1/activities",
            signed_in(
                &["activity_type", "description", "category"],
                &[
                    "severity",
                    "success",
                    "error_message",
                    "details",
                    "metadata",
                    "tags",
                    "duration_ms",
                    "related",
                ],
                201,
            ),
        ),
        ("POST /api/v1/activities/batch", signed_in(&["activities"], &[], 200)),
        ("GET /api/v1/activities", needs(&[ReadActivities], &[], &[], 200)),
        (
            "GET /api/v1/activities/summary",
            needs(&[ReadActivities, ReadActivityStats], &[], &[], 200),
        ),
        ("GET /api/v1/activity-stats", needs(&[ReadActivityStats], &[], &[], 200)),
        ("GET /api/v1/activity-stats/latest", needs(&[ReadActivityStats], &[], &[], 200)),
        ("GET /api/v1/activity-streams", signed_in(&[], &[], 200)),
        ("GET /api/v1/activity-streams/{id}", signed_in(&[], &[], 404)),
        (
            "PATCH /api/v1/activity-streams/{id}",
            needs(&[ManageOrganizations], &[], &["is_pinned", "is_public"], 404),
        ),
        ("GET /api/v1/activities/{id}", needs(&[ReadActivities], &[], &[], 404)),
        ("GET /api/v1/user-sessions", signed_in(&[], &[], 200)),
        ("DELETE /api/v1/user-sessions", signed_in(&[], &[], 422)),
        ("DELETE /api/v1/user-sessions/{id}", signed_in(&[], &[], 404)),
        ("GET /api/v1/active-users", signed_in(&[], &[], 200)),
        ("GET /.well-known/jwks.json", public(&[], &[], 200)),
        ("GET /.well-known/openid-configuration", public(&[], &[], 200)),
        ("GET /openapi.json", public(&[], &[], 200)),
        ("GET /healthz", public(&[], &[], 200)),
    ])
}

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
        assert_eq!(
            operation["security"].is_array(),
            endpoint.handler.access != Access::Public,
            "{}",
            endpoint.key()
        );
        let body = &operation["requestBody"]["content"]["application/json"];
        if !body.is_null() {
            assert_valid(&body["schema"], &body["example"]);
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            for content in
                response["content"].as_object().into_iter().flat_map(|content| content.values())
            {
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
    for endpoint in functions::routes::all() {
        let expected = &expectations()[endpoint.key().as_str()];
        let (method, path) = (method(&endpoint), endpoint.path);
        let call = match endpoint.handler.access {
            Access::Public => app.request(method, path),
            Access::SignedIn => app.signed_in(endpoint.name).await.request(method, path),
            Access::Needs(_) => app.admin().await.request(method, path),
        };
        let example = Some(example(&endpoint)).filter(|example| !example.is_null());
        let response = call
            .json(example)
            .header("X-Request-Id", "covered")
            .await
            .expect(expected.example_answers);
        assert_eq!(response.header("x-request-id"), "covered");
        let may_be_kept = ["/openapi.json", "/.well-known/jwks.json"].contains(&endpoint.path);
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
            assert_eq!(response.header("www-authenticate"), "Bearer", "{}", endpoint.key());
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
        .filter(|endpoint| matches!(endpoint.handler.access, Access::Needs(_)))
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
        let send = |media: &'static str, body: String| {
            admin.request(method(endpoint), endpoint.path).header("content-type", media).body(body)
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
        offered.entry(endpoint.path).or_default().insert(method(endpoint));
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
