//! Everything that happens to accounts and sessions is recorded, under the names of OWASP's Logging
//! Vocabulary.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use reqwest::Method;
use rolecall_crypto::{Cost, PasswordPool};
use rolecall_domain::{
    activity::{Event, PendingEvents},
    clock::SystemClock,
    ids::Id,
    ports::{AccountStore, NewAccount},
    rng::SystemRng,
};
use serde_json::{Value, json};

use crate::support::{
    Actor, Json, OTHER_PASSWORD, PASSWORD, TestApp, ask_dynamodb, items, table_of, token_of,
};

/// What nobody who calls brings about.
const OF_THE_SYSTEM: [Event; 5] = [
    Event::EverythingEnded,
    Event::KeysRotated,
    Event::MailFailed,
    Event::UserImported,
    Event::InvitationRequested,
];
/// What may concern nobody that is known.
const OF_NOBODY: [Event; 5] = [
    Event::SignUp,
    Event::VerificationRequested,
    Event::RateLimit,
    Event::KeysRotated,
    Event::EverythingEnded,
];

/// One life of an account, with everything that can go wrong in it.
async fn live(app: &TestApp) {
    let ada = app.signed_in("ada").await;
    ada.patch("/me", json!({ "first_name": "Ada" })).await.expect(200);
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(401);
    let stolen = app.sign_in("ada").actor().await;
    let used = stolen.refreshed().await;
    used.get("/me").await.expect(200);
    app.advance(11).await;
    app.refresh(&stolen.refresh).await.expect(401);
    let other = app.sign_in("ada").actor().await;
    let body = json!({ "refresh": other.refresh });
    app.post("/auth/token/revoke", &body).await.expect(204);
    app.refresh(&other.refresh).await.expect(401);
    app.post("/auth/password-reset", json!({ "email": "ada@example.com" })).await.expect(202);
    change(app, &ada).await;
    prove(app).await;
    let gone = app.signed_in("gone").await;
    let wish = json!({ "new_email": "far@example.com", "current_password": PASSWORD });
    gone.post("/auth/email-change", wish).await.expect(202);
    let mail =
        app.mail_to("gone@example.com", "Request to change your email address at Rolecall").await;
    app.post("/auth/email-change/undo", json!({ "token": token_of(&mail) })).await.expect(204);
    for (password, status) in [(OTHER_PASSWORD, 422), (PASSWORD, 204)] {
        let body = json!({ "current_password": password });
        gone.delete("/me").json(body).await.expect(status);
    }
}

/// An account of the mode `open`, whose address is proven later.
async fn prove(app: &TestApp) {
    let store = crate::contracts::store_of(app);
    let user = crate::contracts::user("una");
    let pool = PasswordPool::with_cost(Cost { memory_kib: 8, passes: 1 }, Arc::new(SystemRng));
    let hash = pool.hash_password(PASSWORD).await.unwrap();
    let account = NewAccount::new(user.clone(), Some(hash));
    let (now, write) = (user.created_at, Id::new(&SystemClock, &SystemRng));
    let events = PendingEvents::none();
    store.create_account(&account, &events, None, now, write).await.unwrap();
    let email = json!({ "email": "una@example.com" });
    app.post("/auth/verify-email/resend", email).await.expect(202);
    let token = app.mailed_token("una@example.com", 1).await;
    app.verify(&token, OTHER_PASSWORD).await.expect(401);
    app.verify(&token, PASSWORD).await.expect(204);
}

async fn change(app: &TestApp, ada: &Actor) {
    let password =
        |current: &str| json!({ "current_password": current, "new_password": OTHER_PASSWORD });
    ada.post("/auth/password-change", password("granite-harbour-violin-7")).await.expect(422);
    ada.post("/auth/password-change", password(PASSWORD)).await.expect(204);
    let email = |n: u32, current: &str| {
        json!({ "current_password": current,
        "new_email": format!("ada{n}@example.com") })
    };
    ada.post("/auth/email-change", email(1, PASSWORD)).await.expect(422);
    for n in 1..=3 {
        ada.post("/auth/email-change", email(n, OTHER_PASSWORD)).await.expect(202);
    }
    ada.post("/auth/email-change", email(4, OTHER_PASSWORD)).await.expect(429);
    let token = app.mailed_token("ada3@example.com", 1).await;
    ada.post("/auth/email-change/confirm", json!({ "token": token })).await.expect(204);
    let mail = app.mail_to("ada@example.com", "Your email address at Rolecall was changed").await;
    let undo = json!({ "token": token_of(&mail) });
    app.post("/auth/email-change/undo", undo).await.expect(204);
}

