//! Administrators against one another: the right that went while a call ran, and the last one of an
//! organization.

use std::time::Duration;

use reqwest::Method;
use rolecall_local::Options;
use serde_json::{Value, json};

use crate::support::{
    Actor, Firm, PASSWORD, TestApp, both, credentials, holding_proxy::HoldingProxy, options,
};

/// A role with everything that an administrator of an organization needs.
const RIGHTS: [&str; 10] = [
    "organizations.manage",
    "catalog.manage",
    "users.read",
    "users.manage",
    "roles.assign",
    "roles.manage",
    "access.check",
    "activities.read",
    "sessions.manage",
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
    let ada = firm.member("ada", "MY_COMPANY", &["helper"]).await;
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
    let invited = json!({ "username": "eve", "email": "eve@example.com" });
    let role = format!("{}/roles/keeper", kim.at("MY_COMPANY"));
    for call in [
        (Method::PUT, at.as_str(), Some(json!({ "department": "Tools" }))),
        (Method::PUT, &drafter, Some(json!({}))),
        (Method::DELETE, &helper, None),
        (Method::PATCH, "/organizations/MY_COMPANY", Some(json!({ "description": "Ours" }))),
        (Method::POST, invitations, Some(json!({ "email": "eve@example.com" }))),
        (Method::DELETE, &invitation, None),
        (Method::POST, &resend, Some(json!({}))),
        (Method::PATCH, &user, Some(json!({ "first_name": "Ada" }))),
        (Method::POST, &unlock, None),
        (Method::DELETE, &one, None),
        (Method::DELETE, &all, None),
        (Method::DELETE, &at, None),
    ] {
        deposed(&firm, &proxy, (&kim, &role), call).await;
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
        (Method::DELETE, "/roles/drafter", None),
    ] {
        deposed(&firm, &proxy, (&lena, &role), call).await;
    }

    let zoe = firm.member("zoe", "PLATFORM", &["super_admin"]).await;
    let role = format!("{}/roles/super_admin", zoe.at("PLATFORM"));
    let suspended = || Some(json!({ "status": "suspended" }));
    for call in [
        (Method::POST, "/organizations", Some(json!({ "code": "NEW", "name": "New" }))),
        (Method::POST, "/users", Some(invited)),
        (Method::DELETE, "/organizations/OTHER", None),
        (Method::PATCH, &user, suspended()),
        (Method::DELETE, &user, None),
    ] {
        deposed(&firm, &proxy, (&zoe, &role), call).await;
    }
    ada.get("/me").await.expect(200);
    let member = firm.root.get(&at).await.expect(200).json();
    assert_eq!(member["department"], Value::Null);
    for path in [
        "/modules/NEW",
        "/permissions/pid.read",
        "/roles/new",
        "/roles/MY_COMPANY:new",
        "/organizations/NEW",
    ] {
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
async fn attack_74_two_administrators_at_once_leave_one() {
    let firm = Firm::new().await;
    let [ada, bob] = [
        firm.member("ada", "OTHER", &["admin"]).await,
        firm.member("bob", "OTHER", &["admin"]).await,
    ];
    firm.member("mia", "OTHER", &[]).await;
    for round in 0..50 {
        let against = |other: &Actor| match round % 3 {
            0 => (Method::DELETE, other.at("OTHER"), None),
            1 => (Method::DELETE, format!("{}/roles/admin", other.at("OTHER")), None),
            _ => (Method::PUT, other.at("OTHER"), Some(json!({ "status": "suspended" }))),
        };
        let admins =
            [firm.signed_in_at("ada", "OTHER").await, firm.signed_in_at("bob", "OTHER").await];
        let [first, second] = [(&admins[0], &bob), (&admins[1], &ada)].map(|(who, other)| {
            let (method, path, body) = against(other);
            who.request(method, &path).json(body)
        });
        let (one, two) = both(first, second).await;
        let done = [one.status, two.status].into_iter().filter(|status| *status < 300).count();
        assert_eq!(done, 1, "round {round}: {one:?} {two:?}");
        // So often nobody signs in within a minute.
        firm.app.advance(20).await;
        for who in [&ada, &bob] {
            let at = who.at("OTHER");
            firm.root.put(&at, json!({ "status": "active" })).await;
            firm.root.put(&format!("{at}/roles/admin"), json!({})).await;
        }
    }
}

#[tokio::test]
async fn the_last_administrator_of_an_organization_with_members_stays() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "OTHER", &["admin"]).await;
    let (at, user) = (ada.at("OTHER"), format!("/users/{}", ada.id));
    let role = format!("{at}/roles/admin");
    // Nobody else is there: whoever is alone may go.
    firm.root.delete(&role).await.expect(204);
    firm.root.put(&role, json!({})).await.expect(201);
    let bob = firm.member("bob", "OTHER", &[]).await;
    let until = json!({ "expires_at": "2100-01-01T00:00:00Z" });
    let gone = json!({ "current_password": PASSWORD });
    let last = async || {
        for (method, path, body) in [
            (Method::DELETE, role.as_str(), None),
            (Method::PUT, role.as_str(), Some(until.clone())),
            (Method::PUT, at.as_str(), Some(json!({ "status": "suspended" }))),
            (Method::DELETE, at.as_str(), None),
            (Method::PATCH, user.as_str(), Some(json!({ "status": "suspended" }))),
            (Method::DELETE, user.as_str(), None),
        ] {
            let response = firm.root.request(method.clone(), path).json(body).await;
            assert_eq!(response.text_of("code"), "last_administrator", "{method} {path}");
            assert_eq!(response.status, 409);
        }
        let own = ada.request(Method::DELETE, "/me").json(gone.clone()).await;
        own.expect_problem(409, "last_administrator");
        ada.delete(&role).await.expect_problem(409, "last_administrator");
    };
    last().await;
    // A role for a time, or of somebody who is suspended, does not count.
    let bobs = format!("{}/roles/admin", bob.at("OTHER"));
    firm.root.put(&bobs, until.clone()).await.expect(201);
    last().await;
    firm.root.put(&bobs, json!({})).await.expect(200);
    let suspended = json!({ "status": "suspended" });
    firm.root.put(&bob.at("OTHER"), &suspended).await.expect(200);
    last().await;
    firm.root.put(&bob.at("OTHER"), json!({ "status": "active" })).await.expect(200);
    ada.request(Method::DELETE, "/me").json(gone.clone()).await.expect(204);
}

