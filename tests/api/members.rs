use reqwest::Method;
use serde_json::json;

use crate::support::{Firm, Json, credentials};

#[tokio::test]
async fn a_role_begins_and_ends_at_its_instants_without_a_job() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let now: rolecall_domain::clock::Timestamp =
        firm.app.get("/_local/clock").await.text_of("now").parse().unwrap();
    let at = |minutes: i64| {
        rolecall_domain::clock::rfc3339(
            now + rolecall_domain::clock::SignedDuration::from_mins(minutes),
        )
    };
    let role = format!("{}/roles/drafter", ada.at("MY_COMPANY"));
    let body = json!({ "starts_at": at(10), "expires_at": at(20) });
    firm.root.put(&role, body).await.expect(201);
    let question = json!({ "permission": "pid.create", "explain": true });
    for (seconds, response) in [(0, "role_not_started"), (601, "yes"), (600, "role_expired")] {
        firm.app.advance(seconds).await;
        let told = ada.check(question.clone()).await;
        let said = if told["allowed"] == true { "yes" } else { told.text_of("blockers/0/code") };
        assert_eq!(said, response);
    }
}

#[tokio::test]
async fn every_way_of_being_shut_out_bites_on_the_next_call_with_an_old_token() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let member = ada.at("MY_COMPANY");
    for (method, path, off, on) in [
        (
            Method::PUT,
            member.as_str(),
            json!({ "status": "suspended" }),
            json!({ "status": "active" }),
        ),
        (
            Method::PATCH,
            "/organizations/MY_COMPANY",
            json!({ "is_active": false }),
            json!({ "is_active": true }),
        ),
    ] {
        firm.root.request(method.clone(), path).json(off).await.expect(200);
        ada.get("/me").await.expect_problem(401, "unauthenticated");
        let there = credentials("ada", "MY_COMPANY");
        firm.app.post("/auth/token", there).await.expect_problem(403, "forbidden");
        firm.root.request(method, path).json(on).await.expect(200);
        ada.get("/me").await.expect(200);
    }
    let user = format!("/users/{}", ada.id);
    firm.root.patch(&user, json!({ "status": "suspended" })).await.expect(200);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    firm.root.patch(&user, json!({ "status": "active" })).await.expect(200);
    let again = firm.app.sign_in("ada").actor().await;
    firm.root.delete(&user).await.expect(204);
    again.get("/me").await.expect_problem(401, "unauthenticated");
    firm.app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    let restored = firm.root.post(&format!("{user}/restore"), ()).await.expect(200).json();
    assert_eq!(restored["status"], "active");
    firm.app.sign_in("ada").await.expect(200);
}

#[tokio::test]
async fn members_are_listed_with_their_names() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    firm.member("bob", "MY_COMPANY", &[]).await;
    ada.patch("/me", json!({ "username": "ada.l", "first_name": "Ada", "last_name": "Lovelace" }))
        .await
        .expect(200);
    let all = firm.root.all("/organizations/MY_COMPANY/members?limit=1").await;
    assert_eq!(all.iter().map(|one| one["username"].clone()).collect::<Vec<_>>(), ["ada.l", "bob"]);
    assert_eq!(
        ["email", "first_name", "last_name"].map(|name| all[0][name].clone()),
        ["ada@example.com", "Ada", "Lovelace"].map(serde_json::Value::from)
    );
    let one = firm.root.get(&ada.at("MY_COMPANY")).await.expect(200).json();
    assert_eq!(one, all[0]);
    let put = firm.root.put(&ada.at("MY_COMPANY"), json!({ "department": "Art" })).await;
    assert_eq!(put.expect(200).json()["username"], "ada.l");
}
