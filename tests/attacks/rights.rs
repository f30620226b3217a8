//! Attack cases about rights: nobody gives themselves or others more than they have.

use reqwest::Method;
use serde_json::json;

use crate::support::{Actor, Firm, TestApp, both};

#[tokio::test]
async fn attack_31_a_role_above_the_own_level_or_with_a_missing_permission_is_given_to_nobody() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let admin = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    for role in ["super_admin", "drafter"] {
        for target in [&admin, &ada] {
            let at = format!("{}/roles/{role}", target.at("MY_COMPANY"));
            admin.put(&at, json!({})).await.expect_problem(403, "above_your_level");
        }
    }
    let at = format!("{}/roles/viewer", ada.at("MY_COMPANY"));
    admin.put(&at, json!({})).await.expect(201);
    let at = format!("{}/roles/super_admin", ada.at("MY_COMPANY"));
    firm.root.put(&at, json!({})).await.expect_problem(422, "validation_failed");
}

#[tokio::test]
async fn attack_32_no_detour_leads_up() {
    let firm = Firm::new().await;
    let role = json!({ "code": "keeper", "name": "Keeper", "level": 3 });
    firm.root.post("/roles", role).await.expect(201);
    for permission in ["catalog.manage", "users.manage", "roles.assign"] {
        firm.root.put(&format!("/roles/keeper/permissions/{permission}"), ()).await.expect(201);
    }
    let keeper = firm.member("kim", "MY_COMPANY", &["keeper"]).await;
    let librarian = firm.member("lena", "PLATFORM", &["keeper"]).await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let invitation = json!({ "email": "grace@example.com", "roles": ["admin"] });
    let boss_at = boss.at("MY_COMPANY");
    let boss_user = format!("/users/{}", boss.id);
    for (who, method, path, body) in [
        (&librarian, Method::PUT, "/roles/keeper/permissions/pid.create", None),
        (&librarian, Method::PATCH, "/roles/keeper", Some(json!({ "level": 2 }))),
        (&librarian, Method::PATCH, "/roles/admin", Some(json!({ "name": "X" }))),
        (
            &librarian,
            Method::POST,
            "/roles",
            Some(json!({ "code": "king", "name": "King", "level": 1 })),
        ),
        (&keeper, Method::POST, "/organizations/MY_COMPANY/invitations", Some(invitation)),
        (&keeper, Method::PUT, boss_at.as_str(), Some(json!({ "status": "suspended" }))),
        (&keeper, Method::DELETE, boss_at.as_str(), None),
        (&keeper, Method::PATCH, boss_user.as_str(), Some(json!({ "status": "suspended" }))),
        (&keeper, Method::DELETE, boss_user.as_str(), None),
    ] {
        let response = who.request(method.clone(), path).json(body).await;
        assert_eq!(
            (response.status, response.text_of("code").as_str()),
            (403, "above_your_level"),
            "{method} {path}"
        );
    }
    let other = boss.at("OTHER");
    keeper.put(&other, json!({})).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn attack_35_a_right_that_was_taken_away_is_gone_at_the_next_check() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    for _ in 0..3 {
        assert_eq!(ada.check(json!({ "permission": "pid.create" })).await["allowed"], true);
        firm.root.delete("/roles/drafter/permissions/pid.create").await.expect(204);
        assert_eq!(ada.check(json!({ "permission": "pid.create" })).await["allowed"], false);
        firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    }
}

