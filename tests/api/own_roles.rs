//! Roles that an organization has for itself: `organization` of `POST /roles`.

use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, PASSWORD, at_once, partition, token_of};

const AUDITOR: &str = "/roles/MY_COMPANY:auditor";

fn own(organization: &str, code: &str, level: u8) -> Value {
    json!({ "code": format!("{organization}:{code}"), "organization": organization,
        "name": code, "level": level })
}

/// A firm with an administrator of one organization, who made it a role of its own.
async fn with_auditor() -> (Firm, Actor) {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    boss.post("/roles", own("MY_COMPANY", "auditor", 5)).await.expect(201);
    (firm, boss)
}

#[tokio::test]
async fn an_administrator_makes_roles_below_the_own_level_out_of_the_own_permissions() {
    let (firm, boss) = with_auditor().await;
    let role = boss.get(AUDITOR).await.expect(200);
    assert_eq!(role.text_of("organization"), "MY_COMPANY");
    assert_eq!(boss.get("/roles/drafter").await.expect(200).json()["organization"], Value::Null);
    boss.put(&format!("{AUDITOR}/permissions/activities.read"), ()).await.expect(201);
    boss.put(&format!("{AUDITOR}/modules/RBAC"), ()).await.expect(201);
    let lacks = boss.put(&format!("{AUDITOR}/permissions/pid.create"), ()).await;
    lacks.expect_problem(403, "above_your_level");
    for level in [1, 2] {
        let above = boss.post("/roles", own("MY_COMPANY", "chief", level)).await;
        above.expect_problem(403, "above_your_level");
        let above = boss.patch(AUDITOR, json!({ "level": level })).await;
        above.expect_problem(403, "above_your_level");
    }
    // One at the own level is of a super admin.
    firm.root.post("/roles", own("MY_COMPANY", "peer", 2)).await.expect(201);
    let peer = "/roles/MY_COMPANY:peer";
    boss.patch(peer, json!({ "name": "X" })).await.expect_problem(403, "above_your_level");
    boss.delete(peer).await.expect_problem(403, "above_your_level");
    firm.root.delete(peer).await.expect(204);
    let changed = boss.patch(AUDITOR, json!({ "name": "Auditor", "is_active": false })).await;
    assert_eq!(changed.expect(200).text_of("name"), "Auditor");
    boss.delete(AUDITOR).await.expect(204);
    boss.get(AUDITOR).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn what_all_organizations_share_and_other_organizations_roles_stay_as_they_are() {
    let (firm, boss) = with_auditor().await;
    let other = firm.member("rival", "OTHER", &["admin"]).await;
    let helper = firm.member("helper", "MY_COMPANY", &["manager"]).await;
    let shared = json!({ "code": "chief", "name": "X", "level": 6 });
    boss.post("/roles", shared).await.expect_problem(403, "forbidden");
    boss.patch("/roles/drafter", json!({ "name": "X" })).await.expect_problem(403, "forbidden");
    boss.put("/roles/drafter/permissions/users.read", ()).await.expect_problem(403, "forbidden");
    boss.delete("/roles/drafter").await.expect_problem(403, "forbidden");
    helper.post("/roles", own("MY_COMPANY", "mine", 6)).await.expect_problem(403, "forbidden");
    other.post("/roles", own("MY_COMPANY", "spy", 6)).await.expect_problem(404, "not_found");
    for call in [
        other.get(AUDITOR),
        other.patch(AUDITOR, json!({ "name": "X" })),
        other.delete(AUDITOR),
        other.get(&format!("{AUDITOR}/permissions")),
        other.put(&format!("{AUDITOR}/permissions/users.read"), ()),
        other.delete(&format!("{AUDITOR}/permissions/users.read")),
        boss.get("/roles/MY_COMPANY:nothing"),
        boss.patch("/roles/OTHER:nothing", json!({ "name": "X" })),
    ] {
        call.await.expect_problem(404, "not_found");
    }
    for (body, field, code) in [
        (json!({ "code": "OTHER:x", "organization": "MY_COMPANY" }), "code", "not_together"),
        (json!({ "code": "x", "organization": "MY_COMPANY" }), "code", "not_together"),
        (json!({ "code": "my_company:x", "organization": "MY_COMPANY" }), "code", "not_together"),
        (json!({ "code": "MY_COMPANY:x" }), "organization", "required"),
        (json!({ "code": "MY_COMPANY:", "organization": "MY_COMPANY" }), "code", "invalid_code"),
        (json!({ "code": "MY_COMPANY:a:b", "organization": "MY_COMPANY" }), "code", "invalid_code"),
    ] {
        let body = body.with(json!({ "name": "X", "level": 5 }));
        let refused = boss.post("/roles", body).await.expect(422);
        assert_eq!(refused.wrong_fields(), [format!("{field}: {code}")]);
    }
    let long = format!("MY_COMPANY:{}", "x".repeat(64));
    boss.post("/roles", own("MY_COMPANY", &"x".repeat(64), 6)).await.expect(201);
    boss.get(&format!("/roles/{long}")).await.expect(200);
    let taken = boss.post("/roles", own("MY_COMPANY", "AUDITOR", 6)).await;
    taken.expect_problem(409, "code_taken");
    let codes = async |who: &Actor, path: &str| -> Vec<String> {
        let roles = who.all(path).await;
        roles.iter().map(|role| role.text_of("code").to_owned()).collect()
    };
    let has = |codes: &[String]| codes.iter().any(|code| code == "MY_COMPANY:auditor");
    assert!(has(&codes(&boss, "/roles?limit=2").await));
    assert!(codes(&boss, "/roles").await.is_sorted());
    assert!(!has(&codes(&other, "/roles").await) && !has(&codes(&firm.root, "/roles").await));
    assert!(has(&codes(&firm.root, "/roles?organization=MY_COMPANY").await));
    let foreign = other.get("/roles?organization=MY_COMPANY").await;
    foreign.expect_problem(404, "not_found");
    // A code has one spelling, and what is not there has no roles.
    for call in [
        firm.root.get("/roles?organization=my_company"),
        firm.root.get("/roles?organization=NOBODY"),
        firm.root.get("/roles/my_company:auditor"),
        firm.root.patch("/roles/my_company:auditor", json!({ "name": "X" })),
        firm.root.post("/roles", own("my_company", "x", 5)),
        firm.root.post("/roles", own("NOBODY", "x", 5)),
    ] {
        call.await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn an_own_role_is_assigned_there_alone_and_gives_and_takes_at_the_next_call() {
    let (firm, boss) = with_auditor().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    firm.root.put(&ada.at("OTHER"), json!({})).await.expect(201);
    boss.put(&format!("{AUDITOR}/permissions/users.read"), ()).await.expect(201);
    boss.put(&format!("{AUDITOR}/modules/RBAC"), ()).await.expect(201);
    ada.get("/users").await.expect_problem(403, "forbidden");
    let there = format!("{}/roles/MY_COMPANY:auditor", ada.at("MY_COMPANY"));
    boss.put(&there, json!({})).await.expect(201);
    ada.get("/users").await.expect(200);
    assert_eq!(ada.check(json!({ "permission": "users.read" })).await["allowed"], true);
    let asked = json!({ "permission": "users.read", "user_id": ada.id, "organization": "MY_COMPANY",
        "explain": true });
    let explained = firm.root.check(asked).await;
    assert_eq!(explained["allowed"], true, "{explained}");
    let elsewhere = format!("{}/roles/MY_COMPANY:auditor", ada.at("OTHER"));
    firm.root.put(&elsewhere, json!({})).await.expect_problem(404, "not_found");
    let asked = json!({ "permission": "users.read", "user_id": ada.id, "organization": "OTHER" });
    assert_eq!(firm.root.check(asked).await["allowed"], false);
    boss.delete(AUDITOR).await.expect_problem(409, "in_use");
    let named = |list: Value| list.each("username").join(" ");
    for list in ["/users", "/organizations/MY_COMPANY/members"] {
        let found = boss.get(&format!("{list}?role=MY_COMPANY:auditor")).await.expect(200).json();
        assert_eq!(named(found), "ada");
    }
    // Of one that is closed, opening it is all that is wanting.
    firm.root.patch("/organizations/MY_COMPANY", json!({ "is_active": false })).await.expect(200);
    let asked = json!({ "permission": "users.read", "user_id": ada.id, "explain": true,
        "organization": "MY_COMPANY" });
    let explained = firm.root.check(asked).await;
    let blockers: Vec<&str> =
        explained.list_of("blockers").iter().map(|one| one.text_of("code")).collect();
    assert_eq!(blockers, ["organization_inactive"], "{explained}");
    firm.root.patch("/organizations/MY_COMPANY", json!({ "is_active": true })).await.expect(200);
    boss.delete(&format!("{AUDITOR}/permissions/users.read")).await.expect(204);
    ada.get("/users").await.expect_problem(403, "forbidden");
    // A super admin, from where they act.
    firm.root.put(&format!("{AUDITOR}/permissions/users.read"), ()).await.expect(201);
    ada.get("/users").await.expect(200);
    firm.root.patch(AUDITOR, json!({ "is_active": false })).await.expect(200);
    ada.get("/users").await.expect_problem(403, "forbidden");
    firm.root.delete(&there).await.expect(204);
    firm.root.put(&there, json!({})).await.expect(201);
    boss.delete(&there).await.expect(204);
    boss.delete(AUDITOR).await.expect(204);
    boss.put(&there, json!({})).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn an_invitation_comes_with_an_own_role_of_its_organization() {
    let (firm, boss) = with_auditor().await;
    firm.root.post("/roles", own("OTHER", "auditor", 5)).await.expect(201);
    let invite = |who: &Actor, roles: Value| {
        let body = json!({ "email": "eve@example.com", "roles": roles });
        who.post("/organizations/MY_COMPANY/invitations", body)
    };
    for who in [&boss, &firm.root] {
        let foreign = invite(who, json!(["OTHER:auditor"])).await;
        assert_eq!(foreign.expect(422).wrong_fields(), ["roles: unknown_role"]);
    }
    invite(&boss, json!(["MY_COMPANY:auditor", "viewer"])).await.expect(201);
    let mail = firm.app.mails("eve@example.com", 1).await.remove(0);
    let accepted = json!({ "token": token_of(&mail), "username": "eve", "password": PASSWORD });
    let eve: Actor = firm.app.post("/auth/accept-invitation", accepted).actor().await;
    let roles = boss.get(&format!("{}/roles", eve.at("MY_COMPANY"))).await.expect(200).json();
    assert_eq!(roles.each("role"), ["MY_COMPANY:auditor", "viewer"]);
}

#[tokio::test]
async fn own_roles_move_the_catalogues_tag_where_they_are_shown() {
    let (firm, boss) = with_auditor().await;
    let other = firm.member("rival", "OTHER", &["admin"]).await;
    let tags = async || {
        let mut tags = Vec::new();
        for who in [&boss, &other] {
            tags.push(who.get("/catalogue").await.expect(200).header("etag").to_owned());
        }
        tags
    };
    let before = tags().await;
    assert_ne!(before.first(), before.last(), "another organization's is another one");
    boss.put(&format!("{AUDITOR}/permissions/users.read"), ()).await.expect(201);
    let after = tags().await;
    assert_ne!(before.first(), after.first());
    assert_eq!(before.last(), after.last());
    let shown = boss.get("/catalogue").await.expect(200).json();
    let roles = shown.list_of("roles");
    let role = roles.iter().find(|role| role["code"] == "MY_COMPANY:auditor").unwrap();
    assert_eq!(role["permissions"], json!(["users.read"]));
    let known = after.first().unwrap();
    boss.get("/catalogue").header("If-None-Match", known).await.expect(304);
    let foreign = other.get("/catalogue").header("If-None-Match", known).await.expect(200).json();
    assert!(foreign.list_of("roles").iter().all(|role| role["organization"].is_null()));
}

#[tokio::test]
async fn own_roles_go_with_their_organization() {
    let (firm, boss) = with_auditor().await;
    firm.root.delete(&boss.at("MY_COMPANY")).await.expect(204);
    firm.root.delete("/organizations/MY_COMPANY").await.expect(204);
    firm.root.get(AUDITOR).await.expect_problem(404, "not_found");
    let made = json!({ "code": "MY_COMPANY", "name": "Another one" });
    firm.root.post("/organizations", made).await.expect(201);
    firm.root.get(AUDITOR).await.expect_problem(404, "not_found");
    let here = firm.member("here", "MY_COMPANY", &["admin"]).await;
    assert!(here.all("/roles").await.iter().all(|role| role["organization"].is_null()));
    here.post("/roles", own("MY_COMPANY", "auditor", 6)).await.expect(201);
    assert_eq!(here.get(AUDITOR).await.expect(200).json()["level"], 6);
    let ada = firm.member("ada", "MY_COMPANY", &["MY_COMPANY:auditor"]).await;
    firm.app
        .settled(|items| {
            let own =
                |item: &&Value| item["PK"]["S"].as_str().unwrap_or_default().starts_with("ROLES#");
            items.iter().filter(own).count() == 1
        })
        .await;
    here.delete(AUDITOR).await.expect_problem(409, "in_use");
    here.delete(&format!("{}/roles/MY_COMPANY:auditor", ada.at("MY_COMPANY"))).await.expect(204);
    here.delete(AUDITOR).await.expect(204);
}

#[tokio::test]
async fn a_permission_that_is_made_again_is_no_grant_of_an_own_role() {
    let (firm, boss) = with_auditor().await;
    let pid = firm.root.put(&format!("{AUDITOR}/permissions/pid.create"), ()).await;
    pid.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &["MY_COMPANY:auditor"]).await;
    let asked = json!({ "permission": "pid.create" });
    assert_eq!(ada.check(&asked).await["allowed"], true);
    firm.root.delete("/permissions/pid.create").await.expect(204);
    assert_eq!(ada.check(&asked).await["allowed"], false);
    firm.app.advance(1).await;
    let again = json!({ "code": "pid.create", "module": "PID", "name": "X", "action": "create" });
    firm.root.post("/permissions", again).await.expect(201);
    assert_eq!(ada.check(&asked).await["allowed"], false);
    let grants = boss.get(&format!("{AUDITOR}/permissions")).await.expect(200).json();
    assert_eq!(grants["items"], json!([]));
    firm.root.put(&format!("{AUDITOR}/permissions/pid.create"), ()).await.expect(201);
    assert_eq!(ada.check(&asked).await["allowed"], true);
}

#[tokio::test]
async fn an_organization_has_a_hundred_roles_of_its_own_at_most() {
    let (firm, boss) = with_auditor().await;
    for some in (1..100).collect::<Vec<u8>>().chunks(5) {
        for number in some {
            firm.app.advance(1).await;
            let role = own("MY_COMPANY", &format!("r{number}"), 6);
            firm.root.post("/roles", role).await.expect(201);
        }
    }
    let beyond = boss.post("/roles", own("MY_COMPANY", "beyond", 6)).await;
    assert_eq!(beyond.expect(422).wrong_fields(), ["code: too_many"]);
    firm.root.post("/roles", own("OTHER", "first", 6)).await.expect(201);
    let state = partition(&firm.app, "ORG#my_company").await.remove(0);
    let slots = state.as_object().unwrap().keys().filter(|name| name.starts_with("change_"));
    assert_eq!((state["roles_version"]["N"].as_str(), slots.count()), (Some("100"), 8));
}

#[tokio::test]
async fn own_roles_that_are_made_at_once_are_all_there() {
    let (_firm, boss) = with_auditor().await;
    let made = at_once((0..6).map(|n| boss.post("/roles", own("MY_COMPANY", &format!("r{n}"), 6))));
    for response in made.await {
        response.expect(201);
    }
    let roles = boss.all("/roles").await;
    let own = roles.iter().filter(|role| role["organization"] == "MY_COMPANY").count();
    assert_eq!(own, 7);
}
