//! Administrators whose right went while a call ran, and what they have no right over.

use std::time::Duration;

use reqwest::Method;
use rolecall_local::Options;
use serde_json::{Value, json};

use crate::support::{
    Actor, Firm, Json, TestApp, credentials, holding_proxy::HoldingProxy, options,
};

/// A role with everything that an administrator of an organization needs.
const RIGHTS: [&str; 11] = [
    "organizations.manage",
    "catalog.manage",
    "users.read",
    "users.manage",
    "roles.assign",
    "roles.manage",
    "access.check",
    "activities.read",
    "sessions.manage",
    "keys.manage",
    "pid.create",
];

async fn with_keepers(firm: &Firm) {
    for (code, level) in [("keeper", 2), ("helper", 6)] {
        let role = json!({ "code": code, "name": code, "level": level });
        firm.root.post("/roles", role).await.expect(201);
    }
    for right in RIGHTS {
        firm.root.put(&format!("/roles/keeper/permissions/{right}"), ()).await.expect(201);
    }
}

/// Sends `call` of somebody whose role is taken while its transaction waits, and gives it back.
async fn deposed(
    firm: &Firm,
    proxy: &HoldingProxy,
    who: (&Actor, &str),
    (method, path, body): (Method, &str, Option<Value>),
) {
    let (who, role) = who;
    let (has_come, go_on) = proxy.hold();
    let call = who.request(method.clone(), path).json(body).into_future();
    let depose = async {
        let came = tokio::time::timeout(Duration::from_secs(20), has_come).await;
        assert!(came.is_ok(), "{method} {path} is not conditioned on its caller");
        firm.root.delete(role).await.expect(204);
        go_on.send(()).unwrap();
    };
    let (response, ()) = tokio::join!(call, depose);
    assert_eq!(
        (response.status, response.text_of("code").as_str()),
        (403, "forbidden"),
        "{method} {path}"
    );
    firm.root.put(role, json!({})).await.expect(201);
}

/// A firm whose transactions can be held; it goes with the stack that has its table.
async fn on_a_holding_proxy() -> (TestApp, HoldingProxy, Firm) {
    let table = TestApp::start(Options { dynamodb_endpoint: None, ..options() }).await;
    let proxy = HoldingProxy::to(table.stack.dynamodb_endpoint()).await;
    let options = Options {
        dynamodb_endpoint: Some(proxy.url.clone()),
        table: "held".to_owned(),
        ..options()
    };
    let firm = Firm::on(options).await;
    (table, proxy, firm)
}

#[tokio::test]
async fn who_lost_the_right_while_a_change_ran_changes_nothing() {
    let (_table, proxy, firm) = on_a_holding_proxy().await;
    with_keepers(&firm).await;
    firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let kim = firm.member("kim", "MY_COMPANY", &["keeper"]).await;
    let ada = firm.invited("ada", "MY_COMPANY", &["helper"]).await;
    let activity = ada.track(json!({})).await;
    let entry = ada.entry_of(&activity).await;
    let entry = format!("/activity-streams/{}", entry["id"].as_str().unwrap());
    let failing = json!({ "email": "ada@example.com", "password": "wrong" });
    firm.app.post("/auth/token", failing).await.expect(401);
    let (at, user, session) = (ada.at("MY_COMPANY"), format!("/users/{}", ada.id), &ada.session_id);
    let (drafter, helper) = (format!("{at}/roles/drafter"), format!("{at}/roles/helper"));
    let unlock = format!("{user}/unlock");
    let one = format!("/user-sessions/{session}?user_id={}", ada.id);
    let all = format!("/user-sessions?scope=all&user_id={}", ada.id);
    let invitations = "/organizations/MY_COMPANY/invitations";
    let waits = json!({ "email": "waits@example.com" });
    let waits = firm.root.post(invitations, waits).await.expect(201).text_of("id");
    let invitation = format!("{invitations}/{waits}");
    let resend = format!("{invitation}/resend");
    let role = format!("{}/roles/keeper", kim.at("MY_COMPANY"));
    let service =
        json!({ "kind": "service", "name": "Backup", "organization": "MY_COMPANY", "roles": [] });
    let backup = firm.root.post("/users", &service).await.expect(201).text_of("id");
    let (keys, key) = (
        format!("/users/{backup}/api-keys"),
        json!({ "name": "CI",
        "scopes": ["users.read"] }),
    );
    let key_of_backup = firm.root.post(&keys, &key).await.expect(201).text_of("id");
    let key_of_backup = format!("{keys}/{key_of_backup}");
    let rotate = format!("{key_of_backup}/rotate");
    for call in [
        (Method::POST, "/users", Some(service)),
        (Method::POST, &keys, Some(key)),
        (Method::POST, &rotate, Some(json!({}))),
        (Method::DELETE, &key_of_backup, None),
        (Method::PUT, at.as_str(), Some(json!({ "department": "Tools" }))),
        (Method::PUT, &drafter, Some(json!({}))),
        (Method::DELETE, &helper, None),
        (Method::PATCH, "/organizations/MY_COMPANY", Some(json!({ "description": "Ours" }))),
        (Method::POST, invitations, Some(json!({ "email": "eve@example.com" }))),
        (Method::DELETE, &invitation, None),
        (Method::POST, &resend, Some(json!({}))),
        (Method::PATCH, &entry, Some(json!({ "is_pinned": true }))),
        (Method::PATCH, &user, Some(json!({ "first_name": "Ada" }))),
        (Method::POST, &unlock, None),
        (Method::DELETE, &one, None),
        (Method::DELETE, &all, None),
        (Method::DELETE, &at, None),
    ] {
        deposed(&firm, &proxy, (&kim, &role), call).await;
    }

    let member = firm.root.get(&at).await.expect(200).json();
    assert_eq!(member["department"], Value::Null);
    firm.root.get("/roles/MY_COMPANY:new").await.expect(404);
    ada.get("/me").await.expect(200);
}

