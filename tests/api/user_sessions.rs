use serde_json::{Value, json};

use crate::support::{Actor, Json, OTHER_PASSWORD, PASSWORD, Response, TestApp};

const PATH: &str = "/user-sessions";
const IPAD: &str = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
    like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

async fn list(who: &Actor) -> Vec<Value> {
    who.get(PATH).await.expect(200).items()
}

#[tokio::test]
async fn each_login_is_a_session_that_tells_device_and_place() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let pad = app.sign_in("ada").header("User-Agent", IPAD).actor().await;
    let sessions = list(&pad).await;
    assert_eq!(sessions.len(), 2);
    let first = &sessions[0];
    assert_eq!(
        (
            &first["session_id"],
            &first["device_type"],
            &first["browser"],
            &first["os"],
            &first["ip_address"]
        ),
        (
            &json!(pad.session_id),
            &json!("tablet"),
            &json!("Safari"),
            &json!("iPadOS"),
            &json!("127.0.0.1")
        )
    );
    assert_eq!(
        (&first["is_active"], &first["current"], &sessions[1]["current"]),
        (&json!(true), &json!(true), &json!(false))
    );
    for secret in [&pad.access, &pad.refresh, &pad.device] {
        assert!(!json!(sessions).to_string().contains(secret));
    }
}

#[tokio::test]
async fn the_page_and_the_last_activity_follow_once_a_minute() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let visit = async |page: &'static str| {
        ada.get("/me").header("X-Current-Page", page).await.expect(200);
        list(&ada).await[0].clone()
    };
    let start = visit("/a").await;
    assert_eq!(
        (&start["current_page"], &start["last_activity"]),
        (&json!("/a"), &start["created_at"])
    );
    app.advance(60).await;
    let later = visit("/b").await;
    assert_eq!(later["current_page"], "/b");
    assert_ne!(later["last_activity"], start["last_activity"]);
    let soon = visit("/c").await;
    assert_eq!(
        (&soon["current_page"], &soon["last_activity"]),
        (&json!("/b"), &later["last_activity"])
    );
}

#[tokio::test]
async fn one_session_is_ended_and_somebody_elses_is_as_unknown_as_none() {
    let app = TestApp::open().await;
    let (ada, eve) = (app.signed_in("ada").await, app.signed_in("eve").await);
    let other = app.sign_in("ada").actor().await;
    let path = |id: &str| format!("{PATH}/{id}");
    ada.delete(&path(&other.session_id)).await.expect(204);
    ada.delete(&path(&other.session_id)).await.expect(204);
    other.get("/me").await.expect_problem(401, "unauthenticated");
    app.refresh(&other.refresh).await.expect_problem(401, "invalid_token");
    let theirs = eve.delete(&path(&ada.session_id)).await.expect_problem(404, "not_found");
    let nobodys = eve.delete(&path("0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60")).await.expect(404);
    assert_eq!(theirs.seen(), nobodys.seen());
    eve.delete(&format!("{PATH}/SESSION%23x")).await.expect(404);
    ada.get("/me").await.expect(200);
    let ended =
        list(&ada).await.into_iter().find(|one| one["session_id"] == other.session_id).unwrap();
    assert_eq!(ended["is_active"], false);
    app.activities("authn_token_revoked", 1).await;
}

#[tokio::test]
async fn others_end_by_one_write_and_then_all() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let mut others = Vec::new();
    for _ in 0..5 {
        others.push(app.sign_in("ada").actor().await);
    }
    ada.delete(&format!("{PATH}?scope=others")).await.expect(204);
    app.expect_cost("DELETE /api/v1/user-sessions", "in_sequence", 2.0).await;
    for other in &others {
        other.get("/me").await.expect_problem(401, "unauthenticated");
        app.refresh(&other.refresh).await.expect_problem(401, "invalid_token");
    }
    ada.get("/me").await.expect(200);
    let ada = ada.refreshed().await;
    let living = list(&ada).await.iter().filter(|one| one["is_active"] == true).count();
    assert_eq!(living, 1);
    ada.delete(&format!("{PATH}?scope=all")).await.expect(204);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    // The two orders, and each dead session whose refresh token was used.
    app.activities("authn_token_revoked", 2 + 6).await;
}