/// An organization whose role `OTHER:boss` gives its administration.
async fn with_own_boss(firm: &Firm) {
    let boss = json!({ "code": "OTHER:boss", "organization": "OTHER", "name": "Boss", "level": 2 });
    firm.root.post("/roles", boss).await.expect(201);
    for right in ["users.manage", "roles.assign", "users.read"] {
        firm.root.put(&format!("/roles/OTHER:boss/permissions/{right}"), ()).await.expect(201);
    }
    firm.root.put("/roles/OTHER:boss/modules/RBAC", ()).await.expect(201);
}

#[tokio::test]
async fn an_own_role_keeps_giving_the_administration_to_the_last_one() {
    let firm = Firm::new().await;
    with_own_boss(&firm).await;
    let right = "/roles/OTHER:boss/permissions/users.manage";
    let bob = firm.member("bob", "OTHER", &["OTHER:boss"]).await;
    // Whoever is alone may go.
    firm.root.delete(right).await.expect(204);
    firm.root.put(right, ()).await.expect(201);
    let mia = firm.member("mia", "OTHER", &[]).await;
    let off = json!({ "is_active": false });
    firm.root.delete(right).await.expect_problem(409, "last_administrator");
    firm.root.patch("/roles/OTHER:boss", &off).await.expect_problem(409, "last_administrator");
    firm.root.delete(&bob.at("OTHER")).await.expect_problem(409, "last_administrator");
    let gone = json!({ "current_password": PASSWORD });
    let own = bob.request(Method::DELETE, "/me").json(gone).await;
    own.expect_problem(409, "last_administrator");
    // What is no part of the administration may go, and all of it once somebody else has it.
    firm.root.delete("/roles/OTHER:boss/permissions/users.read").await.expect(204);
    firm.root.put(&format!("{}/roles/admin", mia.at("OTHER")), json!({})).await.expect(201);
    firm.root.patch("/roles/OTHER:boss", off).await.expect(200);
    firm.root.delete(&bob.at("OTHER")).await.expect(204);
}

#[tokio::test]
async fn an_own_role_that_loses_a_right_and_the_removal_of_the_other_administrator_leave_one() {
    let firm = Firm::new().await;
    with_own_boss(&firm).await;
    let right = "/roles/OTHER:boss/permissions/users.manage";
    firm.member("bob", "OTHER", &["OTHER:boss"]).await;
    let ada = firm.member("ada", "OTHER", &["admin"]).await;
    let theirs = format!("{}/roles/admin", ada.at("OTHER"));
    firm.member("mia", "OTHER", &[]).await;
    for round in 0..12 {
        let (one, two) = both(firm.root.delete(right), firm.root.delete(&theirs)).await;
        let done = [&one, &two].into_iter().filter(|one| one.status == 204).count();
        assert_eq!(done, 1, "round {round}: {one:?} {two:?}");
        firm.app.advance(20).await;
        firm.root.put(right, ()).await;
        firm.root.put(&theirs, json!({})).await;
    }
}

#[tokio::test]
async fn who_was_removed_and_comes_back_signs_in_anew() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "OTHER", &[]).await;
    let at = ada.at("OTHER");
    ada.get("/me").await.expect(200);
    firm.root.delete(&at).await.expect(204);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
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
