//! Lists as CSV: the rows of the list, in pages, and nothing that a spreadsheet runs.

use serde_json::{Value, json};

use crate::support::{Actor, Firm};

/// All pages of a table: the names of its columns and its rows.
async fn table(reader: &Actor, path: &str, limit: usize) -> (Vec<String>, Vec<Vec<String>>) {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    let separator = if path.contains('?') { '&' } else { '?' };
    for page in 0.. {
        let path = format!("{path}{separator}limit={limit}{cursor}");
        let response = reader.get(&path).await.expect(200);
        assert_eq!(response.header("content-type"), "text/csv; charset=utf-8");
        let text = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(response.text.as_bytes())
            .into_records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
            .collect::<Vec<_>>();
        assert!(text.len() <= limit + usize::from(page == 0), "{text:?}");
        rows.extend(text);
        match response.header("rolecall-next-cursor") {
            "" => break,
            next => cursor = format!("&cursor={next}"),
        }
    }
    let names = rows.remove(0);
    (names, rows)
}

/// Memberships without their roles, which tables have and lists have not.
fn without_roles(mut memberships: Value) -> Value {
    for membership in memberships.as_array_mut().unwrap() {
        membership.as_object_mut().unwrap().remove("roles");
    }
    memberships
}

/// What the list says of a cell: texts as they are, all else in JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Asserts that a table has the rows of a list, whatever the size of its pages.
async fn assert_same(reader: &Actor, list: &str, query: &str) -> Vec<Vec<String>> {
    let (path, csv) = (format!("{list}{query}"), format!("{list}.csv{query}"));
    let items = reader.all(&path).await;
    let (names, rows) = table(reader, &csv, 200).await;
    let expected: Vec<Vec<String>> =
        items.iter().map(|item| names.iter().map(|name| cell(&item[name])).collect()).collect();
    assert!(
        items.iter().all(|item| names.iter().all(|name| item.get(name).is_some())),
        "{names:?}"
    );
    let mut bare = rows.clone();
    if let Some(place) = names.iter().position(|name| name == "memberships") {
        for row in &mut bare {
            row[place] = without_roles(serde_json::from_str(&row[place]).unwrap()).to_string();
        }
    }
    assert_eq!(bare, expected);
    assert_eq!(table(reader, &csv, 2).await, (names, rows.clone()));
    rows
}

#[tokio::test]
async fn users_and_members_are_the_rows_of_their_lists() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    for name in ["ada", "bob", "cyd", "dan"] {
        firm.member(name, "MY_COMPANY", &[]).await;
    }
    let ada = firm.member("eve", "OTHER", &[]).await;
    firm.app.logins_noted(7).await;
    let all = assert_same(&firm.root, "/users", "").await;
    assert_eq!(all.len(), 7);
    let one = assert_same(&firm.root, "/users", "?username=ada").await;
    assert_eq!(one[0][2], "ada@example.com");
    assert_eq!(assert_same(&firm.root, "/users", "?organization=OTHER").await.len(), 1);
    assert_eq!(assert_same(&boss, "/users", "").await.len(), 5);
    let members = assert_same(&boss, "/organizations/MY_COMPANY/members", "").await;
    assert_eq!(members.len(), 5);
    // As the lists refuse.
    ada.get("/users.csv").await.expect_problem(403, "forbidden");
    boss.get("/organizations/OTHER/members.csv").await.expect_problem(404, "not_found");
    boss.get("/users.csv?format=xls").await.expect_problem(422, "validation_failed");
    boss.get("/users.csv?limit=201").await.expect_problem(422, "validation_failed");
    let first = firm.root.get("/users.csv?limit=1").await.expect(200);
    let cursor = first.header("rolecall-next-cursor");
    boss.get(&format!("/users.csv?cursor={cursor}")).await.expect_problem(400, "invalid_cursor");
}

#[tokio::test]
async fn activities_are_the_rows_of_their_list_with_its_filters() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    for n in 0..5 {
        let body = json!({ "activity_type": "drawn", "category": "data_management",
            "description": format!("sheet, \"{n}\"\nof 5"),
            "tags": ["a", "b"], "details": { "n": n }, "duration_ms": n,
            "related": { "type": "sheet", "id": "1" } });
        boss.post("/activities", body).await.expect(201);
    }
    let rows = assert_same(&boss, "/activities", "?activity_type=drawn").await;
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[0][8], "sheet, \"4\"\nof 5");
    assert_same(&boss, "/activities", "?tag=a&activity_type=drawn").await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    ada.get("/activities.csv").await.expect_problem(403, "forbidden");
    ada.get(&format!("/activities.csv?user_id={}", ada.id)).await.expect(200);
}

#[tokio::test]
async fn what_a_spreadsheet_would_run_is_text() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let run = "=HYPERLINK(\"http://evil.example\",\"x\")";
    boss.patch("/me", json!({ "phone_number": "+12025550142" })).await.expect(200);
    for text in [run, "-2+3", "+1", "@SUM(A1)", "plain"] {
        let body = json!({ "activity_type": "told", "category": "api", "description": text });
        boss.post("/activities", body).await.expect(201);
    }
    let member = json!({ "department": run });
    boss.put(&boss.at("MY_COMPANY"), member).await.expect(200);
    let (names, rows) = table(&boss, "/activities.csv?activity_type=told", 50).await;
    let place = names.iter().position(|name| name == "description").unwrap();
    let told: Vec<&str> = rows.iter().map(|row| row[place].as_str()).collect();
    assert_eq!(told, ["plain", "'@SUM(A1)", "'+1", "'-2+3", &format!("'{run}")]);
    let (_, rows) = table(&boss, "/users.csv", 50).await;
    assert!(rows[0].contains(&"'+12025550142".to_owned()), "{rows:?}");
    let (_, rows) = table(&boss, "/organizations/MY_COMPANY/members.csv", 50).await;
    assert!(rows[0].contains(&format!("'{run}")), "{rows:?}");
}
