//! Lists and ids: what a caller may see, with which cursor, and what is no id.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::{Firm, Json};

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
async fn a_cursor_holds_nothing_that_can_be_read() {
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
    assert_eq!(BTreeSet::from_iter(page.each("username")), BTreeSet::from(["admin", "lone"]));
}
