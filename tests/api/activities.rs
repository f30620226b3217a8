//! The log: tracking, lists with every filter, one by id.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json};

fn types(page: &Value) -> Vec<&str> {
    page.each("activity_type")
}

fn ids(page: &Value) -> Vec<String> {
    page.items().iter().map(|one| one.text_of("id").to_owned()).collect()
}

/// Whether a filter is to give an activity.
type Wanted<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

/// Every activity that a filter gives.
async fn all(who: &Actor, query: &str) -> Vec<Value> {
    who.all(&format!("/activities?{query}")).await
}

#[tokio::test]
async fn what_is_tracked_comes_back_as_it_went_in_with_who_and_from_where() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let details = json!({
        "file_name": "pid-101.dwg", "file_size": 482_133, "big": 9_007_199_254_740_993_i64,
            "ratio": 0.1, "none": null,
        "nested": [{ "deep": [1, 2.5, "x", { "password": "hunter2", "n": -1 }] }], "apiKey": "k",
            "text": "\u{1f980} \"\\",
    });
    let fields = json!({
        "severity": "high", "success": false, "error_message": "The disk is full.",
            "details": details,
        "metadata": { "build": "7", "refresh_token": "r" }, "tags": ["drawing", "pid"],
            "duration_ms": 12.5,
        "related": { "type": "document", "id": "pid-101" },
    });
    let body = json!({ "activity_type": "document_uploaded", "description": "A drawing.\nTwo.",
        "category": "data_management" });
    let made = ada
        .post("/activities", body.with(fields))
        .header("X-Request-Id", "the-request")
        .header("User-Agent", "seed/1")
        .await
        .expect(201)
        .json();
    let mut redacted = details.clone();
    redacted["nested"][0]["deep"][3]["password"] = json!("***");
    redacted["apiKey"] = json!("***");
    let expected = json!({
        "id": made["id"], "organization": "MY_COMPANY", "activity_type": "document_uploaded",
            "description": "A drawing.\nTwo.",
        "category": "data_management", "severity": "high", "success": false,
            "reported": false, "error_message": "The disk is full.",
        "user_id": ada.id, "username": "ada", "service_id": null,
        "subject_id": null, "subject_username": null,
        "session_id": ada.session_id, "ip_address": "127.0.0.1",
            "user_agent": "seed/1",
        "request_id": "the-request", "details": redacted, "metadata": { "build": "7",
            "refresh_token": "***" },
        "tags": ["drawing", "pid"], "duration_ms": 12.5, "related": { "type": "document",
            "id": "pid-101" },
        "created_at": made["created_at"],
    });
    assert_eq!(made, expected);
    let one = format!("/activities/{}", made.text_of("id"));
    assert_eq!(boss.get(&one).await.expect(200).json(), expected);
    let listed = boss.get("/activities?activity_type=document_uploaded").await.expect(200).json();
    assert_eq!((&listed["items"][0], &listed["next_cursor"]), (&expected, &Value::Null));
    assert_eq!(ada.get(&one).await.expect(200).json(), expected, "one's own");
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        boss.request(method, &one).json(json!({})).await.expect_problem(405, "method_not_allowed");
    }
}

