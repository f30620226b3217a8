use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, TestApp};

const PATH: &str = "/active-users";

async fn list(who: &Actor) -> Vec<Value> {
    who.get(PATH).await.expect(200).items()
}

/// The usernames of those who are there, sorted.
async fn names(who: &Actor) -> Vec<String> {
    let all = list(who).await;
    let mut names: Vec<String> = all.iter().map(|one| one.text_of("username").to_owned()).collect();
    names.sort();
    names
}

/// A firm with a member who sees who is there.
async fn firm_of_ada() -> (Firm, Actor) {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    (firm, ada)
}

#[tokio::test]
async fn people_are_there_once_for_five_minutes_after_their_last_call() {
    let (firm, ada) = firm_of_ada().await;
    firm.signed_in_at("ada", "MY_COMPANY").await;
    firm.member("eve", "MY_COMPANY", &[]).await;
    firm.member("zoe", "OTHER", &[]).await;
    assert_eq!(names(&ada).await, ["ada", "eve"]);
    firm.app.advance(240).await;
    ada.get("/me").await.expect(200);
    firm.app.advance(100).await;
    assert_eq!(names(&ada).await, ["ada"], "eve has been quiet for more than five minutes");
    assert!(list(&ada).await[0]["user_id"] == ada.id);
}

#[tokio::test]
async fn the_page_is_what_the_client_told_and_nothing_else() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.advance(61).await;
    let elsewhere = "https://app.example.com/projects/7?token=secret#x";
    ada.get("/me").header("Referer", elsewhere).await.expect(200);
    assert_eq!(list(&ada).await[0]["current_page"], Value::Null);
    let session = &ada.get("/user-sessions").await.expect(200).items()[0];
    assert_eq!(session["current_page"], Value::Null);
    app.advance(61).await;
    ada.get("/me").header("X-Current-Page", elsewhere).await.expect(200);
    assert_eq!(list(&ada).await[0]["current_page"], "/projects/7");
}

#[tokio::test]
async fn whoever_asks_after_a_long_rest_is_there() {
    let (firm, ada) = firm_of_ada().await;
    firm.app.advance(1000).await;
    assert_eq!(names(&ada).await, ["ada"]);
    firm.app.advance(1000).await;
    let now = firm.app.get("/_local/clock").await.text_of("now");
    let session = &ada.get("/user-sessions").await.expect(200).items()[0];
    assert_eq!(session.text_of("last_activity")[..16], now[..16]);
}

#[tokio::test]
async fn who_acts_in_no_organization_sees_themselves_and_is_seen_by_nobody() {
    let app = TestApp::with_admin("open").await;
    let root = app.admin().await;
    let ada = app.signed_in("ada").await;
    app.signed_in("eve").await;
    assert_eq!(names(&ada).await, ["ada"]);
    assert_eq!(names(&root).await, [root.get("/me").await.text_of("username")]);
}

#[tokio::test]
async fn addresses_are_for_whoever_may_read_users() {
    let (firm, ada) = firm_of_ada().await;
    firm.root.put("/roles/drafter/permissions/users.read", json!({})).await.expect(201);
    let eve = firm.member("eve", "MY_COMPANY", &["drafter"]).await;
    let addresses = |all: Vec<Value>| -> Vec<Value> {
        let mut all: Vec<Value> = all.iter().map(|one| one["email"].clone()).collect();
        all.sort_by_key(ToString::to_string);
        all
    };
    assert_eq!(addresses(list(&ada).await), [Value::Null, Value::Null]);
    // What somebody works with, they see of themselves.
    for one in list(&ada).await {
        assert_eq!(one["device_type"].is_null(), one["user_id"] != ada.id, "{one}");
    }
    assert!(list(&eve).await.iter().all(|one| one["device_type"].is_string()));
    assert_eq!(addresses(list(&eve).await), ["ada@example.com", "eve@example.com"]);
}

#[tokio::test]
async fn whoever_the_gate_would_not_let_in_is_gone_at_once() {
    let (firm, ada) = firm_of_ada().await;
    let mut who = Vec::new();
    for name in ["out", "suspended", "paused", "removed", "closed", "gone"] {
        who.push(firm.member(name, "MY_COMPANY", &[]).await);
        firm.signed_in_at(name, "MY_COMPANY").await;
    }
    let [out, suspended, paused, removed, closed, gone] = who.as_slice() else {
        panic!("six people");
    };
    assert_eq!(names(&ada).await.len(), 7);
    let is_gone = async |name: &str, left: usize| {
        let names = names(&ada).await;
        assert!(!names.contains(&name.to_owned()) && names.len() == left, "{name}: {names:?}");
    };
    let root = &firm.root;
    out.post("/auth/token/revoke", json!({ "refresh": out.refresh })).await.expect(204);
    assert_eq!(names(&ada).await.len(), 7, "the other of two sessions is still there");
    out_of(&firm, "out").await;
    is_gone("out", 6).await;
    let at = format!("/users/{}", suspended.id);
    root.patch(&at, json!({ "status": "suspended" })).await.expect(200);
    is_gone("suspended", 5).await;
    let at = paused.at("MY_COMPANY");
    root.put(&at, json!({ "status": "inactive" })).await.expect(200);
    is_gone("paused", 4).await;
    root.delete(&removed.at("MY_COMPANY")).await.expect(204);
    is_gone("removed", 3).await;
    root.delete(&format!("/user-sessions?scope=all&user_id={}", closed.id)).await.expect(204);
    is_gone("closed", 2).await;
    root.delete(&format!("/users/{}", gone.id)).await.expect(204);
    is_gone("gone", 1).await;
}

/// Ends the sessions of somebody in `MY_COMPANY`.
async fn out_of(firm: &Firm, name: &str) {
    let all = firm.root.get(&format!("/users?username={name}")).await.expect(200).items();
    let sessions = format!("/user-sessions?scope=all&user_id={}", all[0].text_of("id"));
    firm.root.delete(&sessions).await.expect(204);
}

#[tokio::test]
async fn pages_hold_everybody_once_and_none_is_empty() {
    let (firm, ada) = firm_of_ada().await;
    for n in 0..8 {
        firm.member(&format!("user{n}"), "MY_COMPANY", &[]).await;
    }
    let all = ada.all(&format!("{PATH}?limit=2")).await;
    let mut found: Vec<&str> = all.iter().map(|one| one.text_of("username")).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        ["ada", "user0", "user1", "user2", "user3", "user4", "user5", "user6", "user7"]
    );
    for n in 0..5 {
        out_of(&firm, &format!("user{n}")).await;
    }
    let mut path = format!("{PATH}?limit=1");
    let mut found = Vec::new();
    loop {
        let page = ada.get(&path).await.expect(200).json();
        let cursor = page["next_cursor"].as_str().map(str::to_owned);
        assert!(cursor.is_none() || !page.items().is_empty());
        found.extend(page.items().iter().map(|one| one.text_of("username").to_owned()));
        let Some(cursor) = cursor else { break };
        path = format!("{PATH}?limit=1&cursor={cursor}");
    }
    assert_eq!(found, ["ada", "user5", "user6", "user7"]);
}
