use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, at_once, items, person};

#[tokio::test]
async fn attack_42_fifty_spellings_at_once_are_one_account_and_no_orphan() {
    let app = TestApp::open().await;
    let spell = |n: usize| {
        [
            "ada@b\u{fc}cher.example",
            "ADA@B\u{dc}CHER.EXAMPLE",
            "ａｄａ@xn--bcher-kva.example",
            "Ada@bu\u{308}cher.example",
        ][n % 4]
    };
    let bodies: Vec<Value> = (0..50)
        .map(|n| json!({ "username": format!("ada{n}"), "email": spell(n), "password": PASSWORD }))
        .collect();
    let responses = at_once(bodies.iter().map(|body| app.post("/auth/register", body))).await;
    let made = responses.iter().filter(|response| response.status == 201).count();
    assert!(
        made == 1 && responses.iter().all(|response| [201, 409].contains(&response.status)),
        "{responses:?}"
    );
    let count = |items: &[Value], entity: &str| {
        items.iter().filter(|item| item["entity"]["S"] == entity).count()
    };
    let items = items(&app).await;
    for entity in ["login", "user", "username"] {
        assert_eq!(count(&items, entity), 1, "{entity}");
    }
    assert_eq!(count(&items, "signup"), 0);
    assert!(count(&items, "outbox") <= 1, "the mail that proves the address of the one account");
    app.activities("user_created", 1).await;
}

#[tokio::test]
async fn attack_60_who_signs_up_with_a_victims_address_gains_nothing() {
    let app = TestApp::new().await;
    let theirs = "crooked-lantern-harbour-7";
    let mallory = json!({ "username": "mallory", "email": "victim@example.com",
        "password": theirs });
    app.post("/auth/register", &mallory).sent_from("127.0.0.2").await.expect(202);
    let first = app.mailed_token("victim@example.com", 1).await;
    app.post("/auth/register", person("victim")).await.expect(202);
    let second = app.mailed_token("victim@example.com", 2).await;
    app.verify(&second, PASSWORD).await.expect(204);
    for password in [PASSWORD, theirs] {
        app.verify(&first, password).await.expect_problem(400, "invalid_token");
    }
    assert_eq!(app.sign_in("victim").await.expect(200).json()["user"]["username"], "victim");
    app.sign_in_with("victim", theirs).await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_copy_of_the_table_holds_no_token_and_no_password() {
    let app = TestApp::new().await;
    app.post("/auth/register", person("grace")).await.expect(202);
    let verification = app.mailed_token("grace@example.com", 1).await;
    let ada = app.signed_in("ada").await;
    let ada = ada.refreshed().await;
    let table = serde_json::to_string(&items(&app).await).unwrap();
    for secret in [PASSWORD, &verification, &ada.access, &ada.refresh] {
        assert!(!table.contains(secret), "{secret}");
    }
}
