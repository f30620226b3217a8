//! `POST /users/{id}/erase`, and what becomes of accounts that their owners deleted.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Actor, Firm, Json, PASSWORD, TestApp, ask_dynamodb, items, partition, table_of,
};

/// What tells who somebody is: nothing else in the table has these words.
const TELLING: [&str; 8] = [
    "grace.hopper77",
    "grace.was.77",
    "grace77@old.example",
    "HopperGrace77",
    "+41446681877",
    "Navy77",
    "E-GRACE-77",
    "AgentOfGrace77",
];

fn grace() -> Value {
    json!({ "username": "grace.was.77", "email": "grace77@old.example", "password": PASSWORD,
        "first_name": "HopperGrace77", "phone_number": "+41446681877" })
}

/// Somebody of whom much is known, in an organization.
async fn well_known(firm: &Firm) -> Actor {
    let user = firm.app.post("/auth/register", grace()).await.expect(201).text_of("id");
    let at = format!("/organizations/MY_COMPANY/members/{user}");
    let member = json!({ "employee_id": "E-GRACE-77", "department": "Navy77" });
    firm.root.put(&at, member).await.expect(201);
    firm.root.put(&format!("{at}/roles/drafter"), json!({})).await.expect(201);
    let wrong = json!({ "email": "grace77@old.example", "password": "wrong" });
    firm.app.post("/auth/token", wrong).await.expect(401);
    let body = json!({ "email": "grace77@old.example", "password": PASSWORD,
        "organization": "MY_COMPANY" });
    let agent = |call: crate::support::Call| call.header("User-Agent", "AgentOfGrace77/1.0");
    // The record of the call of a sign-in is nobody's.
    let grace = firm.app.post("/auth/token", body).actor().await;
    let renamed = json!({ "username": "grace.hopper77", "bio": "Navy77" });
    agent(grace.patch("/me", renamed)).await.expect(200);
    let tracked = json!({ "activity_type": "compiled", "description": "Her own words.",
        "category": "data_management", "tags": ["cobol"], "details": { "file": "a.cob" } });
    agent(grace.post("/activities", tracked)).await.expect(201);
    firm.app.indexed().await;
    grace
}

async fn erased(app: &TestApp, root: &Actor, id: &str) -> Value {
    app.settled(|items| {
        let is_hers = |item: &&Value| item["entity"]["S"] == "user" && item["id"]["S"] == id;
        items.iter().find(is_hers).is_some_and(|user| !user["erased_at"].is_null())
    })
    .await;
    root.get(&format!("/users/{id}")).await.expect(200).json()
}

/// The items that have one of these words.
async fn told(app: &TestApp, words: &[&str]) -> Vec<String> {
    let all = items(app).await;
    let tells = |item: &&Value| words.iter().any(|word| item.to_string().contains(word));
    // Presence is over within minutes, and limits within the hour.
    let lasts = |item: &&Value| {
        let key = item["PK"]["S"].as_str().unwrap_or_default();
        !key.starts_with("SEEN#") && !key.starts_with("LIMIT#")
    };
    all.iter().filter(tells).filter(lasts).map(ToString::to_string).collect()
}

