//! Lists and ids: what a caller may see, with which cursor, and what is no id.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_domain::ports::OrganizationStore;
use serde_json::{Value, json};

use crate::{
    contracts::store_of,
    support::{Actor, Firm, Json, record_of_before},
};

#[tokio::test]
async fn attack_34_a_cursor_is_good_for_its_caller_its_query_and_its_organization_alone() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let second = firm.member("second", "MY_COMPANY", &["admin"]).await;
    firm.root.put(&boss.at("OTHER"), json!({})).await.expect(201);
    firm.root.put(&format!("{}/roles/admin", boss.at("OTHER")), ()).await.expect(201);
    let elsewhere = firm.signed_in_at("boss", "OTHER").await;
    let page = boss.get("/users?limit=1").await.expect(200).json();
    let cursor = page.text_of("next_cursor");
    let next = boss.get(&format!("/users?limit=1&cursor={cursor}")).await.expect(200).json();
    assert_ne!(page.each("id"), next.each("id"));
    let (head, tail) = cursor.split_at(cursor.len() / 2);
    let forged = format!("{head}{}{}", if tail.starts_with('A') { 'B' } else { 'A' }, &tail[1..]);
    for (who, path) in [
        (&second, format!("/users?limit=1&cursor={cursor}")),
        (&elsewhere, format!("/users?limit=1&cursor={cursor}")),
        (&firm.root, format!("/users?limit=1&cursor={cursor}")),
        (&boss, format!("/users?status=active&cursor={cursor}")),
        (&boss, format!("/organizations?cursor={cursor}")),
        (&boss, format!("/organizations/MY_COMPANY/members?cursor={cursor}")),
        (&boss, format!("/users?cursor={forged}")),
        (&boss, "/users?cursor=x".to_owned()),
    ] {
        who.get(&path).await.expect_problem(400, "invalid_cursor");
    }
}

#[tokio::test]
async fn attack_66_a_cursor_holds_nothing_that_can_be_read() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    for _ in 0..3 {
        boss.track(json!({})).await;
    }
    for path in [
        "/activities?limit=1",
        "/users?limit=1",
        "/organizations/MY_COMPANY/members?limit=1",
        "/roles?limit=1",
        "/permissions?limit=1",
        "/modules?limit=1",
        "/me/permissions?limit=1",
        "/user-sessions?limit=1",
    ] {
        if path.starts_with("/user-sessions") {
            firm.signed_in_at("boss", "MY_COMPANY").await;
        }
        let page = boss.get(path).await.expect(200).json();
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert!(path.starts_with("/modules"), "{path} has one page");
            continue;
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
        let shown = page.items()[0].as_object().unwrap().values().filter_map(Value::as_str);
        for text in shown.filter(|text| text.len() > 3) {
            assert!(
                !bytes.windows(text.len()).any(|part| part == text.as_bytes()),
                "{path} {text}"
            );
        }
        let again = boss.get(path).await.expect(200).json();
        assert_ne!(again["next_cursor"], *cursor, "{path}: equal positions look different");
        let next = format!("{path}&cursor={cursor}");
        let next = boss.get(&next).await.expect(200).json();
        assert_ne!(next.items()[0], page.items()[0], "{path}");
    }
}

#[tokio::test]
async fn attack_36_filters_give_only_what_the_caller_may_see() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let eve = firm.member("eve", "OTHER", &["viewer"]).await;
    firm.root.put(&eve.at("OTHER"), json!({ "employee_id": "E-1" })).await.expect(200);
    firm.root.put(&ada.at("MY_COMPANY"), json!({ "employee_id": "E-1" })).await.expect(200);
    firm.root.put(&ada.at("OTHER"), json!({})).await.expect(201);
    let (boss_id, ada_id, eve_id) = (&boss.id, &ada.id, &eve.id);
    for (who, query, found) in [
        (&boss, "", vec![boss_id, ada_id]),
        (&boss, "email=ada@example.com", vec![ada_id]),
        (&boss, "email=EVE@example.com", vec![]),
        (&boss, "username=eve", vec![]),
        (&boss, "employee_id=E-1", vec![ada_id]),
        (&boss, "name=AD", vec![ada_id]),
        (&boss, "name=ev", vec![]),
        (&boss, "role=viewer", vec![ada_id]),
        (&boss, "role=viewer&status=suspended", vec![]),
        (&boss, "organization=OTHER", vec![]),
        (&boss, "organization=NOWHERE", vec![]),
        (&boss, "organization=MY_COMPANY&role=admin", vec![boss_id]),
        (&firm.root, "organization=OTHER", vec![ada_id, eve_id]),
        (&firm.root, "organization=OTHER&employee_id=E-1", vec![eve_id]),
        (&firm.root, "username=eve", vec![eve_id]),
        (&firm.root, "role=admin", vec![boss_id]),
        (&firm.root, "email=ada@example.com&username=eve", vec![]),
    ] {
        let page = who.get(&format!("/users?{query}")).await.expect(200).json();
        let found: BTreeSet<&str> = found.into_iter().map(String::as_str).collect();
        assert_eq!(BTreeSet::from_iter(page.each("id")), found, "{query}");
    }
    let seen = boss.get("/users?username=ada").await.json();
    let places: Vec<&Value> =
        seen.list_of("items/0/memberships").iter().map(|one| &one["organization"]).collect();
    assert_eq!(places, ["MY_COMPANY"], "what somebody is elsewhere is not told");
    let all = firm.root.get("/users").await.expect(200).json();
    assert_eq!(all.items().len(), 4);
}

