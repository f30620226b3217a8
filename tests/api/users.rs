//! What administrators see of users, and do for them.

use serde_json::{Value, json};

use crate::support::{Firm, Json, OTHER_PASSWORD, PASSWORD, TestApp, token_of};

#[tokio::test]
async fn an_administrator_sees_failed_sign_ins_and_the_lock_and_ends_it() {
    let app = TestApp::with_admin("open").await;
    let (admin, ada) = (app.admin().await, app.signed_in("ada").await);
    let user = format!("/users/{}", ada.id);
    let fresh = admin.get(&user).await.expect(200).json();
    assert_eq!(
        (&fresh["failed_login_attempts"], &fresh["locked_until"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(fresh["email"], "ada@example.com");
    for n in 0..20 {
        app.sign_in_from(&format!("127.0.0.{}", 10 + n / 5), "ada", OTHER_PASSWORD)
            .await
            .expect(401);
    }
    let locked = admin.get(&user).await.expect(200).json();
    assert_eq!(locked["failed_login_attempts"], 20);
    assert!(locked.text_of("locked_until").ends_with('Z'), "{locked}");
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(401);
    for _ in 0..2 {
        let unlocked = admin.post(&format!("{user}/unlock"), json!({})).await.expect(200).json();
        assert_eq!(
            (&unlocked["failed_login_attempts"], &unlocked["locked_until"]),
            (&json!(0), &Value::Null)
        );
    }
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(200);
    let record = &app.activities("authn_login_unlock", 1).await[0];
    assert_eq!(record["subject_id"]["S"], ada.id);
    assert_eq!(record["user_id"]["S"], admin.id);
    assert_eq!(record["session_id"]["S"], admin.session_id);
}

#[tokio::test]
async fn an_administrators_own_lock_is_seen_and_ended_too() {
    let app = TestApp::with_admin("open").await;
    let (admin, ada) = (app.admin().await, app.signed_in("ada").await);
    let until = rolecall_domain::clock::Timestamp::from_second(4_000_000_000).unwrap();
    app.alter("ada", |user| user.locked_until = Some(until)).await;
    ada.get("/me").await.expect(401);
    let user = format!("/users/{}", ada.id);
    let seen = admin.get(&user).await.expect(200);
    assert_eq!(seen.text_of("locked_until"), "2096-10-02T07:06:40.000Z");
    admin.post(&format!("{user}/unlock"), json!({})).await.expect(200);
    ada.get("/me").await.expect(200);
}

#[tokio::test]
async fn a_user_that_is_not_there_is_404_and_so_is_what_is_no_id() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    for id in ["0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60", "x", "USER%23x", "..%2f..", "%00"] {
        admin.get(&format!("/users/{id}")).await.expect_problem(404, "not_found");
        admin
            .post(&format!("/users/{id}/unlock"), json!({}))
            .await
            .expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn an_administrator_sees_and_ends_the_sessions_of_others() {
    let app = TestApp::with_admin("open").await;
    let (admin, one) = (app.admin().await, app.signed_in("ada").await);
    let two = app.sign_in("ada").actor().await;
    let three = app.sign_in("ada").actor().await;
    let user = &one.id;
    let list = format!("/user-sessions?user_id={user}");
    let seen = admin.get(&list).await.expect(200).json();
    let items = seen.items();
    assert!(
        items.len() == 3
            && items.iter().all(|item| item["is_active"] == true && item["current"] == false),
        "{items:?}"
    );
    let of_one = format!("/user-sessions/{}", one.session_id);
    admin.delete(&of_one).await.expect_problem(404, "not_found");
    admin.delete(&format!("{of_one}?user_id={user}")).await.expect(204);
    one.get("/me").await.expect(401);
    two.get("/me").await.expect(200);
    admin.delete(&format!("{list}&scope=all")).await.expect(204);
    for who in [&two, &three] {
        who.get("/me").await.expect(401);
    }
    admin.get("/me").await.expect(200);
    let ended = app.activities("authn_token_revoked", 2).await;
    assert!(ended.iter().all(|one| { one.text_of("details/S").contains(&admin.id) }));
    let eve = app.signed_in("eve").await;
    eve.get(&list).await.expect_problem(403, "forbidden");
    eve.delete(&format!("{list}&scope=all")).await.expect_problem(403, "forbidden");
    eve.delete(&format!("{of_one}?user_id={user}")).await.expect_problem(403, "forbidden");
    let nobody = "/user-sessions?user_id=0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60";
    admin.get(nobody).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn an_invited_person_chooses_the_password_and_nobody_else_sees_one() {
    let firm = Firm::new().await;
    let admin = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let body = json!({ "username": "grace", "email": "grace@example.com", "role": "viewer",
        "organization": "MY_COMPANY" });
    let invited = firm.root.post("/users", body.clone()).await.expect(201).json();
    assert_eq!(
        (&invited["status"], &invited["memberships"][0]["organization"]),
        (&json!("pending"), &json!("MY_COMPANY"))
    );
    admin.post("/users", body.clone()).await.expect_problem(403, "forbidden");
    firm.root.post("/users", body).await.expect_problem(409, "email_taken");
    let first = firm.app.mailed_token("grace@example.com", 1).await;
    let again = format!("/users/{}/invitation", invited.text_of("id"));
    admin.post(&again, ()).await.expect(200);
    let mails = firm.app.mails("grace@example.com", 2).await;
    let token = token_of(&mails[0]);
    firm.app.post("/auth/password-reset/verify", json!({ "token": first })).await.expect(400);
    firm.app.note(&token);
    assert!(mails[0].text_of("text").contains("My Company"), "{mails:?}");
    let confirm = json!({ "token": token, "new_password": OTHER_PASSWORD });
    firm.app.post("/auth/verify-email", json!({ "token": token })).await.expect(400);
    firm.app.post("/auth/password-reset/verify", json!({ "token": token })).await.expect(204);
    firm.app.post("/auth/password-reset/confirm", &confirm).await.expect(204);
    firm.app
        .post("/auth/password-reset/confirm", &confirm)
        .await
        .expect_problem(400, "invalid_token");
    admin.post(&again, ()).await.expect_problem(409, "not_pending");
    let grace = firm.app.sign_in_with("grace", OTHER_PASSWORD).actor().await;
    let me = grace.get("/me").await.expect(200).json();
    assert_eq!(
        me["memberships"],
        json!([{ "organization": "MY_COMPANY", "status": "active", "roles": ["viewer"] }])
    );
}