#[tokio::test]
async fn nothing_tells_who_an_erased_user_was_and_what_happened_stays() {
    let firm = Firm::new().await;
    let (app, root) = (&firm.app, &firm.root);
    let grace = well_known(&firm).await;
    let user = format!("/users/{}", grace.id);
    let erase = format!("{user}/erase");
    root.post(&erase, ()).await.expect_problem(409, "not_deleted");
    root.delete(&user).await.expect(204);
    app.indexed().await;
    let of = async |filter: &str| {
        let mut all = root.all(&format!("/activities?{filter}={}&limit=200", grace.id)).await;
        all.retain(|one| one["activity_type"] != "member_removed");
        all.retain(|one| !one.text_of("activity_type").starts_with("user_eras"));
        all
    };
    let before = (of("user_id").await, of("subject_id").await);
    assert!(before.0.len() >= 4 && before.1.len() >= 5, "{before:?}");
    assert!(!told(app, &TELLING).await.is_empty());
    root.post(&erase, ()).await.expect(202);
    let shown = erased(app, root, &grace.id).await;
    assert_eq!((&shown["status"], &shown["memberships"]), (&json!("deleted"), &json!([])));
    assert_eq!(told(app, &TELLING).await, Vec::<String>::new());
    let after = (of("user_id").await, of("subject_id").await);
    for (before, after) in [(before.0, after.0), (before.1, after.1)] {
        let what = |one: &Value| (one["id"].clone(), one["activity_type"].clone());
        assert!(before.iter().map(what).eq(after.iter().map(what)), "{before:?} {after:?}");
        for one in &after {
            let of_her = if one["user_id"] == grace.id.as_str() { "username" } else { "subject" };
            assert_eq!(one[of_her], Value::Null, "{one}");
            assert_eq!((&one["ip_address"], &one["user_agent"]), (&Value::Null, &Value::Null));
        }
    }
    // What she wrote is hers.
    let compiled = root.all("/activities?activity_type=compiled&organization=MY_COMPANY").await;
    assert_eq!(compiled[0]["description"], "Her own words.");
    assert_eq!(compiled[0]["details"], json!({ "file": "a.cob" }));
    let tagged = root.all("/activities?tag=cobol&organization=MY_COMPANY").await;
    assert_eq!(tagged[0]["username"], Value::Null);
    // Both names are free, and the place in the organization is.
    assert_eq!(root.get("/organizations/MY_COMPANY").await.expect(200).json()["member_count"], 0);
    let again = app.post("/auth/register", grace_again()).await.expect(201).text_of("id");
    assert_ne!(again, grace.id);
    let at = format!("/organizations/MY_COMPANY/members/{again}");
    root.put(&at, json!({ "employee_id": "E-GRACE-77" })).await.expect(201);
    root.delete(&at).await.expect(204);
    root.delete("/roles/drafter").await.expect(204);
    root.post(&erase, ()).await.expect(202);
    root.post(&format!("{user}/restore"), ()).await.expect_problem(409, "erased");
    let rename = json!({ "first_name": "Grace" });
    root.patch(&user, rename).await.expect_problem(409, "erased");
}

fn grace_again() -> Value {
    grace().with(json!({ "username": "grace.hopper77" }))
}

#[tokio::test]
async fn super_admins_erase_and_tenants_do_not() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let user = format!("/users/{}", ada.id);
    firm.root.delete(&user).await.expect(204);
    boss.post(&format!("{user}/erase"), ()).await.expect_problem(403, "forbidden");
    let nobody = "/users/0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b/erase";
    firm.root.post(nobody, ()).await.expect_problem(404, "not_found");
    let stale = firm.root.post(&format!("{user}/erase"), ()).header("If-Match", "\"1\"");
    stale.await.expect_problem(412, "stale");
    let shown = firm.root.get(&user).await.expect(200).json();
    assert_eq!((&shown["erase_at"], &shown["erased_at"]), (&Value::Null, &Value::Null));
}

async fn run(app: &TestApp) -> Value {
    let event = json!({ "time": "2026-11-23T09:30:00Z" });
    app.post("/_local/schedule/erase_users", event).await.expect(200).json()
}

async fn leave(app: &TestApp, name: &str) -> Actor {
    let actor = app.signed_in(name).await;
    let gone = json!({ "current_password": PASSWORD });
    actor.request(Method::DELETE, "/me").json(gone).await.expect(204);
    actor
}

#[tokio::test]
async fn an_account_that_its_owner_deleted_is_erased_after_thirty_days() {
    let app = TestApp::with_admin("open").await;
    let (eve, bob) = (leave(&app, "eve").await, leave(&app, "bob").await);
    let user = format!("/users/{}", eve.id);
    let root = app.admin().await;
    let due = root.get(&user).await.expect(200).text_of("erase_at");
    assert!(!due.is_empty());
    assert_eq!(run(&app).await, json!({ "erased": 0, "unfinished": 0 }));
    // Whoever comes back is not erased.
    root.post(&format!("/users/{}/restore", bob.id), ()).await.expect(200);
    app.advance(29 * 86400).await;
    assert_eq!(run(&app).await, json!({ "erased": 0, "unfinished": 0 }));
    app.advance(2 * 86400).await;
    assert_eq!(run(&app).await, json!({ "erased": 1, "unfinished": 0 }));
    let root = app.admin().await;
    let shown = root.get(&user).await.expect(200).json();
    assert!(shown["erased_at"].is_string() && shown["erase_at"].is_null(), "{shown}");
    app.sign_in("bob").await.expect(200);
    // What came late goes a day later, and then it is over.
    let late = partition(&app, &format!("ACTIVITY#@{}", eve.id)).await.remove(0);
    let key = json!({ "PK": late["PK"], "SK": late["SK"] });
    let put = json!({ "TableName": table_of(&app), "Key": key,
        "UpdateExpression": "SET actor_name = :eve",
        "ExpressionAttributeValues": { ":eve": { "S": "eve" } } });
    ask_dynamodb(app.stack.dynamodb_endpoint(), "UpdateItem", &put).await;
    assert_eq!(partition(&app, "ERASURES").await.len(), 1);
    app.advance(25 * 3600 + 1).await;
    assert_eq!(run(&app).await, json!({ "erased": 1, "unfinished": 0 }));
    assert_eq!(partition(&app, "ERASURES").await.len(), 0);
    let entries = partition(&app, &format!("ACTIVITY#@{}", eve.id)).await;
    assert!(entries.iter().all(|one| one["actor_name"].is_null() && one["address"].is_null()));
}

