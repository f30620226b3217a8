//! API keys in the wrong hands.

use rolecall_domain::clock::{Clock, SignedDuration, SystemClock};
use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, TestApp};

async fn issued(by: &Actor, owner: &str, fields: Value) -> String {
    let body = json!({ "name": "CI", "scopes": ["users.read"] }).with(fields);
    by.post(&format!("/users/{owner}/api-keys"), body).await.expect(201).text_of("key")
}

/// With the right check: CRC-32 (ISO 3309) of what stands before it.
fn checked(told: String) -> String {
    let mut check = String::new();
    let mut rest = crc32fast::hash(told.as_bytes());
    for _ in 0..6 {
        let digit = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
            [usize::try_from(rest % 62).unwrap()];
        check.insert(0, char::from(digit));
        rest /= 62;
    }
    told + &check
}

#[tokio::test]
async fn attack_96_a_key_is_no_better_than_its_owner_its_network_and_every_digit_of_it() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &["manager"]).await;
    let key = issued(&ada, "me", json!({})).await;
    let users = async |key: &str| firm.app.get("/users").bearer(key).await;
    users(&key).await.expect(200);
    // The right is taken away, on the very next call.
    let role = format!("{}/roles/manager", ada.at("MY_COMPANY"));
    boss.delete(&role).await.expect(204);
    users(&key).await.expect_problem(403, "forbidden");
    boss.put(&role, json!({})).await.expect(201);
    users(&key).await.expect(200);
    // Its owner is suspended: in the organization, and everywhere.
    for (path, is, was) in [
        (ada.at("MY_COMPANY"), json!({ "status": "suspended" }), json!({ "status": "active" })),
        (
            format!("/users/{}", ada.id),
            json!({ "status": "suspended" }),
            json!({ "status": "active" }),
        ),
    ] {
        let write = async |body: &Value| {
            let is_member = path.contains("members");
            let call =
                if is_member { firm.root.put(&path, body) } else { firm.root.patch(&path, body) };
            call.await.expect(200);
        };
        write(&is).await;
        users(&key).await.expect_problem(401, "unauthenticated");
        write(&was).await;
        users(&key).await.expect(200);
    }
    // It comes from another network.
    let ada = firm.signed_in_at("ada", "MY_COMPANY").await;
    let near = issued(&ada, "me", json!({ "networks": ["127.0.0.7/32", "2001:db8::/32"] })).await;
    users(&near).await.expect_problem(401, "unauthenticated");
    firm.app.get("/users").bearer(&near).sent_from("127.0.0.7").await.expect(200);
    let claimed = firm.app.get("/users").bearer(&near).header("X-Forwarded-For", "127.0.0.7");
    claimed.await.expect_problem(401, "unauthenticated");
    // Where its owner's ways in are.
    firm.app.get("/users/me/api-keys").bearer(&key).await.expect_problem(403, "key_not_allowed");
    // The check is right and the secret, the kind, the owner, the key or the place is not; cut
    // short; with more.
    assert_eq!(checked(key[..114].to_owned()), key);
    let other = |from: usize, to: usize| {
        checked(format!("{}{}{}", &key[..from], "1".repeat(to - from), &key[to..114]))
    };
    for wrong in [
        other(70, 114),
        checked(key[..114].replace("rck_", "rcs_")),
        other(4, 26),
        other(26, 48),
        other(48, 70),
        key[..119].to_owned(),
        format!("{key}0"),
        "rck_".to_owned(),
        "rck_".repeat(30),
    ] {
        let refused = users(&wrong).await.expect_problem(401, "unauthenticated");
        assert!(refused.header("www-authenticate").contains("invalid_token"), "{refused:?}");
    }
    // Deleted with its owner, whose membership begins anew without it.
    boss.delete(&ada.at("MY_COMPANY")).await.expect(204);
    users(&key).await.expect_problem(401, "unauthenticated");
    firm.root.put(&ada.at("MY_COMPANY"), json!({})).await.expect(201);
    boss.put(&role, json!({})).await.expect(201);
    users(&key).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_key_of_a_super_admin_is_no_super_admin() {
    let firm = Firm::new().await;
    let root = firm.root.clone();
    let scopes = [
        "catalog.manage",
        "users.manage",
        "organizations.manage",
        "roles.assign",
        "roles.manage",
        "activities.read",
        "pid.create",
    ];
    let key = issued(&root, "me", json!({ "scopes": scopes })).await;
    let mut bot = root.clone();
    bot.access = key;
    bot.post("/modules", json!({ "code": "QHSE", "name": "Quality" })).await.expect(201);
    bot.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let seal = json!({ "code": "pid.seal", "module": "PID", "name": "Seal", "action": "approve" });
    bot.post("/permissions", seal).await.expect(201);
    let seal = "/roles/drafter/permissions/pid.seal";
    bot.put(seal, ()).await.expect_problem(403, "above_your_level");
    bot.get("/organizations/MY_COMPANY").await.expect_problem(404, "not_found");
    bot.get("/activities?organization=MY_COMPANY").await.expect_problem(403, "forbidden");
    bot.get("/activities?organization=*").await.expect_problem(403, "forbidden");
    let ada = firm.member("ada", "PLATFORM", &[]).await;
    let super_admin = format!("{}/roles/super_admin", ada.at("PLATFORM"));
    bot.put(&super_admin, json!({})).await.expect_problem(403, "above_your_level");
    let person = json!({ "username": "grace", "email": "grace@example.com" });
    bot.post("/users", person).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_key_of_an_account_of_two_organizations_acts_where_its_maker_is() {
    let firm = Firm::new().await;
    let other = firm.member("boss", "OTHER", &["admin"]).await;
    let ours = firm.member("chief", "MY_COMPANY", &["admin"]).await;
    // A service user with an address, as `setup` makes it, may belong to several.
    let bot = json!({ "username": "bot", "email": "bot@example.com" });
    let setup = json!({ "time": "2026-11-23T09:30:00Z", "service_users": [bot.with(json!({
        "memberships": [{ "organization": "MY_COMPANY", "roles": ["admin"] },
            { "organization": "OTHER", "roles": ["admin"] }] }))] });
    firm.app.post("/_local/schedule/setup", setup).await.expect(200);
    let token = firm.app.mailed_token("bot@example.com", 1).await;
    let confirm = json!({ "token": token, "new_password": crate::support::PASSWORD });
    firm.app.post("/auth/password-reset/confirm", confirm).await.expect(204);
    let bot = ours.all("/users?username=bot").await[0].text_of("id").to_owned();
    let keys = format!("/users/{bot}/api-keys");
    let order = json!({ "name": "x", "scopes": ["users.read"] });
    let made = other.post(&keys, &order).await.expect(201).json();
    assert_eq!(made["organization"], "OTHER");
    let seen = firm.app.get("/users").bearer(made.text_of("key")).await.expect(200).items();
    assert!(seen.iter().all(|one| one["username"] != "chief"), "{seen:?}");
    assert!(ours.get(&keys).await.expect(200).items().is_empty());
    // A super admin has to say where: there is more than one place.
    firm.root.post(&keys, &order).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_key_asks_of_itself_where_it_acts_and_nowhere_else() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    firm.root.put(&ada.at("OTHER"), json!({})).await.expect(201);
    let drafter = format!("{}/roles/drafter", ada.at("OTHER"));
    firm.root.put(&drafter, json!({})).await.expect(201);
    let ask = json!({ "permission": "pid.create", "organization": "OTHER" });
    assert_eq!(ada.check(&ask).await["allowed"], true);
    for who in [&ada, &firm.root] {
        let mut bot = who.clone();
        bot.access = issued(who, "me", json!({ "scopes": ["pid.create"] })).await;
        assert_eq!(bot.check(&ask).await["allowed"], false);
        assert_eq!(bot.check(json!({ "permission": "pid.create" })).await["allowed"], true);
    }
}

#[tokio::test]
async fn a_key_that_changes_people_does_not_take_their_roles_by_another_address() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let pending = json!({ "username": "pam", "email": "pam@example.com",
        "organization": "MY_COMPANY", "role": "admin" });
    let pending = firm.root.post("/users", pending).await.expect(201).text_of("id");
    let user = format!("/users/{pending}");
    let mut bot = boss.clone();
    bot.access = issued(&boss, "me", json!({ "scopes": ["users.manage"] })).await;
    let other = json!({ "email": "eve@example.com" });
    bot.patch(&user, &other).await.expect_problem(403, "above_your_level");
    bot.patch(&user, json!({ "first_name": "Pam" })).await.expect(200);
    boss.patch(&user, &other).await.expect(200);
}