#[tokio::test]
async fn what_cannot_be_tracked_is_refused_by_the_name_of_its_field() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let good =
        json!({ "activity_type": "backup_created", "description": "x", "category": "maintenance" });
    for (field, value, error) in [
        ("activity_type", json!("Not A Slug"), "activity_type: invalid_slug"),
        ("activity_type", json!("authn_login_success"), "activity_type: reserved"),
        ("activity_type", json!("api_request"), "activity_type: reserved"),
        ("category", json!("weather"), "category: unknown_category"),
        ("severity", json!("fatal"), "severity: unknown_severity"),
        ("description", json!(" "), "description: too_short"),
        ("description", json!("\u{1b}[2J"), "description: invalid_characters"),
        ("description", json!("x".repeat(1001)), "description: too_long"),
        ("details", json!({ "x": "y".repeat(16 * 1024) }), "details: too_long"),
        ("metadata", json!([]), "metadata: wrong_type"),
        ("tags", json!(["a".repeat(51)]), "tags[0]: too_long"),
        ("duration_ms", json!(-1), "duration_ms: out_of_range"),
        ("related", json!({ "type": "document" }), "related.id: required"),
        ("user_id", json!(ada.id), "user_id: unknown_field"),
        ("organization", json!("OTHER"), "organization: unknown_field"),
        ("created_at", json!("2020-01-01T00:00:00Z"), "created_at: unknown_field"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let response = ada.post("/activities", body).await.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), [error]);
    }
    let full = json!({ "x": "y".repeat(16 * 1024 - 8) });
    ada.track(json!({ "details": full })).await;
    for (query, error) in [
        ("category=weather", "category[0]: unknown_category"),
        ("severity=high&severity=fatal", "severity[1]: unknown_severity"),
        ("success=yes", "success: invalid"),
        ("since=yesterday", "since: invalid_time"),
        ("hours=0", "hours: out_of_range"),
        ("activity_type=a&activity_type=b", "activity_type: repeated"),
        ("user_id=me", "user_id: invalid_id"),
        ("sort=asc", "sort: unknown_field"),
    ] {
        let response = firm
            .root
            .get(&format!("/activities?{query}"))
            .await
            .expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), [error]);
    }
}

#[tokio::test]
async fn a_batch_keeps_the_good_ones_and_names_what_is_wrong_with_the_others() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let one = |n: usize| {
        json!({ "activity_type": format!("step_{n}"), "description": "x",
        "category": "ml_ai" })
    };
    let mut activities: Vec<Value> = (0..25).map(one).collect();
    activities[3] = json!({ "activity_type": "step_3", "category": "ml_ai" });
    activities[7] = json!("no object");
    let send =
        |activities: &[Value]| boss.post("/activities/batch", json!({ "activities": activities }));
    let again = |activities: &[Value]| send(activities).header("Idempotency-Key", "k");
    let response = again(&activities).await.expect(200);
    let results = response.json().list_of("results").clone();
    assert_eq!(
        (results.len(), &results[3]["code"], &results[7]["status"]),
        (25, &json!("validation_failed"), &json!(422))
    );
    assert_eq!(results[3]["errors"][0]["field"], "description");
    let kept: BTreeSet<&str> = results.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(kept.len(), 23);
    assert_eq!(
        again(&activities).await.expect(200).json()["results"],
        response.json()["results"],
        "the key answers again"
    );
    again(&activities[..2]).await.expect_problem(422, "idempotency_key_reused");
    // The stream lists new types, as many as are looked for by themselves and one more.
    firm.app
        .settled(|items| {
            let listed = |item: &&Value| {
                item["entity"]["S"] == "activity type"
                    && item["SK"]["S"].as_str().is_some_and(|sk| sk.starts_with("ml_ai#"))
            };
            items.iter().filter(listed).count() >= 9
        })
        .await;
    let listed = all(&boss, "category=ml_ai&limit=10").await;
    assert_eq!(listed.iter().map(|one| one.text_of("id")).collect::<BTreeSet<_>>(), kept);
    send(&activities[..5]).await.expect(200);
    assert_eq!(all(&boss, "category=ml_ai").await.len(), 27);
    let too_many: Vec<Value> = (0..26).map(one).collect();
    let refused = send(&too_many).await.expect_problem(422, "validation_failed");
    assert_eq!(refused.wrong_fields(), ["activities: out_of_range"]);
    for nothing in [json!({}), json!({ "activities": null })] {
        let response =
            boss.post("/activities/batch", nothing).await.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), ["activities: required"]);
    }
    send(&[]).await.expect_problem(422, "validation_failed");
}

#[tokio::test]
async fn a_key_gives_the_first_activity_again() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let body =
        json!({ "activity_type": "backup_created", "description": "x", "category": "maintenance" });
    let send = |body: &Value| ada.post("/activities", body).header("Idempotency-Key", "k");
    let first = send(&body).await.expect(201);
    assert_eq!(send(&body).await.expect(201).text, first.text);
    let mut other = body.clone();
    other["severity"] = json!("low");
    send(&other).await.expect_problem(422, "idempotency_key_reused");
    assert_eq!(
        all(&firm.root, "organization=MY_COMPANY&activity_type=backup_created").await.len(),
        1
    );
}