#[tokio::test]
async fn an_account_of_many_activities_is_erased_in_several_steps() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let one =
        json!({ "activity_type": "drawn", "description": "x", "category": "data_management" });
    let batch = json!({ "activities": vec![one; 25] });
    for _ in 0..22 {
        ada.post("/activities/batch", &batch).await.expect(200);
    }
    firm.app.indexed().await;
    let user = format!("/users/{}", ada.id);
    firm.root.delete(&user).await.expect(204);
    firm.root.post(&format!("{user}/erase"), ()).await.expect(202);
    let named =
        |items: &[Value]| items.iter().filter(|item| item["actor_name"]["S"] == "ada").count();
    firm.app.settled(|items| named(items) < 600).await;
    run(&firm.app).await;
    let shown = firm.root.get(&user).await.expect(200).json();
    assert!(shown["erased_at"].is_string(), "{shown}");
    assert_eq!(named(&items(&firm.app).await), 0);
}

#[tokio::test]
async fn what_an_erased_user_did_to_others_names_them_no_more() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let boss = firm.member("zoe.q77", "PLATFORM", &["super_admin"]).await;
    // With another account, an invitation, and in categories of many types.
    let invited = json!({ "username": "ivy", "email": "ivy@example.com" });
    let ivy = boss.post("/users", invited).await.expect(201).text_of("id");
    let list = "/organizations/OTHER/invitations";
    let guest = json!({ "email": "guest@example.com" });
    let id = firm.root.post(list, &guest).await.expect(201).text_of("id");
    boss.post(&format!("{list}/{id}/resend"), json!({})).await.expect(200);
    let to_her = json!({ "email": "zoe.q77@example.com" });
    firm.root.post(list, to_her).await.expect(201);
    for number in 0..13 {
        let told = json!({ "activity_type": format!("type_{number}"), "category": "security",
            "tags": ["x"] });
        boss.track(told).await;
    }
    app.indexed().await;
    let shown = firm.root.get(&format!("{list}/{id}")).await.expect(200).json();
    assert_eq!(shown["invited_by_username"], "zoe.q77");
    let user = format!("/users/{}", boss.id);
    firm.root.delete(&user).await.expect(204);
    firm.root.post(&format!("{user}/erase"), ()).await.expect(202);
    erased(app, &firm.root, &boss.id).await;
    let shown = firm.root.get(&format!("{list}/{id}")).await.expect(200).json();
    assert_eq!(
        (&shown["invited_by_username"], &shown["invited_by"]),
        (&Value::Null, &json!(boss.id))
    );
    assert_eq!(firm.root.all(list).await.len(), 1, "nobody has the address any more");
    // That somebody else invited an address names nobody whom it was done to.
    let mut left = told(app, &["zoe.q77"]).await;
    left.retain(|item| !item.contains("invitation_created"));
    assert!(left.is_empty(), "{left:?}");
    firm.root.get(&format!("/users/{ivy}")).await.expect(200);
}

#[tokio::test]
async fn an_old_entry_of_an_activity_stream_and_a_pinned_one_lose_the_name() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let user = json!({ "username": "old.q77", "email": "old.q77@example.com",
        "password": PASSWORD, "first_name": "Oldq77" });
    let id = app.post("/auth/register", user).await.expect(201).text_of("id");
    let at = format!("/organizations/OTHER/members/{id}");
    firm.root.put(&at, json!({})).await.expect(201);
    let in_feed = |items: &[Value]| {
        items.iter().filter(|one| one["title"].to_string().contains("Oldq77")).count()
    };
    app.settled(|items| in_feed(items) > 0).await;
    // The group leaves by TTL after two days.
    for group in items(app).await {
        if group["PK"]["S"].as_str().is_some_and(|key| key.starts_with("FEED_GROUP#")) {
            let key = json!({ "PK": group["PK"], "SK": group["SK"] });
            let delete = json!({ "TableName": table_of(app), "Key": key });
            ask_dynamodb(app.stack.dynamodb_endpoint(), "DeleteItem", &delete).await;
        }
    }
    firm.root.delete(&format!("/users/{id}")).await.expect(204);
    firm.root.post(&format!("/users/{id}/erase"), ()).await.expect(202);
    erased(app, &firm.root, &id).await;
    assert_eq!(in_feed(&items(app).await), 0);
}
