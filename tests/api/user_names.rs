//! Names and addresses of accounts, and what becomes of them when accounts go and come back.

use serde_json::json;

use crate::support::{Actor, Firm, Json, OTHER_PASSWORD, PASSWORD, TestApp, token_of};

#[tokio::test]
async fn an_administrator_renames_a_member_and_nobody_above() {
    let firm = Firm::new().await;
    let admin = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.invited("ada", "MY_COMPANY", &["viewer"]).await;
    let own = firm.member("lou", "MY_COMPANY", &["viewer"]).await;
    let at = format!("/users/{}", own.id);
    // An account that its owner made is its owner's.
    admin.patch(&at, json!({ "username": "mine" })).await.expect_problem(403, "forbidden");
    admin.post(&format!("{at}/unlock"), json!({})).await.expect_problem(403, "forbidden");
    firm.root.put("/roles/drafter/permissions/users.read", json!({})).await.expect(201);
    let reader = firm.member("reader", "MY_COMPANY", &["drafter"]).await;
    for (who, user, may) in [
        (&admin, &own, false),
        (&admin, &ada, true),
        (&reader, &ada, false),
        (&firm.root, &own, true),
    ] {
        let seen = who.get(&format!("/users/{}", user.id)).await.expect(200).json();
        assert_eq!(seen["may_change"], may, "{} {}", who.id, user.id);
    }
    let at = format!("/users/{}", ada.id);
    let renamed = admin.patch(&at, json!({ "username": "countess" })).await.expect(200);
    assert_eq!(renamed.text_of("username"), "countess");
    admin.patch(&at, json!({ "username": "boss" })).await.expect_problem(409, "username_taken");
    let root = format!("/users/{}", firm.root.id);
    admin.patch(&root, json!({ "username": "gotcha" })).await.expect(404);
    admin
        .patch(&at, json!({ "email": "other@example.com" }))
        .await
        .expect_problem(422, "validation_failed");
}

#[tokio::test]
async fn the_address_of_an_invitation_is_corrected_and_the_link_to_the_other_one_is_dead() {
    let firm = Firm::new().await;
    let (app, root) = (&firm.app, &firm.root);
    let body = json!({ "username": "grace", "email": "grcae@example.com" });
    let invited = root.post("/users", body).await.expect(201).json();
    let wrong = app.mailed_token("grcae@example.com", 1).await;
    let at = format!("/users/{}", invited.text_of("id"));
    root.patch(&at, json!({ "email": "admin@example.com" }))
        .await
        .expect_problem(409, "email_taken");
    let corrected = root.patch(&at, json!({ "email": "grace@example.com" })).await.expect(200);
    assert_eq!(corrected.text_of("email"), "grace@example.com");
    let right = app.mailed_token("grace@example.com", 1).await;
    let confirm = |token: &str| {
        let body = json!({ "token": token, "new_password": PASSWORD });
        app.post("/auth/password-reset/confirm", body)
    };
    confirm(&wrong).await.expect_problem(400, "invalid_token");
    confirm(&right).await.expect(204);
    app.sign_in("grace").await.expect(200);
    let again = json!({ "username": "other", "email": "grcae@example.com" });
    root.post("/users", again).await.expect(201);
}

#[tokio::test]
async fn a_deleted_invitation_frees_both_names_and_comes_back_while_they_are_free() {
    let firm = Firm::new().await;
    let root = &firm.root;
    let body = json!({ "username": "grace", "email": "grace@example.com" });
    let first = root.post("/users", body.clone()).await.expect(201).text_of("id");
    let at = format!("/users/{first}");
    root.delete(&at).await.expect(204);
    let restored = root.post(&format!("{at}/restore"), ()).await.expect(200);
    assert_eq!(restored.text_of("status"), "pending");
    root.post("/users", body.clone()).await.expect_problem(409, "email_taken");
    root.delete(&at).await.expect(204);
    root.delete(&at).await.expect(204);
    let second = root.post("/users", body).await.expect(201).text_of("id");
    assert_ne!(first, second);
    root.post(&format!("{at}/restore"), ()).await.expect_problem(409, "email_taken");
    let again = json!({ "username": "ada", "email": "grace@example.com" });
    root.delete(&format!("/users/{second}")).await.expect(204);
    root.post("/users", again).await.expect(201);
}