#[tokio::test]
async fn who_lost_a_right_of_the_platform_while_a_change_ran_changes_nothing() {
    let (_table, proxy, firm) = on_a_holding_proxy().await;
    with_keepers(&firm).await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    firm.root.post("/modules", json!({ "code": "FREE", "name": "Free" })).await.expect(201);
    let free = json!({ "code": "pid.free", "module": "PID", "name": "Free", "action": "read" });
    firm.root.post("/permissions", free).await.expect(201);
    firm.root.put("/roles/helper/permissions/pid.create", ()).await.expect(201);
    for role in ["keeper", "helper"] {
        firm.root.put(&format!("/roles/{role}/modules/PID"), ()).await.expect(201);
    }
    let lena = firm.member("lena", "PLATFORM", &["keeper"]).await;
    let role = format!("{}/roles/keeper", lena.at("PLATFORM"));
    let off = || Some(json!({ "is_active": false }));
    let permission =
        json!({ "code": "pid.read", "module": "PID", "name": "Read", "action": "read" });
    for call in [
        (Method::POST, "/modules", Some(json!({ "code": "NEW", "name": "New" }))),
        (Method::PATCH, "/modules/PID", off()),
        (Method::POST, "/permissions", Some(permission)),
        (Method::PATCH, "/permissions/pid.create", off()),
        (Method::POST, "/roles", Some(json!({ "code": "new", "name": "New", "level": 6 }))),
        (Method::PATCH, "/roles/drafter", off()),
        (Method::PUT, "/roles/drafter/permissions/pid.create", None),
        (Method::PUT, "/roles/drafter/modules/PID", None),
        (Method::DELETE, "/roles/helper/permissions/pid.create", None),
        (Method::DELETE, "/roles/helper/modules/PID", None),
        (Method::DELETE, "/permissions/pid.free", None),
        (Method::DELETE, "/modules/FREE", None),
        (Method::DELETE, "/roles/drafter", None),
    ] {
        deposed(&firm, &proxy, (&lena, &role), call).await;
    }

    let invited = json!({ "username": "eve", "email": "eve@example.com" });
    let user = format!("/users/{}", ada.id);
    let pending = json!({ "username": "pam", "email": "pam@example.com" });
    let pending = firm.root.post("/users", pending).await.expect(201).text_of("id");
    let again = format!("/users/{pending}/invitation");
    let gone = firm.member("gone", "OTHER", &[]).await.id;
    firm.root.delete(&format!("/users/{gone}")).await.expect(204);
    let (restore, erase) = (format!("/users/{gone}/restore"), format!("/users/{gone}/erase"));
    let zoe = firm.member("zoe", "PLATFORM", &["super_admin"]).await;
    let role = format!("{}/roles/super_admin", zoe.at("PLATFORM"));
    let suspended = || Some(json!({ "status": "suspended" }));
    for call in [
        (Method::POST, "/organizations", Some(json!({ "code": "NEW", "name": "New" }))),
        (Method::POST, "/users", Some(invited)),
        (Method::DELETE, "/organizations/OTHER", None),
        (Method::POST, &again, Some(json!({}))),
        (Method::POST, &restore, Some(json!({}))),
        (Method::POST, &erase, Some(json!({}))),
        (Method::PATCH, &user, suspended()),
        (Method::DELETE, &user, None),
    ] {
        deposed(&firm, &proxy, (&zoe, &role), call).await;
    }
    ada.get("/me").await.expect(200);
    for path in ["/modules/NEW", "/permissions/pid.read", "/roles/new", "/organizations/NEW"] {
        firm.root.get(path).await.expect(404);
    }
    firm.root.get("/organizations/OTHER").await.expect(200);
}