#[tokio::test]
async fn every_filter_gives_what_it_says_and_all_of_it() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let foreign = firm.member("foreign", "OTHER", &["admin"]).await;
    foreign.track(json!({ "severity": "critical" })).await;
    let start = boss.track(json!({ "activity_type": "begun" })).await;
    for n in 0..40 {
        let category = ["ml_ai", "communication", "maintenance"][n % 3];
        let severity = ["info", "low", "normal", "high", "critical"][n % 5];
        let who = if n % 2 == 0 { &boss } else { &ada };
        let fields = json!({
            "activity_type": format!("type_{}", n % 4), "category": category, "severity": severity,
                "success": n % 8 != 0,
            "tags": if n % 10 == 0 { vec!["rare"] } else { vec![] },
        });
        who.track(fields).await;
    }
    let end = boss.track(json!({ "activity_type": "ended" })).await;
    firm.app.stack.recorded().await;
    let since = format!("{}&until={}", start.text_of("created_at"), end.text_of("created_at"));
    let everything: Vec<Value> = all(&boss, &format!("since={since}")).await;
    assert!(everything.len() >= 41);
    let (ada_id, boss_id) = (&ada.id, &boss.id);
    let is = |field: &'static str, value: Value| move |one: &Value| one[field] == value;
    let tagged = |one: &Value| one.list_of("tags").contains(&json!("rare"));
    let cases: Vec<(String, Wanted<'_>)> = vec![
        ("activity_type=type_1".into(), Box::new(is("activity_type", json!("type_1")))),
        ("activity_type=type_none".into(), Box::new(|_| false)),
        ("category=ml_ai".into(), Box::new(is("category", json!("ml_ai")))),
        (
            "category=ml_ai&category=maintenance".into(),
            Box::new(|one| one["category"] == "ml_ai" || one["category"] == "maintenance"),
        ),
        ("category=api".into(), Box::new(|one| one["category"] == "api")),
        ("severity=low".into(), Box::new(is("severity", json!("low")))),
        ("severity=critical".into(), Box::new(is("severity", json!("critical")))),
        (
            "severity=high&severity=critical".into(),
            Box::new(|one| one["severity"] == "high" || one["severity"] == "critical"),
        ),
        (
            "severity=info&severity=high".into(),
            Box::new(|one| one["severity"] == "info" || one["severity"] == "high"),
        ),
        ("success=false".into(), Box::new(is("success", json!(false)))),
        ("success=true".into(), Box::new(is("success", json!(true)))),
        (
            "success=false&severity=high&severity=critical".into(),
            Box::new(|one| {
                one["success"] == false
                    && (one["severity"] == "high" || one["severity"] == "critical")
            }),
        ),
        (format!("user_id={ada_id}"), Box::new(is("user_id", json!(ada_id)))),
        (
            format!("user_id={boss_id}&category=ml_ai"),
            Box::new(|one| one["user_id"] == json!(boss_id) && one["category"] == "ml_ai"),
        ),
        ("tag=rare".into(), Box::new(tagged)),
        (
            "tag=rare&success=true&activity_type=type_2".into(),
            Box::new(|one| {
                tagged(one) && one["success"] == true && one["activity_type"] == "type_2"
            }),
        ),
        ("hours=1".into(), Box::new(|_| true)),
    ];
    for (query, wanted) in cases {
        let expected: Vec<&Value> = everything.iter().filter(|one| wanted(one)).collect();
        for limit in [3, 50, 200] {
            let found = all(&boss, &format!("{query}&since={since}&limit={limit}")).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query} by {limit}");
        }
    }
    let middle = everything[20].text_of("created_at");
    let (first, last) = (start.text_of("created_at"), end.text_of("created_at"));
    let newer = all(&boss, &format!("since={middle}&until={last}")).await;
    let older = all(&boss, &format!("until={middle}&since={first}")).await;
    assert_eq!(newer.into_iter().chain(older).collect::<Vec<_>>(), everything);
    assert!(everything.is_sorted_by(|a, b| a["id"].as_str() > b["id"].as_str()), "newest first");
}

