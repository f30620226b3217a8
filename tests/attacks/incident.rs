//! A table that was put back, and the job that ends what came back with it.

use serde_json::{Value, json};

use crate::support::{
    Json, OTHER_PASSWORD, PASSWORD, TestApp, ask_dynamodb, items, person, table_of,
};

const TIME: &str = "2026-11-23T09:30:00Z";

/// Puts the table back to what `items` found, as a restore does.
async fn put_back(app: &TestApp, before: &[Value]) {
    let (endpoint, table) = (app.stack.dynamodb_endpoint(), table_of(app));
    let key = |item: &Value| json!({ "PK": item["PK"], "SK": item["SK"] });
    for item in items(app).await {
        if before.iter().all(|one| key(one) != key(&item)) {
            let gone = json!({ "TableName": table, "Key": key(&item) });
            ask_dynamodb(endpoint, "DeleteItem", &gone).await;
        }
    }
    for item in before.iter().filter(|item| item["entity"]["S"] != "activity") {
        let put = json!({ "TableName": table, "Item": item });
        let response = ask_dynamodb(endpoint, "PutItem", &put).await;
        assert!(response["__type"].is_null(), "{response}");
    }
}

async fn sign_out_everyone(app: &TestApp, passwords: bool) -> Value {
    let input = json!({ "time": TIME, "passwords": passwords });
    app.post("/_local/schedule/sign_out_everyone", input).await.expect(200).json()
}

fn confirm(token: &str) -> Value {
    json!({ "token": token, "new_password": "granite-harbour-violin-7" })
}

#[tokio::test]
async fn attack_68_after_the_recipe_nothing_of_a_table_that_was_put_back_works() {
    let app = TestApp::new().await;
    let ada = app.signed_in("ada").await;
    let reset = app.reset_token("ada", 2).await;
    let change = json!({ "new_email": "countess@example.com", "current_password": PASSWORD });
    ada.post("/auth/email-change", &change).await.expect(202);
    let new_email = app.mailed_token("countess@example.com", 1).await;
    let grace = app.post("/auth/register", person("grace")).await.expect(202);
    let verifier = grace.text_of("verifier");
    let verification = app.mailed_token("grace@example.com", 1).await;
    for secret in [&reset, &new_email, &verifier, &verification] {
        app.note(secret);
    }
    let is_out = |item: &Value| item["entity"]["S"] != "outbox" || item["sent_at"]["N"].is_string();
    app.settled(|items| items.iter().all(is_out)).await;
    let before = items(&app).await;

    // What the restored table does not know: everything of the account was ended.
    let taken = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    app.post("/auth/password-reset/confirm", taken).await.expect(204);
    ada.get("/me").await.expect(401);
    app.sign_in("ada").await.expect(401);
    app.mails("ada@example.com", 4).await;
    put_back(&app, &before).await;
    ada.get("/me").await.expect(200);
    app.post("/auth/password-reset/verify", json!({ "token": reset })).await.expect(204);

    let ended = sign_out_everyone(&app, true).await;
    assert_eq!(ended["kept"], json!([]));
    assert_eq!(ended.list_of("removed").len(), 2, "the server key, and that of the passwords");
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    app.post("/auth/password-reset/verify", json!({ "token": reset }))
        .await
        .expect_problem(400, "invalid_token");
    app.post("/auth/password-reset/confirm", confirm(&reset))
        .await
        .expect_problem(400, "invalid_token");
    app.post("/auth/email-change/confirm", json!({ "token": new_email, "password": PASSWORD }))
        .await
        .expect_problem(400, "invalid_token");
    for proof in [json!({ "verifier": verifier }), json!({ "password": PASSWORD })] {
        app.post("/auth/verify-email", json!({ "token": verification }).with(proof))
            .await
            .expect_problem(400, "invalid_token");
    }
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    let record = &app.activities("sys_everyone_signed_out", 1).await[0];
    assert_eq!(record["severity"]["S"], "critical");
    assert_eq!(record["category"]["S"], "security");

    // An instance that has not heard of it yet lets nobody in for longer than ten seconds.
    app.advance(11).await;
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    app.post("/auth/password-reset", json!({ "email": "ada@example.com" })).await.expect(202);
    let token = app.mailed_token("ada@example.com", 5).await;
    app.post("/auth/password-reset/confirm", confirm(&token)).await.expect(204);
    let again = app.sign_in_with("ada", "granite-harbour-violin-7").actor().await;
    again.get("/me").await.expect(200);
    again.refreshed().await.get("/me").await.expect(200);
}

#[tokio::test]
async fn attack_68_devices_locks_and_first_answers_end_too_and_passwords_only_when_it_is_said() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let first = || app.post("/auth/register", person("bob")).header("Idempotency-Key", "k-1");
    let told = first().await.expect(201).text;
    assert_eq!(first().await.expect(201).text, told);
    for n in 0..20 {
        app.sign_in_from(&format!("127.0.0.{}", 10 + n / 5), "ada", OTHER_PASSWORD)
            .await
            .expect(401);
    }
    let unlock = app.mailed_token("ada@example.com", 1).await;
    app.note(&unlock);
    let known = json!({ "email": "ada@example.com", "password": PASSWORD, "device": ada.device });
    let known = || app.post("/auth/token", &known).sent_from("127.0.0.99");
    known().await.expect(200);
    sign_out_everyone(&app, false).await;
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    known().await.expect_problem(401, "invalid_credentials");
    app.post("/auth/unlock", json!({ "token": unlock })).await.expect_problem(400, "invalid_token");
    first().await.expect_problem(422, "idempotency_key_reused");
    let bob = app.sign_in("bob").actor().await;
    bob.get("/me").await.expect(200);

    // A later run ends what was made since, and a slip of the operator nothing.
    let slip = json!({ "time": TIME, "password": true });
    app.post("/_local/schedule/sign_out_everyone", slip).await.expect(502);
    bob.get("/me").await.expect(200);
    let (one, two) = (sign_out_everyone(&app, true).await, sign_out_everyone(&app, false).await);
    bob.get("/me").await.expect(401);
    assert!(two.text_of("before") >= one.text_of("before"), "it never goes back");
}
