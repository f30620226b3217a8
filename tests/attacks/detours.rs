//! Ways up that are no front door: dates, dead things brought back, `super_admin` itself.

use reqwest::Method;
use rolecall_domain::permission::Right;
use serde_json::json;

use crate::support::{Firm, TestApp};

/// An instant so many minutes from the stack's own now.
async fn at(app: &TestApp, minutes: i64) -> String {
    let now: rolecall_domain::clock::Timestamp =
        app.get("/_local/clock").await.text_of("now").parse().unwrap();
    rolecall_domain::clock::rfc3339(
        now + rolecall_domain::clock::SignedDuration::from_mins(minutes),
    )
}

/// A role of that level with these rights, and what else.
async fn role(firm: &Firm, code: &str, level: u8, grants: &[&str]) {
    let body = json!({ "code": code, "name": code, "level": level });
    firm.root.post("/roles", body).await.expect(201);
    for grant in grants {
        firm.root.put(&format!("/roles/{code}/permissions/{grant}"), ()).await.expect(201);
    }
}

#[tokio::test]
async fn nobody_but_a_super_admin_makes_one_or_touches_one_whatever_the_level() {
    let firm = Firm::new().await;
    role(&firm, "duke", 1, &Right::ALL.map(Right::code)).await;
    firm.root.put("/roles/duke/modules/RBAC", ()).await.expect(201);
    let duke = firm.member("duke", "PLATFORM", &["duke"]).await;
    let (own, root) = (duke.at("PLATFORM"), firm.root.at("PLATFORM"));
    let root_user = format!("/users/{}", firm.root.id);
    let invitation = json!({ "username": "heir", "email": "heir@example.com",
        "organization": "PLATFORM", "role": "super_admin" });
    duke.post("/users", invitation).await.expect_problem(403, "forbidden");
    let invitation = json!({ "email": "heir@example.com", "roles": ["super_admin"] });
    let invitations = "/organizations/PLATFORM/invitations";
    duke.post(invitations, invitation).await.expect_problem(422, "validation_failed");
    for (method, path, body) in [
        (Method::PUT, format!("{own}/roles/super_admin"), Some(json!({}))),
        (Method::DELETE, "/roles/super_admin/permissions/stats.read".to_owned(), None),
        (Method::PUT, "/roles/super_admin/permissions/pid.create".to_owned(), None),
        (Method::PATCH, "/roles/super_admin".to_owned(), Some(json!({ "name": "X" }))),
        (Method::PATCH, root_user.clone(), Some(json!({ "status": "suspended" }))),
        (Method::DELETE, root_user.clone(), None),
        (Method::POST, format!("{root_user}/unlock"), None),
        (Method::PUT, root.clone(), Some(json!({ "status": "suspended" }))),
        (Method::DELETE, format!("{root}/roles/super_admin"), None),
        (Method::DELETE, root, None),
        (Method::DELETE, format!("/user-sessions?scope=all&user_id={}", firm.root.id), None),
    ] {
        let response = duke.request(method.clone(), &path).json(body).await;
        assert_eq!(
            (response.status, response.text_of("code").as_str()),
            (403, "above_your_level"),
            "{method} {path}"
        );
    }
    firm.root.get("/me").await.expect(200);
}