#[tokio::test]
async fn attack_48_what_is_no_id_is_4xx_and_no_key_is_another_one() {
    let firm = Firm::new().await;
    let long = "x".repeat(2000);
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let id = &ada.id;
    for odd in
        ["%23", "ORG%23A%23USER%23x", "MY_COMPANY%23x", "my_company", "%00", "a%20b", long.as_str()]
    {
        for path in [
            format!("/organizations/{odd}"),
            format!("/organizations/{odd}/members"),
            format!("/organizations/{odd}/members/{id}"),
            format!("/organizations/MY_COMPANY/members/{odd}"),
            format!("/organizations/MY_COMPANY/members/{odd}/roles"),
            format!("/users/{odd}"),
            format!("/modules/{odd}"),
            format!("/permissions/{odd}"),
            format!("/roles/{odd}"),
            format!("/roles/{odd}/permissions"),
        ] {
            let response = firm.root.get(&path).await;
            assert!((400..500).contains(&response.status), "{path}: {response:?}");
        }
    }
    for odd in ["", "#", "ORG#A", " ", &long] {
        for list in ["/organizations", "/modules", "/roles"] {
            let body = json!({ "code": odd, "name": "X", "level": 6 });
            let response =
                firm.root.post(list, body).await.expect_problem(422, "validation_failed");
            assert!(
                response.wrong_fields().contains(&"code: invalid_code".to_owned()),
                "{response:?}"
            );
        }
        let response =
            firm.root.check(json!({ "permission": "pid.create", "organization": odd })).await;
        assert_eq!(response["allowed"], false, "{odd:?}");
    }
}

#[tokio::test]
async fn modules_come_in_order_page_by_page_and_none_is_left_out() {
    let firm = Firm::new().await;
    for (code, order, name) in [("z", 5, "A"), ("b", 5, "A b"), ("c", -3, "Z"), ("d", 5, "A")] {
        let body = json!({ "code": code, "name": name, "order": order });
        firm.root.post("/modules", body).await.expect(201);
    }
    let all = firm.root.all("/modules?limit=1").await;
    let seen: Vec<&str> = all.iter().map(|one| one.text_of("code")).collect();
    assert_eq!(seen, ["c", "PID", "RBAC", "d", "z", "b"]);
}

#[tokio::test]
async fn a_stranger_without_an_organization_sees_nobody_of_the_platform() {
    let firm = Firm::new().await;
    let lone = firm.app.signed_in("lone").await;
    let page = lone.get("/active-users").await.expect(200).json();
    assert_eq!(page.each("username"), ["lone"]);
    let page = firm.root.get("/active-users").await.expect(200).json();
    assert_eq!(page.each("username"), ["admin"]);
}

#[tokio::test]
async fn attack_66_an_empty_page_is_the_same_for_a_foreign_user_and_for_a_made_up_id() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let eve = firm.member("eve", "OTHER", &["admin"]).await;
    let victim = firm.member("victim", "OTHER", &[]).await;
    for _ in 0..4 {
        let work = json!({ "activity_type": "secret_work", "description": "Ours.",
            "category": "maintenance", "tags": ["secret"] });
        let batch = vec![work; 25];
        victim.post("/activities/batch", json!({ "activities": batch })).await.expect(200);
    }
    for _ in 0..3 {
        eve.put(&format!("{}/roles/viewer", victim.at("OTHER")), json!({})).await.expect(201);
        eve.delete(&format!("{}/roles/viewer", victim.at("OTHER"))).await.expect(204);
    }
    let log = store_of(&firm.app).log_key("OTHER").await.unwrap();
    let nobody = "0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60";
    let list = "GET /api/v1/activities";
    let mut seen = Vec::new();
    // While it is pending, when it is indexed, and with records of before that are in no index.
    for round in 0..3 {
        if round > 0 {
            firm.app.indexed().await;
        }
        for _ in 0..if round == 2 { 100 } else { 0 } {
            let (log, id) = (log.as_str(), victim.id.as_str());
            record_of_before(&firm.app, log, "authn_login_success", id, &json!({})).await;
        }
        for filter in ["user_id", "subject_id"] {
            for rest in ["limit=1", "limit=50&category=maintenance", "limit=1&tag=secret"] {
                for id in [victim.id.as_str(), eve.id.as_str(), nobody] {
                    let path = format!("/activities?{filter}={id}&{rest}");
                    let page = boss.get(&path).await.expect(200).json();
                    let cost = firm.app.cost_of(list).await;
                    seen.push((page, cost["dynamodb_calls"].clone(), cost["read_units"].clone()));
                }
            }
        }
        for query in ["tag=secret", "activity_type=secret_work", "category=maintenance"] {
            let page = boss.get(&format!("/activities?limit=1&{query}")).await.expect(200).json();
            assert_eq!(page, json!({ "items": [], "next_cursor": null }), "{query}");
        }
    }
    let empty = json!({ "items": [], "next_cursor": null });
    assert!(seen.iter().all(|(page, ..)| *page == empty), "{seen:?}");
    // Nor does the work tell: what is pending of the own organization is the same for all.
    let work: BTreeSet<String> =
        seen.iter().skip(18).map(|(_, calls, units)| format!("{calls} {units}")).collect();
    assert_eq!(work.len(), 1, "{work:?}");
}

