//! API keys: what programs call with.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, OTHER_PASSWORD, at_once, token_of};

/// A key of somebody's own, or of a service account, with what it was made with.
async fn issued(firm: &Firm, by: &Actor, owner: &str, fields: Value) -> Value {
    let body = json!({ "name": "CI", "scopes": ["users.read", "pid.create"] }).with(fields);
    let made = by.post(&format!("/users/{owner}/api-keys"), body).await.expect(201).json();
    firm.app.note(made.text_of("key"));
    made
}

/// Somebody who calls with a key.
fn with(one: &Actor, issued: &Value) -> Actor {
    let mut actor = one.clone();
    issued.text_of("key").clone_into(&mut actor.access);
    actor
}

async fn service(by: &Actor, roles: &[&str]) -> String {
    let body = json!({ "kind": "service", "name": "Backup", "organization": "MY_COMPANY",
        "roles": roles });
    by.post("/users", body).await.expect(201).text_of("id")
}

#[tokio::test]
async fn a_key_does_what_it_names_of_what_its_owner_may_and_is_shown_once() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    firm.root.put("/roles/drafter/modules/PID", ()).await.expect(201);
    let boss = firm.member("boss", "MY_COMPANY", &["admin", "drafter"]).await;
    let made =
        issued(&firm, &boss, "me", json!({ "scopes": ["users.read", "pid.create", "x.y"] })).await;
    let key = made.text_of("key");
    assert!(key.starts_with("rck_") && key.len() == 120, "{key}");
    assert_eq!(
        (made.text_of("organization"), made.text_of("user_id"), &made["last_used_at"]),
        ("MY_COMPANY", &*boss.id, &Value::Null)
    );
    let listed = boss.get("/users/me/api-keys").await.expect(200);
    assert!(!listed.text.contains(key) && listed.text.contains(made.text_of("id")), "{listed:?}");
    assert_eq!(boss.get(&format!("/users/{}/api-keys", boss.id)).await.items(), listed.items());
    let bot = with(&boss, &made);
    bot.get("/users").await.expect(200);
    assert_eq!(bot.get("/me").await.expect(200).text_of("id"), boss.id);
    let invitation = json!({ "email": "x@example.com" });
    bot.post("/organizations/MY_COMPANY/invitations", &invitation)
        .await
        .expect_problem(403, "forbidden");
    boss.post("/organizations/MY_COMPANY/invitations", &invitation).await.expect(201);
    let has = bot.get("/me/permissions").await.expect(200).json();
    let has: Vec<&str> = has.items().iter().map(|one| one.text_of("code")).collect();
    assert_eq!(has, ["pid.create", "users.read"]);
    for (question, allowed) in [
        (json!({ "permission": "pid.create" }), true),
        (json!({ "module": "PID" }), true),
        (json!({ "permission": "users.manage" }), false),
        (json!({ "permission": "x.y" }), false),
    ] {
        assert_eq!(bot.check(&question).await["allowed"], allowed, "{question}");
    }
    let why = json!({ "permission": "users.manage", "explain": true });
    let why = bot.check(why).await;
    assert_eq!(why["blockers"][0]["code"], "not_in_scope", "{why}");
    let records = boss.all("/activities?activity_type=api_key_created").await;
    assert_eq!(records[0]["details"]["key"], made["id"]);
    assert!(!records[0].to_string().contains(&key[70..114]), "{records:?}");
}

#[tokio::test]
async fn what_a_service_account_tracks_is_the_systems_and_says_which_one_it_was() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let backup = service(&boss, &["drafter"]).await;
    let made = issued(&firm, &boss, &backup, json!({ "scopes": ["activities.read"] })).await;
    assert!(made.text_of("key").starts_with("rcs_"), "{made}");
    let bot = with(&boss, &made);
    let tracked = bot.track(json!({ "activity_type": "backup_created" })).await;
    assert_eq!(
        (&tracked["user_id"], &tracked["username"], &tracked["service_id"]),
        (&Value::Null, &Value::Null, &json!(backup))
    );
    assert_eq!(
        (&tracked["session_id"], tracked.text_of("organization")),
        (&made["id"], "MY_COMPANY")
    );
    let batch = json!({ "activities": [{ "activity_type": "backup_created", "description": "x",
        "category": "maintenance" }] });
    bot.post("/activities/batch", batch).await.expect(200);
    let found = boss.all("/activities?activity_type=backup_created").await;
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|one| one["service_id"] == backup.as_str()), "{found:?}");
    // Its own call was noted.
    let used = boss.get(&format!("/users/{backup}/api-keys")).await.items();
    assert!(used[0]["last_used_at"].is_string(), "{used:?}");
    // What was asked for later is there.
    firm.app.post("/auth/password-reset", json!({ "email": "boss@example.com" })).await.expect(202);
    firm.app.mail_to("boss@example.com", "Choose a new password for Rolecall").await;
    let mails = firm.app.all_mails().await;
    assert!(!mails.iter().any(|mail| mail.to_string().contains(".invalid")), "{mails:?}");
}

