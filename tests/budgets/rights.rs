use reqwest::Method;
use rolecall_domain::ports::DefinitionStore;
use serde_json::json;

use super::{Budget, assert_within};
use crate::{
    contracts::{definitions, members},
    support::{Firm, options},
};

const CHECK: &str = "POST /api/v1/permissions/check";
const ASSIGN: &str = "PUT /api/v1/organizations/{code}/members/{user_id}/roles/{role}";

const GATE: Budget = Budget { in_sequence: 1.0, read_units: 4.0, write_units: 0.0, argon2: 0.0 };
const ASSIGNMENT: Budget =
    Budget { in_sequence: 2.0, read_units: 6.0, write_units: 10.0, argon2: 0.0 };

/// Makes so many roles that grant what `drafter` does.
async fn fill_catalogue(firm: &Firm, count: u64) {
    let store = crate::contracts::store_of(&firm.app);
    let catalogue = DefinitionStore::catalogue(&store, 0).await.unwrap();
    definitions::fill(&store, catalogue.version, count, catalogue.role("drafter").unwrap()).await;
}

#[tokio::test]
async fn five_hundred_roles_of_which_a_member_has_sixty_cost_what_one_costs() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    ada.check(json!({ "permission": "pid.create" })).await;
    let token = ada.access.len();
    // Amazon's DynamoDB Local takes a minute for five hundred.
    fill_catalogue(&firm, if options().dynamodb_endpoint.is_some() { 100 } else { 500 }).await;
    // The first call after a change brings the catalogue up to date.
    firm.root.get("/roles?limit=1").await.expect(200);
    for n in 0..60 {
        let at = format!("{}/roles/bulk_role_{n:03}", ada.at("MY_COMPANY"));
        firm.root.put(&at, ()).await.expect(201);
        // Amazon's DynamoDB Local takes every item of a transaction, and its copies in indexes, for
        // as large as the largest one.
        let of_local = if options().dynamodb_endpoint.is_some() { 16.0 } else { 0.0 };
        // An account whose own roles make it larger than a kilobyte is two units more.
        let more = of_local + if n < 20 { 0.0 } else { 2.0 };
        assert_within(
            &firm.app.cost_of(ASSIGN).await,
            &Budget { write_units: ASSIGNMENT.write_units + more, ..ASSIGNMENT },
        );
    }
    let hundred: Vec<_> = (0..100)
        .map(|n| json!({ "permission": if n % 2 == 0 { "pid.create" } else { "nothing" } }))
        .collect();
    for question in [
        json!({ "permission": "pid.create" }),
        json!({ "checks": hundred }),
        json!({ "module": "PID", "explain": true }),
    ] {
        ada.check(question).await;
        assert_within(&firm.app.cost_of(CHECK).await, &GATE);
    }
    let again = ada.refreshed().await;
    assert!(again.access.len() <= token + 8, "a token does not grow with roles");
    again.get("/me").await.expect(200);
    again.get("/me").await.expect(200);
    assert_within(&firm.app.cost_of("GET /api/v1/me").await, &GATE);
}

#[tokio::test]
async fn a_key_in_the_place_of_a_token_costs_what_the_gate_does() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let mut ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let key = json!({ "name": "CI", "scopes": ["pid.create"] });
    ada.access = ada.post("/users/me/api-keys", key).await.expect(201).text_of("key");
    // The first call of an hour notes that it was used, and the first one that a process sees asks
    // for the organization behind it.
    for _ in 0..2 {
        ada.get("/me").await.expect(200);
        ada.check(json!({ "permission": "pid.create" })).await;
    }
    for route in ["GET /api/v1/me", CHECK] {
        assert_within(&firm.app.cost_of(route).await, &GATE);
    }
    firm.app.get("/me").bearer("rck_x").await.expect(401);
    firm.app.expect_cost("GET /api/v1/me", "read_units", 0.0).await;
}

