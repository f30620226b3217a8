//! Organizations, roles and checks, through the front door: set up, assign, check, explain, revoke,
//! check.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Firm, Json, OTHER_PASSWORD, PASSWORD, token_of};

#[tokio::test]
async fn set_up_assign_check_explain_revoke_check() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let question = json!({ "permission": "pid.create", "explain": true });
    let no = ada.check(question.clone()).await;
    assert_eq!(
        (&no["allowed"], &no["blockers"]),
        (&json!(false), &json!([{ "code": "no_grant" }]))
    );
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let again = firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(200).json();
    assert_eq!(again["granted_by"], firm.root.id);
    assert_eq!(
        ada.check(question.clone()).await["smallest_grant"],
        json!([{ "step": "assign_role", "code": "drafter" }])
    );
    let role = format!("{}/roles/drafter", ada.at("MY_COMPANY"));
    let assigned = firm.root.put(&role, ()).await.expect(201).json();
    assert_eq!(
        assigned,
        json!({ "role": "drafter", "is_primary": true, "starts_at": null, "expires_at": null })
    );
    let yes = ada.check(question.clone()).await;
    assert_eq!(
        yes,
        json!({ "allowed": true, "chain": { "membership": "MY_COMPANY", "role": "drafter",
            "permission": "pid.create" } })
    );
    let mine = ada.get("/me/permissions").await.expect(200).json();
    assert_eq!(mine["items"][0]["role"], "drafter");
    assert_eq!(ada.get("/me/modules").await.expect(200).json()["items"], json!([]));
    firm.root.put("/roles/drafter/modules/PID", ()).await.expect(201);
    assert_eq!(ada.check(json!({ "module": "PID" })).await, json!({ "allowed": true }));
    for (path, blocker) in [
        ("/roles/drafter", "role_inactive"),
        ("/permissions/pid.create", "permission_inactive"),
        ("/modules/PID", "module_inactive"),
    ] {
        firm.root.patch(path, json!({ "is_active": false })).await.expect(200);
        let no = ada.check(question.clone()).await;
        assert_eq!((&no["allowed"], &no["blockers"][0]["code"]), (&json!(false), &json!(blocker)));
        firm.root.patch(path, json!({ "is_active": true })).await.expect(200);
        assert_eq!(ada.check(question.clone()).await["allowed"], true);
    }
    let changes = firm.app.activities("privilege_permissions_changed", 2).await;
    let details: Vec<Value> =
        changes.iter().map(|one| serde_json::from_str(one.text_of("details/S")).unwrap()).collect();
    assert!(
        details.iter().any(|one| one["before"]["permissions"] == json!([])
            && one["after"]["permissions"] == json!(["pid.create"])),
        "{details:?}"
    );
    firm.root.delete(&role).await.expect(204);
    assert_eq!(ada.check(question).await["allowed"], false);
}

#[tokio::test]
async fn a_role_begins_and_ends_at_its_instants_without_a_job() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let now: rolecall_domain::clock::Timestamp =
        firm.app.get("/_local/clock").await.json().text_of("now").parse().unwrap();
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
async fn an_invited_person_chooses_the_password_and_nobody_else_sees_one() {
    let firm = Firm::new().await;
    let admin = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let body = json!({ "username": "grace", "email": "grace@example.com", "role": "viewer" });
    let invited = admin.post("/users", body.clone()).await.expect(201).json();
    assert_eq!(
        (&invited["status"], &invited["memberships"][0]["organization"]),
        (&json!("pending"), &json!("MY_COMPANY"))
    );
    admin.post("/users", body).await.expect_problem(409, "email_taken");
    let first = firm.app.mailed_token("grace@example.com", 1).await;
    let again = format!("/users/{}/invitation", invited.text_of("id"));
    admin.post(&again, ()).await.expect(200);
    let mails = firm.app.mails("grace@example.com", 2).await;
    let token = token_of(&mails[0]);
    firm.app.post("/auth/password-reset/verify", json!({ "token": first })).await.expect(400);
    firm.app.note(&token);
    assert!(mails[0].text_of("text").contains("My Company"), "{mails:?}");
    let confirm = json!({ "token": token, "new_password": OTHER_PASSWORD });
    firm.app.post("/auth/verify-email", json!({ "token": token })).await.expect(400);
    firm.app.post("/auth/password-reset/verify", json!({ "token": token })).await.expect(204);
    firm.app.post("/auth/password-reset/confirm", &confirm).await.expect(204);
    firm.app
        .post("/auth/password-reset/confirm", &confirm)
        .await
        .expect_problem(400, "invalid_token");
    admin.post(&again, ()).await.expect_problem(409, "not_pending");
    let grace = firm.app.sign_in_with("grace", OTHER_PASSWORD).actor().await;
    let me = grace.get("/me").await.expect(200).json();
    assert_eq!(
        me["memberships"],
        json!([{ "organization": "MY_COMPANY", "status": "active", "roles": ["viewer"] }])
    );
}

#[tokio::test]
async fn what_is_taken_or_in_use_is_told_and_stale_writes_change_nothing() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    firm.root
        .post("/roles", json!({ "code": "DRAFTER", "name": "X", "level": 5 }))
        .await
        .expect_problem(409, "code_taken");
    firm.root.delete("/roles/drafter").await.expect_problem(409, "in_use");
    firm.root.delete("/roles/viewer").await.expect_problem(409, "system_role");
    firm.root.delete("/organizations/MY_COMPANY").await.expect_problem(409, "in_use");
    firm.root.delete("/organizations/PLATFORM").await.expect_problem(409, "built_in");
    firm.root.delete("/modules/PID").await.expect_problem(409, "in_use");
    let role = firm.root.get("/roles/drafter").await.expect(200);
    let patch = |etag: &str| {
        firm.root.patch("/roles/drafter", json!({ "name": "Drafting" })).header("If-Match", etag)
    };
    patch("\"99\"").await.expect_problem(412, "stale");
    patch(role.header("etag")).await.expect(200);
    firm.root.delete(&ada.at("MY_COMPANY")).await.expect(204);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    firm.root.delete("/roles/drafter").await.expect(204);
    firm.root.delete("/organizations/MY_COMPANY").await.expect(204);
    firm.root.get("/organizations/MY_COMPANY").await.expect_problem(404, "not_found");
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
        let body = json!({ "email": "ada@example.com", "password": PASSWORD,
            "organization": "MY_COMPANY" });
        firm.app.post("/auth/token", &body).await.expect_problem(403, "forbidden");
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