#[tokio::test]
async fn who_may_restore_an_account_is_told_that_a_deleted_one_has_the_address() {
    let firm = Firm::new().await;
    let admin = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.app.signed_in("ada").await;
    let invite = |who: &Actor| {
        let body = json!({ "username": "grace", "email": "ada@example.com" });
        let response = who.post("/users", body);
        async { response.await.expect_problem(409, "email_taken").text_of("detail") }
    };
    let living = invite(&firm.root).await;
    firm.root.delete(&format!("/users/{}", ada.id)).await.expect(204);
    let deleted = invite(&firm.root).await;
    assert!(deleted.contains("deleted"), "{deleted}");
    let waiting = json!({ "username": "grace", "email": "grace@example.com",
        "organization": "MY_COMPANY" });
    let waiting = firm.root.post("/users", waiting).await.expect(201).text_of("id");
    for (who, told) in [(&admin, &living), (&firm.root, &deleted)] {
        let corrected = who
            .patch(&format!("/users/{waiting}"), json!({ "email": "ada@example.com" }))
            .await
            .expect_problem(409, "email_taken");
        assert_eq!(&corrected.text_of("detail"), told);
    }
}

#[tokio::test]
async fn attack_73_a_suspended_account_that_is_deleted_and_restored_is_suspended() {
    let firm = Firm::new().await;
    let (app, root) = (&firm.app, &firm.root);
    for status in ["suspended", "inactive", "active"] {
        let user = app.signed_in(status).await;
        let at = format!("/users/{}", user.id);
        root.patch(&at, json!({ "status": status })).await.expect(200);
        root.delete(&at).await.expect(204);
        let restored = root.post(&format!("{at}/restore"), ()).await.expect(200);
        assert_eq!(restored.text_of("status"), status);
        let expected = if status == "active" { 200 } else { 403 };
        app.sign_in(status).await.expect(expected);
        user.get("/me").await.expect(401);
    }
}

#[tokio::test]
async fn an_invited_person_who_asks_for_a_password_gets_the_invitation_again() {
    let firm = Firm::new().await;
    let (app, root) = (&firm.app, &firm.root);
    let body = json!({ "username": "grace", "email": "grace@example.com" });
    root.post("/users", body).await.expect(201);
    let first = app.mailed_token("grace@example.com", 1).await;
    app.post("/auth/password-reset", json!({ "email": "grace@example.com" })).await.expect(202);
    let mails = app.mails("grace@example.com", 2).await;
    assert_eq!(mails[0]["subject"], "You are invited to Rolecall");
    let confirm = |token: &str| {
        let body = json!({ "token": token, "new_password": PASSWORD });
        app.post("/auth/password-reset/confirm", body)
    };
    confirm(&first).await.expect_problem(400, "invalid_token");
    confirm(&token_of(&mails[0])).await.expect(204);
    app.sign_in("grace").await.expect(200);
}

#[tokio::test]
async fn attack_99_the_owner_of_an_address_that_a_stranger_took_ends_all_that_they_had() {
    let app = TestApp::open().await;
    let mallory = json!({ "username": "mallory", "email": "victim@example.com",
        "password": OTHER_PASSWORD });
    app.post("/auth/register", mallory).await.expect(201);
    let theirs = app.sign_in_with("victim", OTHER_PASSWORD).await.expect(200).json();
    let access = theirs.text_of("access");
    let wish = json!({ "new_email": "mallory@example.com", "current_password": OTHER_PASSWORD });
    app.post("/auth/email-change", wish).bearer(access).await.expect(202);
    let wished = app.mailed_token("mallory@example.com", 1).await;
    app.post("/auth/password-reset", json!({ "email": "victim@example.com" })).await.expect(202);
    let reset = app.mailed_token("victim@example.com", 2).await;
    let body = json!({ "token": reset, "new_password": PASSWORD });
    app.post("/auth/password-reset/confirm", body).await.expect(204);
    let owner = app.sign_in("victim").actor().await;
    assert_eq!(owner.pair["user"]["email_verified"], json!(true));
    app.get("/me").bearer(access).await.expect(401);
    app.refresh(theirs.text_of("refresh")).await.expect(401);
    app.post("/auth/email-change/confirm", json!({ "token": wished }))
        .await
        .expect_problem(400, "invalid_token");
    let device = json!({ "email": "victim@example.com", "password": OTHER_PASSWORD,
        "device": theirs.text_of("device") });
    app.post("/auth/token", device).await.expect(401);
}

#[tokio::test]
async fn nobody_renames_themself_to_a_reserved_name_and_an_administrator_may() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let reserved = ada.patch("/me", json!({ "username": "Support" })).await;
    let reserved = reserved.expect_problem(422, "validation_failed");
    assert_eq!(reserved.wrong_fields(), ["username: reserved"]);
    let at = format!("/users/{}", ada.id);
    firm.root.patch(&at, json!({ "username": "Support" })).await.expect(200);
    ada.patch("/me", json!({ "username": "Support", "bio": "Helps." })).await.expect(200);
    let undeliverable = json!({ "email": "j\u{fc}rgen@example.com" });
    let undeliverable = firm.root.patch(&at, undeliverable).await;
    let undeliverable = undeliverable.expect_problem(422, "validation_failed");
    assert_eq!(undeliverable.wrong_fields(), ["email: email_not_deliverable"]);
}