#[tokio::test]
async fn who_administers_for_a_day_gives_nothing_for_longer() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &[]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let (own, hers) = (
        format!("{}/roles/admin", boss.at("MY_COMPANY")),
        format!("{}/roles/admin", ada.at("MY_COMPANY")),
    );
    let (evening, morning) = (at(&firm.app, 30).await, at(&firm.app, 600).await);
    firm.root.put(&own, json!({ "expires_at": evening })).await.expect(201);
    let invitation = json!({ "email": "grace@example.com", "roles": ["admin"] });
    for (method, path, body) in [
        (Method::PUT, own.as_str(), None),
        (Method::PUT, own.as_str(), Some(json!({ "expires_at": morning }))),
        (Method::PUT, hers.as_str(), Some(json!({}))),
        (Method::PUT, hers.as_str(), Some(json!({ "starts_at": evening, "expires_at": morning }))),
        (Method::POST, "/organizations/MY_COMPANY/invitations", Some(invitation)),
    ] {
        boss.request(method, path).json(body).await.expect_problem(403, "above_your_level");
    }
    boss.put(&hers, json!({ "expires_at": evening })).await.expect(201);
    firm.app.advance(1801).await;
    boss.put(&hers, json!({})).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn nobody_takes_their_own_administration_away_by_a_date_or_by_the_catalogue() {
    let firm = Firm::new().await;
    role(&firm, "keeper", 3, &["catalog.manage", "roles.assign"]).await;
    let keeper = firm.member("kim", "PLATFORM", &["keeper"]).await;
    let own = format!("{}/roles/keeper", keeper.at("PLATFORM"));
    for (method, path, body) in [
        (Method::PUT, own.as_str(), Some(json!({ "expires_at": "1970-01-01T00:00:00Z" }))),
        (Method::PUT, own.as_str(), Some(json!({ "starts_at": at(&firm.app, 60).await }))),
        (Method::DELETE, "/roles/keeper/permissions/roles.assign", None),
        (Method::PATCH, "/roles/keeper", Some(json!({ "is_active": false }))),
    ] {
        keeper.request(method, path).json(body).await.expect_problem(409, "own_last_admin_role");
    }
    assert_eq!(keeper.check(json!({ "permission": "roles.assign" })).await["allowed"], true);
}

#[tokio::test]
async fn switching_something_on_asks_for_what_it_gives() {
    let firm = Firm::new().await;
    role(&firm, "keeper", 3, &["catalog.manage"]).await;
    firm.root.put("/roles/keeper/modules/PID", ()).await.expect(201);
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let keeper = firm.member("kim", "PLATFORM", &["keeper"]).await;
    for path in ["/modules/PID", "/permissions/pid.create", "/roles/drafter"] {
        firm.root.patch(path, json!({ "is_active": false })).await.expect(200);
        keeper
            .patch(path, json!({ "is_active": true }))
            .await
            .expect_problem(403, "above_your_level");
        firm.root.patch(path, json!({ "is_active": true })).await.expect(200);
    }
}

#[tokio::test]
async fn nobody_brings_back_more_than_they_could_give() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let invitation = json!({ "username": "ivy", "email": "ivy@example.com",
        "organization": "MY_COMPANY", "role": "drafter" });
    let ivy = firm.root.post("/users", invitation).await.expect(201).text_of("id");
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    for id in [&ivy, &ada.id] {
        let user = format!("/users/{id}");
        firm.root.delete(&user).await.expect(204);
        boss.post(&format!("{user}/restore"), ()).await.expect(403);
        firm.root.post(&format!("{user}/restore"), ()).await.expect(200);
    }
    let member = ada.at("MY_COMPANY");
    boss.put(&member, json!({ "status": "inactive" })).await.expect(200);
    boss.put(&member, json!({ "status": "active" })).await.expect_problem(403, "above_your_level");
}

#[tokio::test]
async fn attack_30_no_body_of_a_stranger_sets_what_is_not_theirs() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let before = ada.get("/me").await.json();
    for field in [
        "role",
        "status",
        "level",
        "is_superuser",
        "email_verified",
        "password_hash",
        "organization",
        "memberships",
        "id",
    ] {
        let mut body = crate::support::person("grace");
        body[field] = json!("admin");
        let response =
            app.post("/auth/register", &body).await.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), [format!("{field}: unknown_field")]);
        let response = ada.patch("/me", json!({ field: "admin" })).await;
        assert_eq!(
            response.expect_problem(422, "validation_failed").wrong_fields(),
            [format!("{field}: unknown_field")]
        );
    }
    assert_eq!(ada.get("/me").await.json(), before);
    app.sign_in("grace").await.expect(401);
}

#[tokio::test]
async fn a_member_whose_account_is_deleted_can_be_removed_and_lets_everything_go() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "OTHER", &["drafter"]).await;
    let member = ada.at("OTHER");
    firm.root.put(&member, json!({ "employee_id": "E-1" })).await.expect(200);
    firm.root.delete(&format!("/users/{}", ada.id)).await.expect(204);
    firm.root.put(&member, json!({})).await.expect_problem(404, "not_found");
    firm.root.delete(&member).await.expect(204);
    let eve = firm.member("eve", "OTHER", &[]).await;
    firm.root.put(&eve.at("OTHER"), json!({ "employee_id": "E-1" })).await.expect(200);
    firm.root.delete("/roles/drafter").await.expect(204);
}