#[tokio::test]
async fn whose_log_it_is_decides_the_caller_and_super_admins_see_all() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let foreign = firm.member("foreign", "OTHER", &["admin"]).await;
    let (mine, theirs) = (boss.track(json!({})).await, foreign.track(json!({})).await);
    let of = async |who: &Actor, query: &str| {
        all(who, &format!("activity_type=document_uploaded&{query}")).await
    };
    assert_eq!(of(&boss, "").await, std::slice::from_ref(&mine));
    assert_eq!(of(&boss, "organization=MY_COMPANY").await, std::slice::from_ref(&mine));
    for other in ["OTHER", "NOWHERE", "*"] {
        boss.get(&format!("/activities?organization={other}"))
            .await
            .expect_problem(403, "forbidden");
    }
    assert_eq!(of(&firm.root, "organization=OTHER").await, std::slice::from_ref(&theirs));
    assert_eq!(of(&firm.root, "organization=*").await, [theirs.clone(), mine.clone()]);
    assert_eq!(
        of(&firm.root, "").await,
        Vec::<Value>::new(),
        "a super admin's own log is PLATFORM's"
    );
    let one = format!("/activities/{}", theirs.text_of("id"));
    boss.get(&one).await.expect_problem(404, "not_found");
    firm.root.get(&one).await.expect_problem(404, "not_found");
    assert_eq!(firm.root.get(&format!("{one}?organization=*")).await.expect(200).json(), theirs);
    // What was done to a user is in the logs of all their organizations.
    let id = &boss.id;
    firm.root.put(&boss.at("OTHER"), json!({})).await.expect(201);
    let seen = |found: &[Value]| {
        found.iter().map(|one| one.text_of("organization").to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(
        seen(&all(&firm.root, &format!("subject_id={id}")).await),
        ["MY_COMPANY", "OTHER", "PLATFORM"].map(str::to_owned).into()
    );
    for query in ["subject_id", "user_id"] {
        assert_eq!(
            seen(&all(&boss, &format!("{query}={id}")).await),
            BTreeSet::from(["MY_COMPANY".to_owned()])
        );
    }
}

#[tokio::test]
async fn pages_hold_everything_once_while_others_write() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let mut before = BTreeSet::new();
    for n in 0..60 {
        before.insert(boss.track(json!({ "success": n % 3 != 0 })).await.text_of("id").to_owned());
    }
    for query in ["", "activity_type=document_uploaded&", "success=false&"] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/activities?{query}limit=7{cursor}");
            let (page, _) = futures::join!(
                boss.get(&path).into_future(),
                boss.track(json!({ "success": false }))
            );
            let page = page.expect(200).json();
            found.extend(ids(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let idempotency: BTreeSet<String> = found.iter().cloned().collect();
        assert_eq!(idempotency.len(), found.len(), "{query}: none twice");
        let is_whole = if query == "success=false&" {
            before.intersection(&idempotency).count() >= 20
        } else {
            before.is_subset(&idempotency)
        };
        assert!(is_whole, "{query}: none missing");
    }
}

#[tokio::test]
async fn the_seeds_queries_and_trackings_work() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let upload =
        ada.track(json!({ "details": { "file_name": "pid-101.dwg", "file_size": 482_133 } })).await;
    let failure = json!({ "activity_type": "export_failed", "category": "system_operation",
        "severity": "critical", "success": false });
    ada.track(failure).await;
    let listed =
        async |query: &str| boss.get(&format!("/activities?{query}")).await.expect(200).json();
    assert!(types(&listed("hours=24").await).contains(&"document_uploaded"));
    assert_eq!(
        types(&listed("success=false&severity=high&severity=critical").await),
        ["export_failed"]
    );
    assert_eq!(types(&listed("category=system_operation").await), ["export_failed"]);
    let id = &ada.id;
    let last = listed(&format!("user_id={id}&limit=50")).await;
    let mut done = types(&last).into_iter().filter(|one| *one != "api_request");
    assert_eq!(done.next(), Some("export_failed"));
    assert!(last.items().contains(&upload));
}