#[tokio::test]
async fn scope_is_required_and_parameters_are_read_strictly() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let wrong = async |query: &str| -> Vec<String> {
        ada.delete(&format!("{PATH}{query}")).await.expect(422).wrong_fields()
    };
    assert_eq!(wrong("").await, ["scope: required"]);
    assert_eq!(wrong("?scope=some").await, ["scope: unknown_scope"]);
    assert_eq!(wrong("?scope=all&scope=others").await, ["scope: repeated"]);
    assert_eq!(wrong("?scope=all&x=1").await, ["x: unknown_field"]);
    let get = async |query: &str| -> Response { ada.get(&format!("{PATH}{query}")).await };
    assert_eq!(get("?limit=0").await.expect(422).wrong_fields(), ["limit: out_of_range"]);
    assert_eq!(get("?limit=201").await.expect(422).wrong_fields(), ["limit: out_of_range"]);
    get(&format!("?user_id={}", ada.id)).await.expect(200);
    get("?user_id=0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60").await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn pages_are_complete_and_a_cursor_is_its_callers_alone() {
    let app = TestApp::open().await;
    let (ada, eve) = (app.signed_in("ada").await, app.signed_in("eve").await);
    for _ in 0..6 {
        app.sign_in("ada").await.expect(200);
    }
    let whole: Vec<Value> = list(&ada).await;
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
        let page = ada.get(&format!("{PATH}?limit=3{query}")).await.expect(200).json();
        paged.extend(page.items().clone());
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!((paged.len(), paged), (7, whole));
    let last = cursor.pop().unwrap();
    let altered = format!("{cursor}{}", if last == 'A' { 'B' } else { 'A' });
    for (who, cursor) in [(&ada, altered.as_str()), (&ada, "x"), (&eve, &format!("{cursor}{last}"))]
    {
        who.get(&format!("{PATH}?cursor={cursor}")).await.expect_problem(400, "invalid_cursor");
    }
    ada.get(&format!("/active-users?cursor={cursor}{last}"))
        .await
        .expect_problem(400, "invalid_cursor");
}

#[tokio::test]
async fn a_device_that_was_signed_out_as_lost_is_a_stranger_and_one_that_signed_out_is_not() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let [lost, left] = [app.sign_in("ada").actor().await, app.sign_in("ada").actor().await];
    for n in 0..20 {
        app.sign_in_from(&format!("127.0.0.{}", 10 + n % 8), "ada", OTHER_PASSWORD)
            .await
            .expect(401);
    }
    let sign_in = async |device: &str| {
        let body = json!({ "email": "ada@example.com", "password": PASSWORD, "device": device });
        app.post("/auth/token", body).sent_from("127.0.0.9").await
    };
    sign_in("rcd_x").await.expect_problem(401, "invalid_credentials");
    for device in [&ada.device, &lost.device, &left.device] {
        sign_in(device).await.expect(200);
    }
    app.post("/auth/token/revoke", json!({ "refresh": left.refresh })).await.expect(204);
    // Over already, and lost all the same.
    app.post("/auth/token/revoke", json!({ "refresh": lost.refresh })).await.expect(204);
    sign_in(&lost.device).await.expect(200);
    for _ in 0..2 {
        ada.delete(&format!("/user-sessions/{}", lost.session_id)).await.expect(204);
    }
    sign_in(&lost.device).await.expect_problem(401, "invalid_credentials");
    sign_in(&left.device).await.expect(200);
    // Longer than the session itself would have lived.
    app.advance(31 * 86_400).await;
    for n in 0..20 {
        app.sign_in_from(&format!("127.0.0.{}", 10 + n % 8), "ada", OTHER_PASSWORD).await;
    }
    sign_in(&lost.device).await.expect_problem(401, "invalid_credentials");
    sign_in(&left.device).await.expect(200);
    let here = sign_in(&ada.device).await.expect(200);
    let own = format!("/user-sessions/{}", here.text_of("session_id"));
    let request = app.request(reqwest::Method::DELETE, &own).bearer(&here.text_of("access"));
    request.await.expect(204);
    sign_in(&here.text_of("device")).await.expect(200);
}