#[tokio::test]
async fn attack_66_what_a_member_did_elsewhere_before_is_not_told_by_a_cursor() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    firm.root.put(&ada.at("OTHER"), json!({})).await.expect(201);
    let store = store_of(&firm.app);
    let [here, there] =
        [store.log_key("MY_COMPANY").await.unwrap(), store.log_key("OTHER").await.unwrap()];
    let before = async |log: &str| {
        record_of_before(&firm.app, log, "authn_login_fail", &ada.id, &json!({})).await
    };
    let own = before(here.as_str()).await;
    for _ in 0..150 {
        before(there.as_str()).await;
    }
    for rest in ["&limit=1", "&limit=50"] {
        let path =
            format!("/activities?subject_id={}&activity_type=authn_login_fail{rest}", ada.id);
        let page = boss.get(&path).await.expect(200).json();
        assert_eq!((page.each("id"), &page["next_cursor"]), (vec![own.as_str()], &Value::Null));
    }
}

#[tokio::test]
async fn attack_78_what_was_answered_is_found_by_the_next_call_while_the_stream_is_behind() {
    let mut firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    firm.app.stack.stop_background().await;
    let find = async |who: &Actor, query: &str, id: &str| {
        let page = who.get(&format!("/activities?{query}")).await.expect(200).json();
        assert!(page.each("id").contains(&id), "{query}: {page}");
    };
    let (boss_id, ada_id) = (&boss.id, &ada.id);
    // The first of its type, the second, when the process knows it, and those of types that are
    // one too many for the list of their category.
    for n in 0..30 {
        let activity_type = format!("kind_{}", n / 2);
        let activity = json!({ "activity_type": activity_type, "description": "It happened.",
            "category": "maintenance", "severity": "critical", "success": false,
            "tags": [format!("tag {n}"), "all"] });
        let path = if n % 3 == 0 { "/activities/batch" } else { "/activities" };
        let body = if n % 3 == 0 { json!({ "activities": [activity] }) } else { activity };
        let made = ada.post(path, body).await.json();
        let id = made["id"].as_str().unwrap_or_else(|| made.text_of("results/0/id"));
        for query in [
            String::new(),
            format!("activity_type={activity_type}"),
            "category=maintenance".to_owned(),
            "category=maintenance&category=ml_ai".to_owned(),
            "severity=critical".to_owned(),
            "success=false".to_owned(),
            format!("user_id={ada_id}"),
            format!("user_id={ada_id}&category=maintenance&hours=1"),
            format!("tag=tag%20{n}"),
            "tag=all&success=false".to_owned(),
        ] {
            find(&boss, &query, id).await;
            find(&firm.root, &format!("{query}&organization=MY_COMPANY"), id).await;
        }
        find(&ada, &format!("user_id={ada_id}"), id).await;
        find(&firm.root, &format!("user_id={ada_id}"), id).await;
    }
    // A change, too.
    for (path, activity_type) in [("", "member_updated"), ("/roles/viewer", "role_assigned")] {
        let body = if path.is_empty() { json!({ "department": "Art" }) } else { json!({}) };
        boss.put(&format!("{}{path}", ada.at("MY_COMPANY")), body).await;
        let newest = boss
            .get(&format!("/activities?activity_type={activity_type}&limit=1"))
            .await
            .expect(200)
            .json();
        let id = newest.text_of("items/0/id");
        let category = newest.text_of("items/0/category");
        for query in [
            format!("user_id={boss_id}"),
            format!("subject_id={ada_id}"),
            format!("user_id={boss_id}&subject_id={ada_id}"),
            format!("category={category}"),
        ] {
            find(&boss, &query, id).await;
            find(&firm.root, &format!("{query}&organization=*"), id).await;
        }
    }
}