/// Makes, changes and unmakes one of everything; answers who was erased.
async fn administer(app: &TestApp) -> String {
    let admin = app.admin().await;
    let send = async |method: Method, path: &str, body: Value, status: u16| {
        admin.request(method, path).json(body).await.expect(status)
    };
    for (list, one) in [
        ("/organizations", json!({ "code": "ACME", "name": "Acme" })),
        ("/modules", json!({ "code": "PID", "name": "Piping" })),
        (
            "/permissions",
            json!({ "code": "pid.create", "module": "PID", "name": "Create", "action": "create" }),
        ),
        ("/roles", json!({ "code": "drafter", "name": "Drafter", "level": 5 })),
    ] {
        send(Method::POST, list, one.clone(), 201).await;
        send(
            Method::PATCH,
            &format!("{list}/{}", one.text_of("code")),
            json!({ "name": "Changed" }),
            200,
        )
        .await;
    }
    let invitation =
        json!({ "username": "ivy", "email": "ivy@example.com", "organization": "ACME" });
    let id = send(Method::POST, "/users", invitation, 201).await.text_of("id");
    app.mails("ivy@example.com", 1).await;
    let reset = json!({ "email": "ivy@example.com" });
    app.post("/auth/password-reset", reset).await.expect(202);
    let token = app.mailed_token("ivy@example.com", 2).await;
    let body = json!({ "token": token, "new_password": OTHER_PASSWORD });
    app.post("/auth/password-reset/confirm", &body).await.expect(204);
    let list = "/organizations/ACME/invitations";
    let first = json!({ "email": "first@example.com" });
    let first = send(Method::POST, list, first, 201).await.text_of("id");
    send(Method::POST, &format!("{list}/{first}/resend"), json!({}), 200).await;
    send(Method::DELETE, &format!("{list}/{first}"), json!({}), 204).await;
    let second = json!({ "email": "second@example.com" });
    send(Method::POST, list, second, 201).await;
    let token = token_of(&app.mails("second@example.com", 1).await[0]);
    app.note(&token);
    app.post("/auth/decline-invitation", json!({ "token": token })).await.expect(204);
    let member = format!("/organizations/ACME/members/{id}");
    send(Method::PUT, "/roles/drafter/permissions/pid.create", json!({}), 201).await;
    send(Method::PUT, &format!("{member}/roles/drafter"), json!({}), 201).await;
    send(Method::DELETE, &format!("{member}/roles/drafter"), json!({}), 204).await;
    send(Method::PUT, &member, json!({ "job_title": "Botanist" }), 200).await;
    send(Method::DELETE, &member, json!({}), 204).await;
    send(Method::PUT, &member, json!({}), 201).await;
    send(Method::DELETE, &format!("/users/{id}"), json!({}), 204).await;
    send(Method::POST, &format!("/users/{id}/restore"), json!({}), 200).await;
    send(Method::DELETE, &member, json!({}), 204).await;
    let activity_stream = admin.get("/activity-streams").await.expect(200).json();
    let entry = format!("/activity-streams/{}", activity_stream.text_of("items/0/id"));
    send(Method::PATCH, &entry, json!({ "is_pinned": true }), 200).await;
    for path in ["/roles/drafter", "/permissions/pid.create", "/modules/PID", "/organizations/ACME"]
    {
        send(Method::DELETE, path, json!({}), 204).await;
    }
    let service = json!({ "kind": "service", "name": "Backup", "organization": "PLATFORM" });
    let service = send(Method::POST, "/users", service, 201).await.text_of("id");
    let keys = format!("/users/{service}/api-keys");
    let key = json!({ "name": "CI", "scopes": ["users.read"] });
    let key = send(Method::POST, &keys, key, 201).await;
    app.note(&key.text_of("key"));
    let one = format!("{keys}/{}", key.text_of("id"));
    let rotated = send(Method::POST, &format!("{one}/rotate"), json!({}), 201).await;
    app.note(&rotated.text_of("key"));
    send(Method::DELETE, &one, json!({}), 204).await;
    send(Method::POST, "/auth/switch-organization", json!({ "organization": "PLATFORM" }), 200)
        .await;
    let gone = json!({ "username": "nemo", "email": "nemo@example.com" });
    let gone = send(Method::POST, "/users", gone, 201).await.text_of("id");
    send(Method::DELETE, &format!("/users/{gone}"), json!({}), 204).await;
    send(Method::POST, &format!("/users/{gone}/erase"), json!({}), 202).await;
    app.activities("user_erased", 1).await;
    app.activities("user_erasure_asked", 1).await;
    gone
}