#[tokio::test]
async fn nobody_gives_a_program_what_they_lack_and_people_make_their_own_keys() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let backup = service(&boss, &["admin"]).await;
    let keys = format!("/users/{backup}/api-keys");
    let body = |scope: &str| json!({ "name": "CI", "scopes": [scope] });
    boss.post(&keys, body("catalog.manage")).await.expect_problem(403, "above_your_level");
    boss.post(&keys, body("users.read")).await.expect(201);
    let of_ada = format!("/users/{}/api-keys", ada.id);
    boss.post(&of_ada, body("users.read")).await.expect_problem(403, "forbidden");
    firm.root.post(&of_ada, body("users.read")).await.expect_problem(403, "forbidden");
    ada.get(&keys).await.expect_problem(403, "forbidden");
    let made = issued(&firm, &ada, "me", json!({})).await;
    let one = format!("{of_ada}/{}", made.text_of("id"));
    let rotate = format!("{one}/rotate");
    boss.post(&rotate, ()).await.expect_problem(403, "forbidden");
    let eve = firm.member("eve", "OTHER", &["admin"]).await;
    for path in [&of_ada, &keys] {
        eve.get(path).await.expect_problem(404, "not_found");
        eve.post(path, body("users.read")).await.expect_problem(404, "not_found");
    }
    eve.delete(&one).await.expect_problem(404, "not_found");
    // A key for another organization is not this one's to see.
    firm.root.put(&ada.at("OTHER"), json!({})).await.expect(201);
    let elsewhere = firm.signed_in_at("ada", "OTHER").await;
    let other = issued(&firm, &elsewhere, "me", json!({})).await;
    assert_eq!(boss.get(&of_ada).await.items().len(), 1);
    boss.delete(&format!("{of_ada}/{}", other.text_of("id")))
        .await
        .expect_problem(404, "not_found");
    with(&ada, &made).get("/me").await.expect(200);
    boss.delete(&one).await.expect(204);
    boss.delete(&one).await.expect_problem(404, "not_found");
    with(&ada, &made).get("/me").await.expect_problem(401, "unauthenticated");
    with(&ada, &other).get("/me").await.expect(200);
    let nowhere = firm.app.signed_in("nora").await;
    nowhere.post("/users/me/api-keys", body("users.read")).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_key_opens_nothing_of_how_its_owner_gets_in() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let made =
        issued(&firm, &boss, "me", json!({ "scopes": ["keys.manage", "sessions.manage"] })).await;
    let bot = with(&boss, &made);
    let own = format!("/users/me/api-keys/{}", made.text_of("id"));
    for (method, path) in [
        (Method::POST, "/auth/password-change"),
        (Method::POST, "/auth/email-change"),
        (Method::POST, "/auth/email-change/confirm"),
        (Method::POST, "/auth/switch-organization"),
        (Method::PATCH, "/me"),
        (Method::DELETE, "/me"),
        (Method::POST, "/me/invitations/0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b/accept"),
        (Method::POST, "/me/invitations/0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b/decline"),
        (Method::GET, "/users/me/api-keys"),
        (Method::POST, "/users/me/api-keys"),
        (Method::POST, &format!("{own}/rotate")),
        (Method::DELETE, &own),
    ] {
        let refused = bot.request(method.clone(), path).json(json!({})).await;
        assert_eq!(
            (refused.status, refused.text_of("code").as_str()),
            (403, "key_not_allowed"),
            "{method} {path}"
        );
    }
    bot.get("/user-sessions").await.expect_problem(403, "forbidden");
    bot.delete("/user-sessions?scope=all").await.expect_problem(403, "forbidden");
    boss.get("/me").await.expect(200);
}