#[tokio::test]
async fn whose_rights_end_gives_no_key_that_lasts_longer() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let temp = firm.member("temp", "MY_COMPANY", &[]).await;
    let soon = json!({ "expires_at": "2099-01-01T00:00:00Z" });
    let role = format!("{}/roles/admin", temp.at("MY_COMPANY"));
    firm.root.put(&role, &soon).await.expect(201);
    let body = json!({ "kind": "service", "name": "x", "roles": ["viewer", "viewer"] });
    let service = boss.post("/users", body).await.expect(201).json();
    assert_eq!(service["memberships"][0]["roles"], json!(["viewer"]), "each once");
    let keys = format!("/users/{}/api-keys", service.text_of("id"));
    let order = json!({ "name": "x", "scopes": ["users.read"], "expires_in_days": 365 });
    temp.post(&keys, &order).await.expect(201);
    let tomorrow = (SystemClock.now() + SignedDuration::from_hours(24)).to_string();
    firm.root.put(&role, json!({ "expires_at": tomorrow })).await.expect(200);
    temp.post(&keys, &order).await.expect_problem(403, "above_your_level");
    let rotate = format!("{keys}/{}/rotate", temp.get(&keys).await.items()[0].text_of("id"));
    temp.post(&rotate, ()).await.expect_problem(403, "above_your_level");
}

