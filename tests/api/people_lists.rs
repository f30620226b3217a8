//! The lists that people are found in: their order, their pages, and how they are filled.

use rolecall_local::{Data, Options};
use serde_json::{Value, json};

use crate::support::{
    Actor, Firm, Json, PASSWORD, TestApp, ask_dynamodb, items, options, table_of,
};

/// Makes accounts of these names.
async fn register(app: &TestApp, people: &[(&str, &str, &str)]) {
    for (username, first, last) in people {
        let mut user = json!({ "username": username, "email": format!("{username}@example.com"),
            "password": PASSWORD });
        for (field, name) in [("first_name", first), ("last_name", last)] {
            if !name.is_empty() {
                user[field] = json!(name);
            }
        }
        app.post("/auth/register", user).await.expect(201);
    }
}

const PEOPLE: [(&str, &str, &str); 6] = [
    ("zed", "ada", "Byron"),
    ("yak", "Ada", ""),
    ("xen", "Bertrand", "Adams"),
    ("wim", "Zoe", "Ypsilon"),
    ("adam", "", ""),
    ("vic", "Ćiril", "Berg"),
];

/// The usernames of a list, by pages of a size.
async fn usernames(who: &Actor, path: &str, limit: usize) -> Vec<String> {
    let all = who.all(&format!("{path}limit={limit}")).await;
    all.iter().map(|one| one.text_of("username").to_owned()).collect()
}

#[tokio::test]
async fn lists_are_sorted_by_name_whatever_the_size_of_their_pages() {
    let firm = Firm::new().await;
    register(&firm.app, &PEOPLE).await;
    for user in firm.root.all("/users").await {
        if user["username"] != "admin" {
            let at = format!("/organizations/MY_COMPANY/members/{}", user.text_of("id"));
            firm.root.put(&at, json!({})).await.expect(201);
            firm.root.put(&format!("{at}/roles/drafter"), json!({})).await.expect(201);
        }
    }
    // Who has no name is there by the username.
    let sorted = ["yak", "zed", "adam", "xen", "wim", "vic"];
    let members = "/organizations/MY_COMPANY/members?";
    for list in [
        members,
        "/organizations/MY_COMPANY/members?status=active&",
        "/organizations/MY_COMPANY/members?role=drafter&",
        "/users?organization=MY_COMPANY&",
        "/users?role=drafter&",
        "/users?role=drafter&status=active&",
    ] {
        for limit in [1, 2, 5, 6, 200] {
            assert_eq!(usernames(&firm.root, list, limit).await, sorted, "{list} by {limit}");
        }
    }
    let with_admin = ["yak", "zed", "adam", "admin", "xen", "wim", "vic"];
    for list in ["/users?", "/users?status=active&"] {
        assert_eq!(usernames(&firm.root, list, 3).await, with_admin, "{list}");
    }
    // First those whose name begins so, then the others.
    for limit in [1, 3, 200] {
        let found = usernames(&firm.root, "/users?q=ad&", limit).await;
        assert_eq!(found, ["yak", "zed", "adam", "admin", "xen"], "by {limit}");
    }
}

#[tokio::test]
async fn a_list_follows_every_change_and_says_nothing_of_before() {
    let firm = Firm::new().await;
    register(&firm.app, &PEOPLE[..1]).await;
    let id =
        firm.root.get("/users?username=zed").await.expect(200).items()[0].text_of("id").to_owned();
    let (user, member) = (format!("/users/{id}"), format!("/organizations/OTHER/members/{id}"));
    let found = async |path: &str| usernames(&firm.root, path, 50).await == ["zed"];
    assert!(found("/users?q=ada&").await);
    firm.root.put(&member, json!({ "department": "Engines" })).await.expect(201);
    assert!(found("/organizations/OTHER/members?department=engines&").await);
    firm.root.put(&format!("{member}/roles/drafter"), json!({})).await.expect(201);
    assert!(found("/organizations/OTHER/members?role=drafter&").await);
    firm.root.delete(&format!("{member}/roles/drafter")).await.expect(204);
    assert!(!found("/organizations/OTHER/members?role=drafter&").await);
    firm.root.put(&member, json!({ "status": "suspended" })).await.expect(200);
    assert!(found("/organizations/OTHER/members?status=suspended&").await);
    assert!(!found("/organizations/OTHER/members?department=engines&").await);
    firm.root.patch(&user, json!({ "first_name": "Boole" })).await.expect(200);
    assert!(found("/users?q=boole&").await && !found("/users?q=ada&").await);
    firm.root.delete(&member).await.expect(204);
    assert!(!found("/users?organization=OTHER&").await);
    firm.root.patch(&user, json!({ "status": "suspended" })).await.expect(200);
    assert!(found("/users?status=suspended&").await);
    firm.root.delete(&user).await.expect(204);
    assert!(found("/users?status=deleted&").await);
    assert!(found("/users?status=deleted&q=boole&").await);
    for query in ["q=boole", "status=suspended", "inactive_since=2999-01-01T00:00:00Z"] {
        assert!(!found(&format!("/users?{query}&")).await, "{query}");
    }
}