#[tokio::test]
async fn who_lost_a_right_over_own_roles_or_by_one_changes_nothing() {
    let (_table, proxy, firm) = on_a_holding_proxy().await;
    with_keepers(&firm).await;
    firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let kim = firm.member("kim", "MY_COMPANY", &["keeper"]).await;
    let at = firm.member("ada", "MY_COMPANY", &[]).await.at("MY_COMPANY");
    let invitations = "/organizations/MY_COMPANY/invitations";
    let role = format!("{}/roles/keeper", kim.at("MY_COMPANY"));
    let own = |code: &str| {
        Some(json!({ "code": format!("MY_COMPANY:{code}"), "organization": "MY_COMPANY",
            "name": code, "level": 6 }))
    };
    firm.root.post("/roles", own("mine").unwrap()).await.expect(201);
    for call in [
        (Method::POST, "/roles", own("new")),
        (Method::PATCH, "/roles/MY_COMPANY:mine", Some(json!({ "name": "Ours" }))),
        (Method::PUT, "/roles/MY_COMPANY:mine/permissions/users.read", None),
        (Method::DELETE, "/roles/MY_COMPANY:mine", None),
    ] {
        deposed(&firm, &proxy, (&kim, &role), call).await;
    }
    firm.root.get("/roles/MY_COMPANY:new").await.expect(404);
    // Where the right is an own role's, the role loses it.
    let sam = firm.member("sam", "MY_COMPANY", &["MY_COMPANY:mine"]).await;
    let right = "/roles/MY_COMPANY:mine/permissions/users.manage";
    firm.root.put(right, ()).await.expect(201);
    for call in [
        (Method::PUT, at.as_str(), Some(json!({ "department": "Tools" }))),
        (Method::POST, invitations, Some(json!({ "email": "eve@example.com" }))),
        (Method::DELETE, &at, None),
    ] {
        deposed(&firm, &proxy, (&sam, right), call).await;
    }
    let member = firm.root.get(&at).await.expect(200).json();
    assert_eq!(member["department"], Value::Null);
}

#[tokio::test]
async fn who_was_removed_and_comes_back_signs_in_anew() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "OTHER", &[]).await;
    let at = ada.at("OTHER");
    ada.get("/me").await.expect(200);
    let sessions = format!("/user-sessions?user_id={}", ada.id);
    let is_active = async || {
        let page = firm.root.get(&sessions).await.expect(200).json();
        page.items().iter().map(|one| one["is_active"] == true).collect::<Vec<_>>()
    };
    assert_eq!(is_active().await, [true]);
    firm.root.delete(&at).await.expect(204);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    assert_eq!(is_active().await, [false]);
    firm.root.put(&at, json!({})).await.expect(201);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    firm.app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    let again = firm.app.post("/auth/token", credentials("ada", "OTHER")).actor().await;
    again.get("/me").await.expect(200);
    // What moves within a membership ends no session.
    firm.root.put(&at, json!({ "status": "suspended" })).await.expect(200);
    firm.root.put(&at, json!({ "status": "active", "department": "Tools" })).await.expect(200);
    again.get("/me").await.expect(200);
    again.refreshed().await.get("/me").await.expect(200);
}

#[tokio::test]
async fn attack_72_tenants_end_memberships_and_never_accounts() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "OTHER", &["admin"]).await;
    let ada = firm.member("ada", "OTHER", &[]).await;
    let user = format!("/users/{}", ada.id);
    for (method, body) in [
        (Method::DELETE, None),
        (Method::PATCH, Some(json!({ "status": "suspended" }))),
        (Method::PATCH, Some(json!({ "status": "inactive" }))),
    ] {
        boss.request(method, &user).json(body).await.expect_problem(403, "forbidden");
    }
    boss.delete(&ada.at("OTHER")).await.expect(204);
    firm.app.sign_in("ada").await.expect(200);
    // An invitation that waits is the organization's own.
    let eve = json!({ "username": "eve", "email": "eve@example.com", "organization": "OTHER" });
    boss.post("/users", &eve).await.expect_problem(403, "forbidden");
    let eve = firm.root.post("/users", eve).await.expect(201).text_of("id");
    boss.delete(&format!("/users/{eve}")).await.expect(204);
    firm.root.delete(&user).await.expect(204);
    boss.post(&format!("{user}/restore"), ()).await.expect(404);
}
