//! Finding people: filters of users and of members, and when they were there last.

use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, PASSWORD};

/// Three members of one organization, and somebody elsewhere.
async fn with_people() -> (Firm, Actor) {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    for (name, first, last, member) in [
        ("ada", "Augusta", "King", json!({ "department": "Engines" })),
        ("mary", "Mary", "Somerville", json!({ "department": "Stars", "status": "suspended" })),
        ("george", "George", "Boole", json!({ "department": "engines" })),
    ] {
        let user = json!({ "username": name, "email": format!("{name}.x@science.example"),
            "password": PASSWORD, "first_name": first, "last_name": last });
        let id = firm.app.post("/auth/register", user).await.expect(201).text_of("id");
        let at = format!("/organizations/MY_COMPANY/members/{id}");
        firm.root.put(&at, member).await.expect(201);
    }
    firm.member("kay", "OTHER", &[]).await;
    (firm, boss)
}

async fn found(who: &Actor, list: &str) -> Vec<String> {
    let mut names: Vec<String> = who
        .all(&format!("{list}&limit=1"))
        .await
        .iter()
        .map(|one| one.text_of("username").to_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn users_are_found_by_the_beginning_of_a_name_or_of_the_address() {
    let (firm, boss) = with_people().await;
    for (query, expected) in [
        ("q=AUG", vec!["ada"]),
        ("q=mary.x@sci", vec!["mary"]),
        ("q=george%20b", vec!["george"]),
        ("q=k", vec!["ada"]),
        ("q=some&status=active", vec!["mary"]),
        ("q=nobody", vec![]),
        ("name=mary.x", vec![]),
    ] {
        assert_eq!(found(&boss, &format!("/users?{query}")).await, expected, "{query}");
    }
    assert_eq!(found(&firm.root, "/users?q=k").await, ["ada", "kay"]);
    let table = boss.get("/users.csv?q=mary.x").await.expect(200).text;
    assert!(table.lines().count() == 2 && table.contains("\"mary\""), "{table}");
    let long = format!("/users?q={}", "x".repeat(101));
    boss.get(&long).await.expect_problem(422, "validation_failed");
}

#[tokio::test]
async fn members_are_found_by_name_status_department_and_role() {
    let (firm, boss) = with_people().await;
    let list = "/organizations/MY_COMPANY/members";
    for (query, expected) in [
        ("q=mary", vec!["mary"]),
        ("q=boole", vec!["george"]),
        ("q=ada.x@science", vec!["ada"]),
        ("status=suspended", vec!["mary"]),
        ("department=ENGINES", vec!["ada", "george"]),
        ("department=Engines&q=g", vec!["george"]),
        ("role=admin", vec!["boss"]),
        ("role=drafter", vec![]),
        ("q=kay", vec![]),
    ] {
        assert_eq!(found(&boss, &format!("{list}?{query}")).await, expected, "{query}");
    }
    let table = boss.get(&format!("{list}.csv?department=stars")).await.expect(200).text;
    assert!(table.lines().count() == 2 && table.contains("\"mary\""), "{table}");
    boss.get(&format!("{list}?status=deleted")).await.expect_problem(422, "validation_failed");
    let page = boss.get(&format!("{list}?limit=1")).await.expect(200).json();
    let cursor = page.text_of("next_cursor");
    let other = format!("{list}?status=active&limit=1&cursor={cursor}");
    boss.get(&other).await.expect_problem(400, "invalid_cursor");
    let foreign = "/organizations/OTHER/members?q=kay";
    boss.get(foreign).await.expect_problem(404, "not_found");
    assert_eq!(found(&firm.root, foreign).await, ["kay"]);
}

/// The day of the last sign-in, once it is `expected`.
async fn last_login(firm: &Firm, root: &Actor, id: &str, expected: &str) {
    firm.app
        .settled(|items| {
            let is_theirs = |one: &&Value| one["entity"]["S"] == "user" && one["id"]["S"] == id;
            items.iter().find(is_theirs).is_some_and(|user| !user["last_login"].is_null())
        })
        .await;
    firm.app.indexed().await;
    let shown = root.get(&format!("/users/{id}")).await.expect(200).text_of("last_login_at");
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn the_last_sign_in_is_told_to_the_day_and_finds_whoever_stays_away() {
    let firm = Firm::new().await;
    let eve = json!({ "username": "eve", "email": "eve@example.com", "password": PASSWORD });
    let eve = firm.app.post("/auth/register", eve).await.expect(201).text_of("id");
    let never = firm.root.get(&format!("/users/{eve}")).await.expect(200).json();
    assert_eq!(never["last_login_at"], Value::Null);
    let ada = firm.app.signed_in("ada").await;
    let now = firm.app.get("/_local/clock").await.json().text_of("now").to_owned();
    let today = now.split('T').next().unwrap();
    last_login(&firm, &firm.root, &ada.id, &format!("{today}T00:00:00.000Z")).await;
    let listed = firm.root.get("/users?username=ada").await.expect(200).json();
    assert_eq!(listed["items"][0]["last_login_at"], format!("{today}T00:00:00.000Z"));
    let ago = |root: &Actor, since: &str| {
        let (root, list) = (root.clone(), format!("/users?inactive_since={since}"));
        async move { found(&root, &list).await }
    };
    let everybody = found(&firm.root, "/users?status=active").await;
    assert_eq!(ago(&firm.root, "2000-01-01T00:00:00Z").await, Vec::<String>::new());
    assert_eq!(ago(&firm.root, "2999-01-01T00:00:00Z").await, everybody);
    firm.app.advance(3 * 86400).await;
    let root = firm.app.admin().await;
    firm.app.sign_in("ada").await.expect(200);
    firm.app.indexed().await;
    let now = firm.app.get("/_local/clock").await.json().text_of("now").to_owned();
    let today = format!("{}T00:00:00.000Z", now.split('T').next().unwrap());
    firm.app
        .settled(|items| {
            let users = items.iter().filter(|one| one["entity"]["S"] == "user");
            users.filter(|one| !one["last_login"].is_null()).count() >= 2
        })
        .await;
    last_login(&firm, &root, &ada.id, &today).await;
    assert_eq!(ago(&root, &today).await, ["eve"]);
    root.get("/users?inactive_since=yesterday").await.expect_problem(422, "validation_failed");
}
