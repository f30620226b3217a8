//! Ways up that are no front door: dates, dead things brought back, `super_admin` itself.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{api::Firm, support::TestApp};

/// An instant so many minutes from the stack's own now.
async fn at(app: &TestApp, minutes: i64) -> String {
    let now: rolecall_domain::clock::Timestamp =
        app.get("/_local/clock").await.json()["now"].as_str().unwrap().parse().unwrap();
    rolecall_domain::clock::rfc3339(
        now + rolecall_domain::clock::SignedDuration::from_mins(minutes),
    )
}

/// A role of that level with these rights, and what else.
async fn role(firm: &Firm, code: &str, level: u8, grants: &[&str]) {
    let body = json!({ "code": code, "name": code, "level": level });
    firm.by_root(Method::POST, "roles", Some(body)).await.expect(201);
    for grant in grants {
        firm.by_root(Method::PUT, &format!("roles/{code}/permissions/{grant}"), None)
            .await
            .expect(201);
    }
}

const EVERY_RIGHT: [&str; 9] = [
    "organizations.manage",
    "catalog.manage",
    "users.read",
    "users.manage",
    "roles.assign",
    "access.check",
    "activities.read",
    "sessions.manage",
    "stats.read",
];

#[tokio::test]
async fn nobody_but_a_super_admin_makes_one_or_touches_one_whatever_the_level() {
    let firm = Firm::new().await;
    role(&firm, "duke", 1, &EVERY_RIGHT).await;
    firm.by_root(Method::PUT, "roles/duke/modules/RBAC", None).await.expect(201);
    let duke = firm.member("duke", "PLATFORM", &["duke"]).await;
    let (own, root) = (Firm::at(&duke, "PLATFORM"), Firm::at(&firm.root, "PLATFORM"));
    let root_user = format!("users/{}", firm.root["user"]["id"].as_str().unwrap());
    let invitation = json!({ "username": "heir", "email": "heir@example.com",
        "organization": "PLATFORM", "role": "super_admin" });
    for (method, path, body) in [
        (Method::PUT, format!("{own}/roles/super_admin"), Some(json!({}))),
        (Method::POST, "users".to_owned(), Some(invitation)),
        (Method::DELETE, "roles/super_admin/permissions/stats.read".to_owned(), None),
        (Method::PUT, "roles/super_admin/permissions/pid.create".to_owned(), None),
        (Method::PATCH, "roles/super_admin".to_owned(), Some(json!({ "name": "X" }))),
        (Method::PATCH, root_user.clone(), Some(json!({ "status": "suspended" }))),
        (Method::DELETE, root_user.clone(), None),
        (Method::POST, format!("{root_user}/unlock"), None),
        (Method::PUT, root.clone(), Some(json!({ "status": "suspended" }))),
        (Method::DELETE, format!("{root}/roles/super_admin"), None),
        (Method::DELETE, root, None),
        (
            Method::DELETE,
            format!(
                "user-sessions?scope=all&user_id={}",
                firm.root["user"]["id"].as_str().unwrap()
            ),
            None,
        ),
    ] {
        let response = firm.send(&duke, method.clone(), &path, body).await;
        assert_eq!(
            (response.status, response.text_of("code").as_str()),
            (403, "above_your_level"),
            "{method} {path}"
        );
    }
    firm.app.me(&firm.root["access"]).await.expect(200);
}

#[tokio::test]
async fn who_administers_for_a_day_gives_nothing_for_longer() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &[]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let (own, hers) = (
        format!("{}/roles/admin", Firm::at(&boss, "MY_COMPANY")),
        format!("{}/roles/admin", Firm::at(&ada, "MY_COMPANY")),
    );
    let (evening, morning) = (at(&firm.app, 30).await, at(&firm.app, 600).await);
    firm.by_root(Method::PUT, &own, Some(json!({ "expires_at": evening }))).await.expect(201);
    let invitation = json!({ "username": "grace", "email": "grace@example.com", "role": "admin" });
    for (method, path, body) in [
        (Method::PUT, own.as_str(), None),
        (Method::PUT, own.as_str(), Some(json!({ "expires_at": morning }))),
        (Method::PUT, hers.as_str(), Some(json!({}))),
        (Method::PUT, hers.as_str(), Some(json!({ "starts_at": evening, "expires_at": morning }))),
        (Method::POST, "users", Some(invitation)),
    ] {
        firm.send(&boss, method, path, body).await.expect_problem(403, "above_your_level");
    }
    firm.send(&boss, Method::PUT, &hers, Some(json!({ "expires_at": evening }))).await.expect(201);
    firm.app.advance(1801).await;
    firm.send(&boss, Method::PUT, &hers, Some(json!({}))).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn nobody_takes_their_own_administration_away_by_a_date_or_by_the_catalogue() {
    let firm = Firm::new().await;
    role(&firm, "keeper", 3, &["catalog.manage", "roles.assign"]).await;
    let keeper = firm.member("kim", "MY_COMPANY", &["keeper"]).await;
    let own = format!("{}/roles/keeper", Firm::at(&keeper, "MY_COMPANY"));
    for (method, path, body) in [
        (Method::PUT, own.as_str(), Some(json!({ "expires_at": "1970-01-01T00:00:00Z" }))),
        (Method::PUT, own.as_str(), Some(json!({ "starts_at": at(&firm.app, 60).await }))),
        (Method::DELETE, "roles/keeper/permissions/roles.assign", None),
        (Method::PATCH, "roles/keeper", Some(json!({ "is_active": false }))),
    ] {
        firm.send(&keeper, method, path, body).await.expect_problem(409, "own_last_admin_role");
    }
    assert_eq!(firm.check(&keeper, json!({ "permission": "roles.assign" })).await["allowed"], true);
}