async fn lock_and_unlock(app: &TestApp) {
    let lou = json!({ "username": "lou", "email": "lou@example.com" });
    let import = json!({ "time": "2026-11-23T09:30:00Z", "users": [lou] });
    app.post("/_local/schedule/import_users", &import).await.expect(200);
    for n in 0..20 {
        app.sign_in_from(&format!("127.0.0.{}", 10 + n / 5), "lou", PASSWORD).await.expect(401);
    }
    let token = token_of(&app.mails("lou@example.com", 1).await[0]);
    app.note(&token);
    app.post("/auth/unlock", json!({ "token": token })).await.expect(204);
    let refused = json!({ "to": "lou@example.com", "error": "MessageRejected" });
    app.post("/_local/ses/faults", &refused).await.expect(200);
    app.post("/auth/password-reset", json!({ "email": "lou@example.com" })).await.expect(202);
    app.activities("mail_failed", 1).await;
    app.post("/_local/schedule/rotate_keys", json!({ "time": "2026-11-23T09:30:00Z" }))
        .await
        .expect(200);
}

/// What the lists of people have, by its keys, once nothing is on its way there.
async fn persons(app: &TestApp) -> BTreeMap<String, Value> {
    app.admin().await.get("/users").await.expect(200);
    app.settled(|items| items.iter().all(|item| item["begun"].is_null())).await;
    let all = items(app).await.into_iter().filter(|item| item["entity"]["S"] == "person");
    all.map(|item| (format!("{} {}", item["PK"], item["SK"]), item)).collect()
}

/// The same when every account was gone through again, over lists that are empty.
async fn persons_anew(app: &TestApp) -> BTreeMap<String, Value> {
    for item in items(app).await {
        if ["person", "listed"].contains(&item["entity"].text_of("S")) {
            let key = json!({ "PK": item["PK"], "SK": item["SK"] });
            let delete = json!({ "TableName": table_of(app), "Key": key });
            ask_dynamodb(app.stack.dynamodb_endpoint(), "DeleteItem", &delete).await;
        }
    }
    let again = json!({ "time": "2026-11-23T09:30:00Z", "again": true });
    app.post("/_local/schedule/fill_people_lists", again).await.expect(200);
    persons(app).await
}

#[tokio::test]
async fn every_event_is_recorded_with_who_when_and_from_where() {
    let app = TestApp::with_admin("verified").await;
    live(&app).await;
    assert_eq!(persons(&app).await, persons_anew(&app).await, "each change reached the lists");
    lock_and_unlock(&app).await;
    assert_eq!(persons(&app).await, persons_anew(&app).await, "each change reached the lists");
    let gone = administer(&app).await;
    app.activities("sys_signing_keys_rotated", 2).await;
    let named = json!({ "product_name": "Acme" });
    app.admin().await.put("/appearance", named).await.expect(200);
    app.activities("sys_appearance_changed", 1).await;
    let wrong = json!({ "current_password": OTHER_PASSWORD });
    app.admin().await.post("/signing-keys/rotate", wrong).await.expect(422);
    app.activities("sys_signing_keys_rotation_fail", 1).await;
    app.post("/_local/schedule/sign_out_everyone", json!({ "time": "2026-11-23T09:30:00Z" }))
        .await
        .expect(200);
    app.activities("sys_everyone_signed_out", 1).await;
    assert_eq!(persons(&app).await, persons_anew(&app).await, "each change reached the lists");
    let mut recorded: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for item in items(&app).await.into_iter().filter(|item| {
        item["entity"]["S"] == "activity" && item["activity_type"]["S"] != "api_request"
    }) {
        recorded.entry(item.text_of("activity_type/S").to_owned()).or_default().push(item);
    }
    let names: BTreeSet<&str> = recorded.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        Event::ALL.iter().map(|event| event.activity_type()).collect::<BTreeSet<_>>()
    );
    for &event in Event::ALL {
        for item in &recorded[event.activity_type()] {
            let expected = (event.category().as_str(), event.severity().as_str(), event.success());
            let told = (&item["category"]["S"], &item["severity"]["S"], &item["success"]["BOOL"]);
            assert_eq!(
                told,
                (&json!(expected.0), &json!(expected.1), &json!(expected.2)),
                "{item}"
            );
            assert!(
                item["at"]["N"].is_string() && item["description"].is_null(),
                "the program describes its own types: {item}"
            );
            if item["subject_id"]["S"] == gone.as_str() {
                continue; // from where is erased
            }
            if event == Event::UserCreated && item["address"].is_null() {
                continue; // the first super admin, whom the stack itself makes
            }
            let is_placed = item["address"]["S"]
                .as_str()
                .is_some_and(|address| address.starts_with("127.0.0."));
            assert_eq!(is_placed, !OF_THE_SYSTEM.contains(&event), "{item}");
            let is_of_somebody =
                ["user_id", "subject_id"].iter().any(|field| item[*field]["S"].is_string());
            let declined_by_link = event == Event::InvitationDeclined;
            assert!(is_of_somebody || declined_by_link || OF_NOBODY.contains(&event), "{item}");
        }
    }
}
