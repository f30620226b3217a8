use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json};

const SWITCH: &str = "/auth/switch-organization";

/// Somebody who is a member of both organizations and acts in the first.
async fn of_both(firm: &Firm) -> Actor {
    let ada = firm.member("ada", "MY_COMPANY", &["admin"]).await;
    firm.root.put(&ada.at("OTHER"), json!({})).await.expect(201);
    ada
}

fn to(organization: &str) -> Value {
    json!({ "organization": organization })
}

#[tokio::test]
async fn the_same_session_goes_on_in_another_organization() {
    let firm = Firm::new().await;
    let ada = of_both(&firm).await;
    ada.get("/organizations/MY_COMPANY/members").await.expect(200);
    let zoe = firm.member("zoe", "OTHER", &[]).await;
    let there = ada.post(SWITCH, to("OTHER")).actor().await;
    let seen = zoe.get("/active-users").await.expect(200).items();
    assert!(seen.iter().any(|one| one["user_id"] == ada.id), "at once: {seen:?}");
    assert_eq!((&there.session_id, &there.id), (&ada.session_id, &ada.id));
    // Rights are those of where one acts.
    there.get("/organizations/OTHER/members").await.expect_problem(403, "forbidden");
    there.get("/organizations/MY_COMPANY/members").await.expect_problem(403, "forbidden");
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    let back = there.post(SWITCH, to("MY_COMPANY")).actor().await;
    back.get("/organizations/MY_COMPANY/members").await.expect(200);
    // Where one is already.
    back.post(SWITCH, to("MY_COMPANY")).actor().await.get("/me").await.expect(200);
    let sessions = back.get("/user-sessions").await.expect(200).items();
    assert_eq!(sessions.iter().filter(|one| one["is_active"] == true).count(), 1);
}

#[tokio::test]
async fn a_lost_answer_costs_one_refresh_and_looks_like_no_theft() {
    let firm = Firm::new().await;
    let ada = of_both(&firm).await;
    ada.post(SWITCH, to("OTHER")).await.expect(200);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    firm.app.advance(120).await;
    let pair = firm.app.refresh(&ada.refresh).await.expect(200).json();
    let me = firm.app.get("/active-users").bearer(pair.text_of("access")).await.expect(200);
    assert_eq!(me.items().len(), 1, "in the other one");
    assert!(firm.app.activities_so_far("token_reuse").await.is_empty());
}

#[tokio::test]
async fn nobody_acts_where_they_are_no_member_and_is_told_why_not() {
    let firm = Firm::new().await;
    let ada = of_both(&firm).await;
    firm.root.post("/organizations", json!({ "code": "THIRD", "name": "Third" })).await.expect(201);
    for organization in ["THIRD", "NOWHERE"] {
        ada.post(SWITCH, to(organization)).await.expect_problem(403, "forbidden");
    }
    firm.root.put(&ada.at("OTHER"), json!({ "status": "suspended" })).await.expect(200);
    ada.post(SWITCH, to("OTHER")).await.expect_problem(403, "forbidden");
    firm.root.put(&ada.at("OTHER"), json!({ "status": "active" })).await.expect(200);
    firm.root.patch("/organizations/OTHER", json!({ "is_active": false })).await.expect(200);
    ada.post(SWITCH, to("OTHER")).await.expect_problem(403, "forbidden");
    firm.root.patch("/organizations/OTHER", json!({ "is_active": true })).await.expect(200);
    let there = ada.post(SWITCH, to("OTHER")).actor().await;
    firm.root.delete(&ada.at("OTHER")).await.expect(204);
    there.get("/me").await.expect_problem(401, "unauthenticated");
    ada.post(SWITCH, json!({})).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_log_of_where_they_go_tells_it() {
    let firm = Firm::new().await;
    let ada = of_both(&firm).await;
    ada.post(SWITCH, to("OTHER")).await.expect(200);
    let found = firm.app.activities("organization_switched", 1).await;
    assert_eq!(found[0]["organization"]["S"].as_str().unwrap().split('@').next(), Some("OTHER"));
}
