//! What administrators see of users, and do for them.

use serde_json::{Value, json};

use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp};

async fn get(app: &TestApp, access: &Value, id: &Value) -> Value {
    app.get_as(access.as_str().unwrap(), &format!("/api/v1/users/{}", id.as_str().unwrap()))
        .await
        .expect(200)
        .json()
}

#[tokio::test]
async fn an_administrator_sees_failed_sign_ins_and_the_lock_and_ends_it() {
    let app = TestApp::with_admin("open").await;
    let (admin, ada) = (app.admin().await, app.signed_in("ada").await);
    let id = &ada["user"]["id"];
    let fresh = get(&app, &admin["access"], id).await;
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
    let locked = get(&app, &admin["access"], id).await;
    assert_eq!(locked["failed_login_attempts"], 20);
    assert!(locked["locked_until"].as_str().unwrap().ends_with('Z'), "{locked}");
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(401);
    let unlock = format!("/api/v1/users/{}/unlock", id.as_str().unwrap());
    for _ in 0..2 {
        let unlocked = app.post_as(&admin["access"], &unlock, &json!({})).await.expect(200).json();
        assert_eq!(
            (&unlocked["failed_login_attempts"], &unlocked["locked_until"]),
            (&json!(0), &Value::Null)
        );
    }
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(200);
    let record = &app.activities("authn_login_unlock", 1).await[0];
    assert_eq!((&record["user_id"]["S"], &record["session_id"]["S"]), (id, &admin["session_id"]));
}

#[tokio::test]
async fn an_administrators_own_lock_is_seen_and_ended_too() {
    let app = TestApp::with_admin("open").await;
    let (admin, ada) = (app.admin().await, app.signed_in("ada").await);
    let until = rolecall_domain::clock::Timestamp::from_second(4_000_000_000).unwrap();
    app.alter("ada", |user| user.locked_until = Some(until)).await;
    app.me(&ada["access"]).await.expect(401);
    assert_eq!(
        get(&app, &admin["access"], &ada["user"]["id"]).await["locked_until"],
        "2096-10-02T07:06:40.000Z"
    );
    let unlock = format!("/api/v1/users/{}/unlock", ada["user"]["id"].as_str().unwrap());
    app.post_as(&admin["access"], &unlock, &json!({})).await.expect(200);
    app.me(&ada["access"]).await.expect(200);
}

#[tokio::test]
async fn a_user_that_is_not_there_is_404_and_so_is_what_is_no_id() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    for id in ["0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60", "x", "USER%23x", "..%2f..", "%00"] {
        app.get_as(admin["access"].as_str().unwrap(), &format!("/api/v1/users/{id}"))
            .await
            .expect_problem(404, "not_found");
        let unlock = format!("/api/v1/users/{id}/unlock");
        app.post_as(&admin["access"], &unlock, &json!({})).await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn an_administrator_sees_and_ends_the_sessions_of_others() {
    let app = TestApp::with_admin("open").await;
    let (admin, one) = (app.admin().await, app.signed_in("ada").await);
    let two = app.sign_in("ada").await.expect(200).json();
    let three = app.sign_in("ada").await.expect(200).json();
    let user = one["user"]["id"].as_str().unwrap();
    let list = format!("/api/v1/user-sessions?user_id={user}");
    let seen = app.get_as(admin["access"].as_str().unwrap(), &list).await.expect(200).json();
    let items = seen["items"].as_array().unwrap();
    assert!(
        items.len() == 3
            && items.iter().all(|item| item["is_active"] == true && item["current"] == false),
        "{items:?}"
    );
    let of_one = format!("/api/v1/user-sessions/{}", one["session_id"].as_str().unwrap());
    app.delete_as(&admin["access"], &of_one).await.expect_problem(404, "not_found");
    app.delete_as(&admin["access"], &format!("{of_one}?user_id={user}")).await.expect(204);
    app.me(&one["access"]).await.expect(401);
    app.me(&two["access"]).await.expect(200);
    app.delete_as(&admin["access"], &format!("{list}&scope=all")).await.expect(204);
    for pair in [&two, &three] {
        app.me(&pair["access"]).await.expect(401);
    }
    app.me(&admin["access"]).await.expect(200);
    let ended = app.activities("authn_token_revoked", 2).await;
    assert!(ended.iter().all(|one| {
        one["details"]["S"].as_str().unwrap().contains(admin["user"]["id"].as_str().unwrap())
    }));
    let eve = app.signed_in("eve").await;
    app.get_as(eve["access"].as_str().unwrap(), &list).await.expect_problem(403, "forbidden");
    app.delete_as(&eve["access"], &format!("{list}&scope=all"))
        .await
        .expect_problem(403, "forbidden");
    app.delete_as(&eve["access"], &format!("{of_one}?user_id={user}"))
        .await
        .expect_problem(403, "forbidden");
    let nobody = "/api/v1/user-sessions?user_id=0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60";
    app.get_as(admin["access"].as_str().unwrap(), nobody).await.expect_problem(404, "not_found");
}