#[tokio::test]
async fn whom_a_mailed_link_changes_is_listed_as_they_are_then() {
    let firm = Firm::new().await;
    firm.invited("ada", "MY_COMPANY", &["drafter"]).await;
    firm.app.sign_in("ada").await.expect(200);
    for list in ["/users?status=active&q=ada&", "/users?role=drafter&"] {
        assert_eq!(usernames(&firm.root, list, 50).await, ["ada"], "{list}");
    }
    assert_eq!(usernames(&firm.root, "/users?status=pending&", 50).await, [""; 0]);
    let listed = firm.root.get("/users?q=ada").await.expect(200).items()[0].clone();
    let now = firm.root.get(&format!("/users/{}", listed.text_of("id"))).await.expect(200).json();
    for field in ["status", "email_verified", "must_change_password", "updated_at"] {
        assert_eq!(listed[field], now[field], "{field}");
    }
}

/// Takes the lists away, as in a table from before there were any.
async fn take_lists_away(app: &TestApp) {
    for item in items(app).await {
        if ["person", "listed", "filling"].contains(&item["entity"].text_of("S")) {
            let key = json!({ "PK": item["PK"], "SK": item["SK"] });
            let delete = json!({ "TableName": table_of(app), "Key": key });
            ask_dynamodb(app.stack.dynamodb_endpoint(), "DeleteItem", &delete).await;
        }
    }
}

async fn entities(app: &TestApp, entity: &str) -> usize {
    items(app).await.iter().filter(|item| item["entity"]["S"] == entity).count()
}

#[tokio::test]
async fn a_table_from_before_the_lists_is_read_by_id_until_two_runs_have_filled_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let firm = Firm::on(Options { data: data.clone(), ..options() }).await;
    register(&firm.app, &PEOPLE).await;
    firm.root.get("/users").await.expect(200);
    let (persons, listed) =
        (entities(&firm.app, "person").await, entities(&firm.app, "listed").await);
    take_lists_away(&firm.app).await;
    let run = json!({ "time": "2026-11-30T00:00:00Z" });
    let fill = async |app: &TestApp| -> Value {
        let path = "/_local/schedule/fill_people_lists";
        app.post(path, run.clone()).await.expect(200).json()
    };
    // A stack that begins over such a table goes through it once.
    let later = TestApp::start(Options {
        dynamodb_endpoint: Some(firm.app.stack.dynamodb_endpoint().to_owned()),
        table: table_of(&firm.app),
        data,
        ..options()
    })
    .await;
    assert_eq!(entities(&firm.app, "person").await, persons);
    assert_eq!(fill(&later).await, json!({ "listed": 0, "failed": 0, "done": false }), "too early");
    let root = later.admin().await;
    let by_id = root.all("/users?limit=2").await;
    assert!(by_id.is_sorted_by_key(|one| one.text_of("id").to_owned()));
    assert_eq!(by_id.len(), 7);
    assert_eq!(usernames(&root, "/users?q=ad&", 1).await.len(), 5);
    let half = root.get("/users?limit=3").await.expect(200).json();
    later.advance(16 * 60).await;
    assert_eq!(fill(&later).await, json!({ "listed": 7, "failed": 0, "done": true }));
    assert_eq!(fill(&later).await, json!({ "listed": 0, "failed": 0, "done": true }));
    let root = later.admin().await;
    let sorted = ["yak", "zed", "adam", "admin", "xen", "wim", "vic"];
    assert_eq!(usernames(&root, "/users?", 2).await, sorted);
    let again = json!({ "time": "2026-11-30T00:00:00Z", "again": true });
    let again = later.post("/_local/schedule/fill_people_lists", again).await.expect(200).json();
    assert_eq!(again, json!({ "listed": 7, "failed": 0, "done": false }));
    // Who is on the way through goes on as they began.
    let rest = format!("/users?limit=50&cursor={}", half.text_of("next_cursor"));
    let rest = root.get(&rest).await.expect(200).items();
    assert_eq!(half.items().iter().chain(&rest).collect::<Vec<_>>().len(), 7);
    let now = (entities(&firm.app, "person").await, entities(&firm.app, "listed").await);
    assert_eq!(now, (persons, listed));
}
