use reqwest::Method;
use serde_json::json;

use super::{Budget, assert_within};
use crate::api::Firm;

const CHECK: &str = "POST /api/v1/permissions/check";
const ASSIGN: &str = "PUT /api/v1/organizations/{code}/members/{user_id}/roles/{role}";

#[tokio::test]
async fn sixty_roles_and_a_hundred_questions_cost_what_one_costs() {
    let firm = Firm::new().await;
    firm.by_root(Method::PUT, "roles/drafter/permissions/pid.create", None).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let gate = Budget { in_sequence: 1.0, read_units: 3.0, write_units: 0.0, argon2: 0.0 };
    let assign = Budget { in_sequence: 2.0, read_units: 6.0, write_units: 10.0, argon2: 0.0 };
    firm.check(&ada, json!({ "permission": "pid.create" })).await;
    let token = ada["access"].as_str().unwrap().len();
    for n in 0..60 {
        let code = format!("bulk_role_{n:02}");
        let role = json!({ "code": code, "name": "One of many", "level": 6 });
        firm.by_root(Method::POST, "roles", Some(role)).await.expect(201);
        // Another call brings the catalogue up to date.
        firm.by_root(Method::GET, "roles", None).await.expect(200);
        let at = format!("{}/roles/{code}", Firm::at(&ada, "MY_COMPANY"));
        firm.by_root(Method::PUT, &at, None).await.expect(201);
        // The account's item grows by a kilobyte with some forty roles: from there on a write costs 2 more.
        let more = if n < 30 { 0.0 } else { 2.0 };
        let bound = Budget { write_units: assign.write_units + more, ..assign };
        assert_within(&firm.app.cost_of(ASSIGN).await, &bound);
    }
    let hundred: Vec<_> = (0..100).map(|n| json!({ "permission": if n % 2 == 0 { "pid.create" } else { "nothing" } })).collect();
    for question in
        [json!({ "permission": "pid.create" }), json!({ "checks": hundred }), json!({ "module": "PID", "explain": true })]
    {
        firm.check(&ada, question).await;
        assert_within(&firm.app.cost_of(CHECK).await, &gate);
    }
    let again = firm.app.refresh(&ada["refresh"]).await.expect(200).json();
    assert!(again["access"].as_str().unwrap().len() <= token + 8, "a token does not grow with roles");
    firm.app.me(&again["access"]).await.expect(200);
    firm.app.me(&again["access"]).await.expect(200);
    assert_within(&firm.app.cost_of("GET /api/v1/me").await, &gate);
}

#[tokio::test]
async fn a_member_signs_in_and_refreshes_within_the_budgets() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let token = Budget { in_sequence: 2.0, read_units: 3.0, write_units: 3.0, argon2: 1.0 };
    assert_within(&firm.app.cost_of(super::TOKEN).await, &token);
    firm.app.refresh(&ada["refresh"]).await.expect(200);
    let refresh = Budget { in_sequence: 1.0, read_units: 3.0, write_units: 2.0, argon2: 0.0 };
    assert_within(&firm.app.cost_of(super::REFRESH).await, &refresh);
}
