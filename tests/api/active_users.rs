use serde_json::{Value, json};

use crate::support::{Actor, Json, TestApp};

const PATH: &str = "/active-users";

async fn list(who: &Actor) -> Vec<Value> {
    who.get(PATH).await.expect(200).items()
}

#[tokio::test]
async fn people_are_there_once_for_five_minutes_after_their_last_call() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.sign_in("ada").await.expect(200);
    app.signed_in("eve").await;
    let names = |people: Vec<Value>| {
        let mut names: Vec<String> =
            people.iter().map(|one| one.text_of("username").to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(list(&ada).await), ["ada", "eve"]);
    app.advance(240).await;
    ada.get("/me")
        .header("Referer", "https://app.example.com/projects/7?token=secret#x")
        .await
        .expect(200);
    app.advance(100).await;
    let people = list(&ada).await;
    assert_eq!(people[0]["current_page"], "/projects/7");
    assert_eq!(names(people), ["ada"], "eve has been quiet for more than five minutes");
    assert!(list(&ada).await[0]["user_id"] == ada.id);
}

#[tokio::test]
async fn whoever_asks_after_a_long_rest_is_there() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.advance(1000).await;
    let people = list(&ada).await;
    assert_eq!((people.len(), &people[0]["current_page"]), (1, &json!("/api/v1/active-users")));
    app.advance(1000).await;
    let now = app.get("/_local/clock").await.text_of("now");
    let session = &ada.get("/user-sessions").await.expect(200).items()[0];
    assert_eq!(session.text_of("last_activity")[..16], now[..16]);
    assert_eq!(session["current_page"], "/api/v1/user-sessions");
}

#[tokio::test]
async fn pages_hold_everybody_once() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    for n in 0..6 {
        app.signed_in(&format!("user{n}")).await;
    }
    let all = ada.all(&format!("{PATH}?limit=2")).await;
    let mut found: Vec<&str> = all.iter().map(|one| one.text_of("username")).collect();
    found.sort_unstable();
    assert_eq!(found, ["ada", "user0", "user1", "user2", "user3", "user4", "user5"]);
}