#[tokio::test]
async fn two_secrets_of_a_key_are_good_while_it_is_rotated_and_a_key_ends() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let first = issued(&firm, &boss, "me", json!({ "expires_in_days": 2 })).await;
    let rotate = format!("/users/me/api-keys/{}/rotate", first.text_of("id"));
    let wrong = boss.post(&rotate, json!({ "overlap_seconds": 604_801 })).await.expect(422);
    assert_eq!(wrong.wrong_fields(), ["overlap_seconds: out_of_range"]);
    let again = boss.post(&rotate, json!({ "overlap_seconds": 3600 }));
    let again = again.header("Idempotency-Key", "rotate-1").await.expect(201).json();
    firm.app.note(again.text_of("key"));
    let replayed = boss.post(&rotate, json!({ "overlap_seconds": 3600 }));
    let replayed = replayed.header("Idempotency-Key", "rotate-1").await.expect(201).json();
    assert_eq!((&again["id"], &again), (&first["id"], &replayed));
    assert!(again["former_until"].is_string() && again["key"] != first["key"]);
    let good = async |keys: &[(&Value, u16)]| {
        for (key, status) in keys {
            with(&boss, key).get("/me").await.expect(*status);
        }
    };
    good(&[(&first, 200), (&again, 200)]).await;
    firm.app.advance(3600).await;
    let boss = boss.refreshed().await;
    good(&[(&first, 401), (&again, 200)]).await;
    let third = boss.post(&rotate, ()).await.expect(201).json();
    firm.app.note(third.text_of("key"));
    good(&[(&again, 401), (&third, 200)]).await;
    firm.app.advance(2 * 86_400 - 1).await;
    good(&[(&third, 200)]).await;
    firm.app.advance(1).await;
    good(&[(&third, 401)]).await;
    let boss = boss.refreshed().await;
    assert!(boss.get("/users/me/api-keys").await.expect(200).items().is_empty());
    boss.post(&rotate, ()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn an_owner_has_ten_living_keys_whatever_is_asked_at_once() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ask = |n: u32| {
        let body = json!({ "name": format!("CI {n}"), "scopes": ["users.read"] });
        boss.post("/users/me/api-keys", body).header("Idempotency-Key", format!("make-{n}"))
    };
    let mut answers = Vec::new();
    for n in 0..6 {
        answers.push(ask(n).await.expect(201));
    }
    answers.extend(at_once((6..14).map(ask)).await);
    let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|one| one.status == 201);
    assert_eq!((made.len(), refused.len()), (10, 4), "{answers:?}");
    for one in refused {
        assert_eq!((one.status, one.text_of("code").as_str()), (409, "limit_reached"));
    }
    // Whose answer was lost asks again, and gets that very key.
    for (n, first) in (0..14).zip(&answers).filter(|(_, one)| one.status == 201) {
        assert_eq!(ask(n).await.expect(201).json(), first.json());
    }
    let keys = boss.get("/users/me/api-keys").await.items();
    assert_eq!(keys.len(), 10);
    boss.delete(&format!("/users/me/api-keys/{}", keys[3].text_of("id"))).await.expect(204);
    ask(20).await.expect(201);
    ask(21).await.expect_problem(409, "limit_reached");
}

#[tokio::test]
async fn a_key_at_its_caps_is_taken_and_one_more_is_not() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let body = |scopes: usize, networks: usize| {
        let scopes: Vec<String> = (0..scopes).map(|n| format!("m{n}.{}", "x".repeat(50))).collect();
        let networks: Vec<String> = (0..networks).map(|n| format!("2001:db8:{n}::/48")).collect();
        json!({ "name": "x".repeat(100), "scopes": scopes, "networks": networks,
            "expires_in_days": 365 })
    };
    let made = boss.post("/users/me/api-keys", body(50, 20)).await.expect(201).json();
    assert_eq!(
        (made["scopes"].as_array().unwrap().len(), &made["networks"][0]),
        (50, &json!("2001:db8::/48"))
    );
    for (wrong, field) in [
        (body(51, 0), "scopes"),
        (body(0, 0), "scopes"),
        (body(1, 21), "networks"),
        (body(1, 0).with(json!({ "networks": ["10.0.0.0/33"] })), "networks[0]"),
        (body(1, 0).with(json!({ "expires_in_days": 366 })), "expires_in_days"),
        (body(1, 0).with(json!({ "expires_in_days": 0 })), "expires_in_days"),
        (body(1, 0).with(json!({ "name": "" })), "name"),
    ] {
        let refused = boss.post("/users/me/api-keys", wrong).await.expect(422);
        assert!(refused.wrong_fields()[0].starts_with(field), "{refused:?}");
    }
}

