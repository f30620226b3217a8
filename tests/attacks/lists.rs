//! Lists and ids: what a caller may see, with which cursor, and what is no id.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{api::Firm, support::PASSWORD};

fn ids(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn attack_34_a_cursor_is_good_for_its_caller_its_query_and_its_organization_alone() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let second = firm.member("second", "MY_COMPANY", &["admin"]).await;
    firm.by_root(Method::PUT, &Firm::at(&boss, "OTHER"), Some(json!({}))).await.expect(201);
    firm.by_root(Method::PUT, &format!("{}/roles/admin", Firm::at(&boss, "OTHER")), None)
        .await
        .expect(201);
    let body =
        json!({ "email": "boss@example.com", "password": PASSWORD, "organization": "OTHER" });
    let elsewhere = firm.app.post("/api/v1/auth/token", &body).await.expect(200).json();
    let page = firm.send(&boss, Method::GET, "users?limit=1", None).await.expect(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = firm
        .send(&boss, Method::GET, &format!("users?limit=1&cursor={cursor}"), None)
        .await
        .expect(200)
        .json();
    assert_ne!(ids(&page), ids(&next));
    let (head, tail) = cursor.split_at(cursor.len() / 2);
    let forged = format!("{head}{}{}", if tail.starts_with('A') { 'B' } else { 'A' }, &tail[1..]);
    for (who, path) in [
        (&second, format!("users?limit=1&cursor={cursor}")),
        (&elsewhere, format!("users?limit=1&cursor={cursor}")),
        (&firm.root, format!("users?limit=1&cursor={cursor}")),
        (&boss, format!("users?status=active&cursor={cursor}")),
        (&boss, format!("organizations?cursor={cursor}")),
        (&boss, format!("organizations/MY_COMPANY/members?cursor={cursor}")),
        (&boss, format!("users?cursor={forged}")),
        (&boss, "users?cursor=x".to_owned()),
    ] {
        firm.send(who, Method::GET, &path, None).await.expect_problem(400, "invalid_cursor");
    }
}

#[tokio::test]
async fn attack_36_filters_give_only_what_the_caller_may_see() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let eve = firm.member("eve", "OTHER", &["viewer"]).await;
    firm.by_root(Method::PUT, &Firm::at(&eve, "OTHER"), Some(json!({ "employee_id": "E-1" })))
        .await
        .expect(200);
    firm.by_root(Method::PUT, &Firm::at(&ada, "MY_COMPANY"), Some(json!({ "employee_id": "E-1" })))
        .await
        .expect(200);
    firm.by_root(Method::PUT, &Firm::at(&ada, "OTHER"), Some(json!({}))).await.expect(201);
    let (boss_id, ada_id, eve_id) = (&boss["user"]["id"], &ada["user"]["id"], &eve["user"]["id"]);
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
        let page =
            firm.send(who, Method::GET, &format!("users?{query}"), None).await.expect(200).json();
        let found: BTreeSet<String> =
            found.into_iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        assert_eq!(ids(&page).into_iter().collect::<BTreeSet<_>>(), found, "{query}");
    }
    let seen = firm.send(&boss, Method::GET, "users?username=ada", None).await.json();
    let places: Vec<&Value> = seen["items"][0]["memberships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["organization"])
        .collect();
    assert_eq!(places, ["MY_COMPANY"], "what somebody is elsewhere is not told");
    let all = firm.by_root(Method::GET, "users", None).await.expect(200).json();
    assert_eq!(ids(&all).len(), 4);
}

#[tokio::test]
async fn attack_48_what_is_no_id_is_4xx_and_no_key_is_another_one() {
    let firm = Firm::new().await;
    let long = "x".repeat(2000);
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let id = ada["user"]["id"].as_str().unwrap();
    for odd in
        ["%23", "ORG%23A%23USER%23x", "MY_COMPANY%23x", "my_company", "%00", "a%20b", long.as_str()]
    {
        for path in [
            format!("organizations/{odd}"),
            format!("organizations/{odd}/members"),
            format!("organizations/{odd}/members/{id}"),
            format!("organizations/MY_COMPANY/members/{odd}"),
            format!("organizations/MY_COMPANY/members/{odd}/roles"),
            format!("users/{odd}"),
            format!("modules/{odd}"),
            format!("permissions/{odd}"),
            format!("roles/{odd}"),
            format!("roles/{odd}/permissions"),
        ] {
            let response = firm.by_root(Method::GET, &path, None).await;
            assert!((400..500).contains(&response.status), "{path}: {response:?}");
        }
    }
    for odd in ["", "#", "ORG#A", " ", &long] {
        for list in ["organizations", "modules", "roles"] {
            let body = json!({ "code": odd, "name": "X", "level": 6 });
            let response = firm
                .by_root(Method::POST, list, Some(body))
                .await
                .expect_problem(422, "validation_failed");
            assert!(
                response.wrong_fields().contains(&"code: invalid_code".to_owned()),
                "{response:?}"
            );
        }
        let response = firm
            .check(&firm.root, json!({ "permission": "pid.create", "organization": odd }))
            .await;
        assert_eq!(response["allowed"], false, "{odd:?}");
    }
}

#[tokio::test]
async fn modules_come_in_order_page_by_page_and_none_is_left_out() {
    let firm = Firm::new().await;
    for (code, order, name) in [("z", 5, "A"), ("b", 5, "A b"), ("c", -3, "Z"), ("d", 5, "A")] {
        let body = json!({ "code": code, "name": name, "order": order });
        firm.by_root(Method::POST, "modules", Some(body)).await.expect(201);
    }
    let (mut seen, mut path) = (Vec::new(), "modules?limit=1".to_owned());
    loop {
        let page = firm.by_root(Method::GET, &path, None).await.expect(200).json();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["code"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("modules?limit=1&cursor={cursor}");
    }
    assert_eq!(seen, ["c", "PID", "RBAC", "d", "z", "b"]);
}

#[tokio::test]
async fn a_stranger_without_an_organization_sees_nobody_of_the_platform() {
    let firm = Firm::new().await;
    let lone = firm.app.signed_in("lone").await;
    let seen = |page: Value| -> BTreeSet<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["username"].as_str().unwrap().to_owned())
            .collect()
    };
    let by = async |who: &Value| {
        seen(firm.send(who, Method::GET, "active-users", None).await.expect(200).json())
    };
    assert_eq!(by(&lone).await, BTreeSet::from(["lone".to_owned()]));
    assert_eq!(by(&firm.root).await, BTreeSet::from(["admin".to_owned(), "lone".to_owned()]));
}