#[tokio::test]
async fn a_hundred_times_the_data_costs_administrators_the_same() {
    let firm = Firm::new().await;
    let costs = async |name: &str| {
        let boss = firm.member(name, "MY_COMPANY", &["admin"]).await;
        let own = boss.at("MY_COMPANY");
        boss.get("/me").await.expect(200);
        let mut costs = Vec::new();
        let member = "/organizations/{code}/members/{user_id}";
        for (method, path, route) in [
            (Method::POST, "/permissions/check", "/permissions/check"),
            (Method::GET, "/me/permissions?limit=1", "/me/permissions"),
            (Method::GET, "/organizations/MY_COMPANY", "/organizations/{code}"),
            (
                Method::GET,
                "/organizations/MY_COMPANY/members?limit=1",
                "/organizations/{code}/members",
            ),
            (
                Method::GET,
                "/organizations/MY_COMPANY/members.csv?limit=1",
                "/organizations/{code}/members.csv",
            ),
            (Method::GET, &own, member),
            (Method::GET, &format!("{own}/roles"), &format!("{member}/roles")),
            (Method::GET, "/users?limit=1", "/users"),
            (Method::GET, "/users.csv?limit=1", "/users.csv"),
            (Method::GET, &format!("/users?username={name}"), "/users"),
            (Method::GET, "/roles?limit=1", "/roles"),
            (Method::PUT, &format!("{own}/roles/viewer"), &format!("{member}/roles/{{role}}")),
            (Method::DELETE, &format!("{own}/roles/viewer"), &format!("{member}/roles/{{role}}")),
        ] {
            let body = (method == Method::POST).then(|| json!({ "permission": "pid.create" }));
            let response = boss.request(method.clone(), path).json(body).await;
            assert!(response.status < 300, "{response:?}");
            costs.push((
                route.to_owned(),
                firm.app.cost_of(&format!("{method} /api/v1{route}")).await,
            ));
        }
        for (path, body) in [
            ("/organizations", json!({ "code": format!("ORG_{name}"), "name": "One" })),
            ("/modules", json!({ "code": format!("MOD_{name}"), "name": "One" })),
            (
                "/permissions",
                json!({ "code": format!("{name}.read"), "module": "PID", "name": "One",
                    "action": "read" }),
            ),
            ("/roles", json!({ "code": format!("role_{name}"), "name": "One", "level": 5 })),
        ] {
            // Whatever came before changed the catalogue: this call brings it up to date.
            firm.root.get("/roles?limit=1").await.expect(200);
            firm.root.post(path, body).await.expect(201);
            costs.push((path.to_owned(), firm.app.cost_of(&format!("POST /api/v1{path}")).await));
        }
        costs
    };
    firm.member("second", "MY_COMPANY", &[]).await;
    // The first list asks whether the lists have everybody.
    firm.root.get("/organizations/MY_COMPANY/members").await.expect(200);
    let few = costs("ada").await;
    let store = crate::contracts::store_of(&firm.app);
    for n in 0..100 {
        members::member_of(&store, &format!("filler{n}"), &format!("FIRM_{n}")).await;
        members::member_of(&store, &format!("colleague{n}"), "MY_COMPANY").await;
    }
    fill_catalogue(&firm, 100).await;
    firm.root.get("/roles?limit=1").await.expect(200);
    for (before, after) in few.iter().zip(costs("eve").await) {
        assert_eq!(*before, after);
    }
}

#[tokio::test]
async fn a_member_signs_in_and_refreshes_within_the_budgets() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let token = Budget { in_sequence: 2.0, read_units: 3.0, write_units: 3.0, argon2: 1.0 };
    assert_within(&firm.app.cost_of(super::TOKEN).await, &token);
    firm.app.refresh(&ada.refresh).await.expect(200);
    let refresh = Budget { in_sequence: 1.0, read_units: 3.0, write_units: 2.0, argon2: 0.0 };
    assert_within(&firm.app.cost_of(super::REFRESH).await, &refresh);
}