#[tokio::test]
async fn whoever_finds_a_key_ends_it_and_nobody_is_told_whether_it_was_one() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let [one, other] =
        [issued(&firm, &boss, "me", json!({})).await, issued(&firm, &boss, "me", json!({})).await];
    let altered = one.text_of("key").replace("rck_", "rcs_");
    for wrong in ["x", "rck_", &altered, &one.text_of("key")[..119]] {
        firm.app.post("/auth/api-key/revoke", json!({ "key": wrong })).await.expect(204);
    }
    with(&boss, &one).get("/me").await.expect(200);
    for _ in 0..2 {
        let key = json!({ "key": one["key"] });
        firm.app.post("/auth/api-key/revoke", key).await.expect(204);
    }
    with(&boss, &one).get("/me").await.expect(401);
    with(&boss, &other).get("/me").await.expect(200);
    let records = boss.all("/activities?activity_type=api_key_revoked").await;
    assert_eq!(records.len(), 1);
    assert_eq!(
        (&records[0]["user_id"], records[0].text_of("subject_id")),
        (&Value::Null, &*boss.id)
    );
}

#[tokio::test]
async fn the_owner_or_who_made_it_is_told_a_week_before_a_key_ends_and_once() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let backup = service(&boss, &[]).await;
    let of_backup = json!({ "expires_in_days": 8, "scopes": ["users.read"] });
    issued(&firm, &boss, &backup, of_backup).await;
    issued(&firm, &ada, "me", json!({ "expires_in_days": 8, "name": "Ada's" })).await;
    let gone = issued(&firm, &ada, "me", json!({ "expires_in_days": 8, "name": "Gone" })).await;
    let turned = issued(&firm, &ada, "me", json!({ "expires_in_days": 8, "name": "Turned" })).await;
    ada.delete(&format!("/users/me/api-keys/{}", gone.text_of("id"))).await.expect(204);
    let at = json!({ "time": "2026-11-23T09:30:00Z" });
    let run = async || firm.app.post("/_local/schedule/remind_key_owners", at.clone()).await;
    assert_eq!(run().await.expect(200).json()["told"], 0);
    firm.app.advance(3600).await;
    let ada = ada.refreshed().await;
    let rotate = format!("/users/me/api-keys/{}/rotate", turned.text_of("id"));
    ada.post(&rotate, ()).await.expect(201);
    firm.app.advance(86_400 - 3600).await;
    let told = run().await.expect(200).json();
    assert_eq!((&told["told"], &told["moot"]), (&json!(2), &json!(0)), "{told}");
    for name in ["boss", "ada"] {
        firm.app
            .mail_to(&format!("{name}@example.com"), "An API key at Rolecall ends in a week")
            .await;
    }
    assert_eq!(run().await.expect(200).json(), json!({ "told": 0, "moot": 0, "failed": 0 }));
    firm.app.advance(3600).await;
    assert_eq!(run().await.expect(200).json()["told"], 1);
}

#[tokio::test]
async fn keys_of_whoever_typed_an_address_end_when_its_owner_proves_it() {
    let firm = Firm::new().await;
    let thief = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let made = issued(&firm, &thief, "me", json!({})).await;
    with(&thief, &made).get("/me").await.expect(200);
    let email = json!({ "email": "ada@example.com" });
    firm.app.post("/auth/password-reset", email).await.expect(202);
    let reset = firm.app.mail_to("ada@example.com", "Choose a new password for Rolecall").await;
    let token = token_of(&reset);
    firm.app.note(&token);
    let confirm = json!({ "token": token, "new_password": OTHER_PASSWORD });
    firm.app.post("/auth/password-reset/confirm", confirm).await.expect(204);
    with(&thief, &made).get("/me").await.expect(401);
    // What the owner makes is good, and outlives the next password.
    let owner = json!({ "email": "ada@example.com", "password": OTHER_PASSWORD,
        "organization": "MY_COMPANY" });
    let owner = firm.app.post("/auth/token", owner).actor().await;
    let own = issued(&firm, &owner, "me", json!({})).await;
    let change =
        json!({ "current_password": OTHER_PASSWORD, "new_password": "violet-mosaic-17-x" });
    owner.post("/auth/password-change", change).await.expect(204);
    with(&owner, &own).get("/me").await.expect(200);
}