#[tokio::test]
async fn a_program_is_no_administrator_who_stays() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    firm.member("ada", "MY_COMPANY", &[]).await;
    let body = json!({ "kind": "service", "name": "x", "roles": ["admin"] });
    boss.post("/users", body.clone()).await.expect(201);
    let leave = json!({ "current_password": crate::support::PASSWORD });
    let stays = boss.delete("/me").json(&leave).await;
    stays.expect_problem(409, "last_administrator");
    let platform = body.with(json!({ "organization": "PLATFORM", "roles": [] }));
    let service = firm.root.post("/users", platform).await.expect(201).text_of("id");
    let role = format!("/organizations/PLATFORM/members/{service}/roles/super_admin");
    let refused = firm.root.put(&role, json!({})).await.expect(422);
    assert_eq!(refused.wrong_fields(), ["role: not_possible"]);
    // Whoever is alone with a program may go.
    let lone = firm.member("lone", "OTHER", &["admin"]).await;
    let body = json!({ "kind": "service", "name": "x", "roles": ["admin"] });
    lone.post("/users", body).await.expect(201);
    lone.delete("/me").json(&leave).await.expect(204);
}

#[tokio::test]
async fn keys_that_open_nothing_any_more_are_gone() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    for _ in 0..10 {
        issued(&ada, "me", json!({})).await;
    }
    let keys = format!("/users/{}/api-keys", ada.id);
    let dead = boss.get(&keys).await.expect(200).items()[0].text_of("id").to_owned();
    boss.delete(&ada.at("MY_COMPANY")).await.expect(204);
    firm.root.put(&ada.at("MY_COMPANY"), json!({})).await.expect(201);
    assert!(boss.get(&keys).await.expect(200).items().is_empty());
    let ada = firm.signed_in_at("ada", "MY_COMPANY").await;
    let rotate = format!("/users/me/api-keys/{dead}/rotate");
    ada.post(&rotate, ()).await.expect_problem(404, "not_found");
    issued(&ada, "me", json!({})).await;
}

#[tokio::test]
async fn a_restored_account_has_no_keys_of_before() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["admin"]).await;
    firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let key = issued(&ada, "me", json!({})).await;
    let users = async || firm.app.get("/users").bearer(&key).await;
    users().await.expect(200);
    let user = format!("/users/{}", ada.id);
    firm.root.delete(&user).await.expect(204);
    users().await.expect(401);
    firm.root.post(&format!("{user}/restore"), ()).await.expect(200);
    users().await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn one_idempotency_key_for_two_keys_is_two_answers() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let mut secrets = Vec::new();
    issued(&ada, "me", json!({})).await;
    issued(&ada, "me", json!({})).await;
    for key in ada.get("/users/me/api-keys").await.expect(200).items() {
        let rotate = format!("/users/me/api-keys/{}/rotate", key.text_of("id"));
        let rotated = ada.post(&rotate, ()).header("Idempotency-Key", "rotate-all");
        let rotated = rotated.await.expect(201).json();
        assert_eq!(rotated["id"], key["id"]);
        secrets.push(rotated.text_of("key").to_owned());
    }
    assert_ne!(secrets[0], secrets[1]);
    firm.app.mail_to("ada@example.com", "An API key of yours at Rolecall has a new secret").await;
}

#[tokio::test]
async fn keys_that_are_none_count_for_their_network() {
    let app = TestApp::with_settings(&[("ROLECALL_NETWORK_FAILURES", "5")]).await;
    let revoke = || app.post("/auth/api-key/revoke", json!({ "key": "rck_x" }));
    let mut counted = 0;
    while revoke().await.status == 204 {
        counted += 1;
        assert!(counted <= 12, "twice five where a minute passes meanwhile");
    }
    revoke().await.expect_problem(429, "too_many_requests");
    revoke().sent_from("127.0.0.77").await.expect(204);
}
