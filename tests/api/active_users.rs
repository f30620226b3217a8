use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;

const PATH: &str = "/api/v1/active-users";

async fn list(app: &TestApp, access: &Value) -> Vec<Value> {
    app.get_as(access.as_str().unwrap(), PATH).await.expect(200).json()["items"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn people_are_there_once_for_five_minutes_after_their_last_call() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.sign_in("ada").await.expect(200);
    app.signed_in("eve").await;
    let names = |people: Vec<Value>| {
        let mut names: Vec<String> =
            people.iter().map(|one| one["username"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(list(&app, &ada["access"]).await), ["ada", "eve"]);
    app.advance(240).await;
    let request =
        app.request(Method::GET, "/api/v1/me").bearer_auth(ada["access"].as_str().unwrap());
    app.send(request.header("Referer", "https://app.example.com/projects/7?token=secret#x"))
        .await
        .expect(200);
    app.advance(100).await;
    let people = list(&app, &ada["access"]).await;
    assert_eq!(people[0]["current_page"], "/projects/7");
    assert_eq!(names(people), ["ada"], "eve has been quiet for more than five minutes");
    assert!(list(&app, &ada["access"]).await[0]["user_id"] == ada["user"]["id"]);
}

#[tokio::test]
async fn whoever_asks_after_a_long_rest_is_there() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.advance(1000).await;
    let people = list(&app, &ada["access"]).await;
    assert_eq!((people.len(), &people[0]["current_page"]), (1, &json!(PATH)));
    let request = app
        .request(Method::GET, "/api/v1/user-sessions")
        .bearer_auth(ada["access"].as_str().unwrap());
    app.advance(1000).await;
    let now = app.get("/_local/clock").await.json()["now"].as_str().unwrap()[..16].to_owned();
    let session = app.send(request).await.expect(200).json()["items"][0].clone();
    assert_eq!(
        (&session["last_activity"].as_str().unwrap()[..16], &session["current_page"]),
        (now.as_str(), &json!("/api/v1/user-sessions"))
    );
}

#[tokio::test]
async fn pages_hold_everybody_once() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    for n in 0..6 {
        app.signed_in(&format!("user{n}")).await;
    }
    let (mut found, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = app
            .get_as(ada["access"].as_str().unwrap(), &format!("{PATH}{query}"))
            .await
            .expect(200)
            .json();
        found.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["username"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => query = format!("?limit=2&cursor={next}"),
            None => break,
        }
    }
    found.sort();
    assert_eq!(json!(found), json!(["ada", "user0", "user1", "user2", "user3", "user4", "user5"]));
}