#[tokio::test]
async fn switching_something_on_asks_for_what_it_gives() {
    let firm = Firm::new().await;
    role(&firm, "keeper", 3, &["catalog.manage"]).await;
    firm.by_root(Method::PUT, "roles/keeper/modules/PID", None).await.expect(201);
    firm.by_root(Method::PUT, "roles/drafter/permissions/pid.create", None).await.expect(201);
    let keeper = firm.member("kim", "MY_COMPANY", &["keeper"]).await;
    for path in ["modules/PID", "permissions/pid.create", "roles/drafter"] {
        firm.by_root(Method::PATCH, path, Some(json!({ "is_active": false }))).await.expect(200);
        firm.send(&keeper, Method::PATCH, path, Some(json!({ "is_active": true })))
            .await
            .expect_problem(403, "above_your_level");
        firm.by_root(Method::PATCH, path, Some(json!({ "is_active": true }))).await.expect(200);
    }
}

#[tokio::test]
async fn nobody_brings_back_more_than_they_could_give() {
    let firm = Firm::new().await;
    firm.by_root(Method::PUT, "roles/drafter/permissions/pid.create", None).await.expect(201);
    let invitation = json!({ "username": "ivy", "email": "ivy@example.com",
        "organization": "MY_COMPANY", "role": "drafter" });
    let ivy = firm.by_root(Method::POST, "users", Some(invitation)).await.expect(201).json();
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    for id in [&ivy["id"], &ada["user"]["id"]] {
        let user = format!("users/{}", id.as_str().unwrap());
        firm.send(&boss, Method::DELETE, &user, None).await.expect(204);
        firm.send(&boss, Method::POST, &format!("{user}/restore"), None)
            .await
            .expect_problem(403, "above_your_level");
        firm.by_root(Method::POST, &format!("{user}/restore"), None).await.expect(200);
    }
    let member = Firm::at(&ada, "MY_COMPANY");
    firm.send(&boss, Method::PUT, &member, Some(json!({ "status": "inactive" }))).await.expect(200);
    firm.send(&boss, Method::PUT, &member, Some(json!({ "status": "active" })))
        .await
        .expect_problem(403, "above_your_level");
}

#[tokio::test]
async fn attack_30_no_body_of_a_stranger_sets_what_is_not_theirs() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let before = app.me(&ada["access"]).await.json();
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
            app.post("/api/v1/auth/register", &body).await.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), [format!("{field}: unknown_field")]);
        let response = app
            .patch_as(ada["access"].as_str().unwrap(), "/api/v1/me", &json!({ field: "admin" }))
            .await;
        assert_eq!(
            response.expect_problem(422, "validation_failed").wrong_fields(),
            [format!("{field}: unknown_field")]
        );
    }
    assert_eq!(app.me(&ada["access"]).await.json(), before);
    app.sign_in("grace").await.expect(401);
}

#[tokio::test]
async fn a_member_whose_account_is_deleted_can_be_removed_and_lets_everything_go() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "OTHER", &["drafter"]).await;
    let member = Firm::at(&ada, "OTHER");
    firm.by_root(Method::PUT, &member, Some(json!({ "employee_id": "E-1" }))).await.expect(200);
    firm.by_root(Method::DELETE, &format!("users/{}", ada["user"]["id"].as_str().unwrap()), None)
        .await
        .expect(204);
    firm.by_root(Method::PUT, &member, Some(json!({}))).await.expect_problem(404, "not_found");
    firm.by_root(Method::DELETE, &member, None).await.expect(204);
    let eve: Value = firm.member("eve", "OTHER", &[]).await;
    firm.by_root(Method::PUT, &Firm::at(&eve, "OTHER"), Some(json!({ "employee_id": "E-1" })))
        .await
        .expect(200);
    firm.by_root(Method::DELETE, "roles/drafter", None).await.expect(204);
}