#[tokio::test]
async fn attack_65_a_right_given_in_one_organization_changes_nothing_in_another() {
    let firm = Firm::new().await;
    let role = json!({ "code": "keeper", "name": "Keeper", "level": 2 });
    firm.root.post("/roles", role).await.expect(201);
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    for permission in ["catalog.manage", "users.manage", "roles.assign", "pid.create"] {
        firm.root.put(&format!("/roles/keeper/permissions/{permission}"), ()).await.expect(201);
    }
    let keeper = firm.member("kim", "MY_COMPANY", &["keeper"]).await;
    let theirs = firm.member("olga", "OTHER", &["drafter"]).await;
    let off = || Some(json!({ "is_active": false }));
    let role = json!({ "code": "helper", "name": "Helper", "level": 6 });
    let module = json!({ "code": "NEW", "name": "New" });
    let permission =
        json!({ "code": "pid.read", "module": "PID", "name": "Read", "action": "read" });
    for (method, path, body) in [
        (Method::POST, "/modules", Some(module)),
        (Method::PATCH, "/modules/PID", off()),
        (Method::DELETE, "/modules/PID", None),
        (Method::POST, "/permissions", Some(permission)),
        (Method::PATCH, "/permissions/pid.create", off()),
        (Method::DELETE, "/permissions/pid.create", None),
        (Method::POST, "/roles", Some(role)),
        (Method::PATCH, "/roles/drafter", off()),
        (Method::DELETE, "/roles/drafter", None),
        (Method::PUT, "/roles/drafter/modules/PID", None),
        (Method::DELETE, "/roles/drafter/modules/PID", None),
        (Method::PUT, "/roles/drafter/permissions/users.manage", None),
        (Method::DELETE, "/roles/drafter/permissions/pid.create", None),
    ] {
        let response = keeper.request(method.clone(), path).json(body).await;
        assert_eq!(
            (response.status, response.text_of("code").as_str()),
            (403, "forbidden"),
            "{method} {path}"
        );
    }
    assert_eq!(theirs.check(json!({ "permission": "pid.create" })).await["allowed"], true);
    assert_eq!(keeper.check(json!({ "permission": "catalog.manage" })).await["allowed"], false);
    let librarian = firm.member("lena", "PLATFORM", &["keeper"]).await;
    assert_eq!(librarian.check(json!({ "permission": "catalog.manage" })).await["allowed"], true);
    librarian.patch("/modules/PID", json!({ "name": "Pipes" })).await.expect(200);
}

#[tokio::test]
async fn attack_37_codes_that_only_look_right_are_not_allowed() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let codes =
        ["", "*", "PID.CREATE", "pid.create ", " pid.create", "pid.create\0", "pid.*", "pid"];
    let checks: Vec<_> = codes.iter().map(|code| json!({ "permission": code })).collect();
    for who in [&ada, &firm.root] {
        let results = who.check(json!({ "checks": checks })).await["results"].clone();
        assert_eq!(results, json!(vec![json!({ "allowed": false }); codes.len()]));
    }
}

#[tokio::test]
async fn attack_38_the_last_super_admin_and_ones_own_last_administration_stay() {
    let firm = Firm::new().await;
    let root = firm.root.at("PLATFORM");
    let user = format!("/users/{}", firm.root.id);
    for (method, path, body) in [
        (Method::DELETE, format!("{root}/roles/super_admin"), None),
        (Method::DELETE, root.clone(), None),
        (Method::PUT, root.clone(), Some(json!({ "status": "suspended" }))),
        (Method::PATCH, user.clone(), Some(json!({ "status": "inactive" }))),
        (Method::DELETE, user, None),
    ] {
        firm.root.request(method, &path).json(body).await.expect_problem(409, "last_super_admin");
    }
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let own = format!("{}/roles/admin", boss.at("MY_COMPANY"));
    boss.delete(&own).await.expect_problem(409, "own_last_admin_role");
}

#[tokio::test]
async fn two_super_admins_who_depose_each_other_leave_one() {
    let firm = Firm::new().await;
    let second = firm.member("second", "PLATFORM", &["super_admin"]).await;
    let of = |who: &Actor| format!("{}/roles/super_admin", who.at("PLATFORM"));
    let (first_at, second_at) = (of(&firm.root), of(&second));
    let (a, b) = both(firm.root.delete(&second_at), second.delete(&first_at)).await;
    let done = [&a, &b].iter().filter(|response| response.status == 204).count();
    assert_eq!(done, 1, "{a:?} {b:?}");
}

#[tokio::test]
async fn attack_39_a_user_locked_a_moment_ago_is_refused() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    ada.get("/me").await.expect(200);
    let until = rolecall_domain::clock::Timestamp::from_second(4_000_000_000).unwrap();
    app.alter("ada", |user| user.locked_until = Some(until)).await;
    ada.get("/me").await.expect_problem(401, "unauthenticated");
}
