//! What there is no more of than a number that the API says.

use std::sync::Arc;

use rolecall_domain::{meter::Meter, ports::DefinitionStore};
use serde_json::{Value, json};

use crate::{
    contracts::store_of,
    support::{
        Actor, Firm, Json, ask_dynamodb, options, partition, size_of, table_of, update_item,
    },
};

/// Stores `count` definitions like the one of this sort key, under codes of the longest kind.
async fn fill(firm: &Firm, like: &str, count: usize) {
    let all = partition(&firm.app, "CATALOGUE").await;
    let one = all.into_iter().find(|item| item.text_of("SK/S") == like).unwrap();
    fill_with(firm, &one, count).await;
}

/// The same like an item.
async fn fill_with(firm: &Firm, like: &Value, count: usize) {
    let (kind, _) = like.text_of("SK/S").split_once('#').unwrap();
    let copies: Vec<Value> = (0..count)
        .map(|n| {
            let code = format!("{:x<64}", format!("filler_{n:04}_"));
            let mut copy = like.clone();
            copy["SK"] = json!({ "S": format!("{kind}#{code}") });
            copy["code"] = json!({ "S": code });
            json!({ "PutRequest": { "Item": copy } })
        })
        .collect();
    for some in copies.chunks(25) {
        let batch = json!({ "RequestItems": { table_of(&firm.app): some } });
        ask_dynamodb(firm.app.stack.dynamodb_endpoint(), "BatchWriteItem", &batch).await;
    }
}

/// So many grants, as an item has them.
fn grants(firm: &Firm, count: usize) -> Value {
    let grant = json!({ "M": { "by": { "S": firm.root.id }, "at": { "N": "1800000000000" } } });
    let codes = (0..count).map(|n| format!("{:x<64}", format!("filler_{n:04}_")));
    json!({ "M": codes.map(|code| (code, grant.clone())).collect::<Value>() })
}

/// Asserts that `setup` refuses what the API refuses.
async fn setup_refuses(firm: &Firm, wanted: Value) {
    let event = wanted.with(json!({ "time": "2026-11-23T09:30:00Z" }));
    for dry_run in [true, false] {
        let event = event.clone().with(json!({ "dry_run": dry_run }));
        let refused = firm.app.post("/_local/schedule/setup", event).await.expect(502);
        assert!(refused.text.contains("wrong"), "{refused:?}");
    }
}

async fn refused(who: &Actor, path: &str, body: Value) {
    let response = who.post(path, body).await.expect_problem(422, "validation_failed");
    assert_eq!(response.wrong_fields(), ["code: too_many"], "{path}");
}

#[tokio::test]
async fn the_catalogue_has_two_hundred_modules_two_thousand_permissions_and_five_hundred_roles() {
    let firm = Firm::new().await;
    for (kind, most) in [("module", 200), ("permission", 2000), ("role", 500)] {
        let like = match kind {
            "module" => "MODULE#pid",
            "permission" => "PERMISSION#pid.create",
            _ => "ROLE#drafter",
        };
        let path = format!("/{kind}s");
        // Beside those that are there is room for two more.
        let there = firm.root.all(&format!("{path}?limit=200")).await.len();
        fill(&firm, like, most - there - 2).await;
        let of_kind = |code: &str| match kind {
            "module" => json!({ "code": code, "name": code }),
            "permission" => {
                json!({ "code": code, "name": code, "module": "PID", "action": "read" })
            }
            _ => json!({ "code": code, "name": code, "level": 5 }),
        };
        firm.root.post(&path, of_kind("last_but_one")).await.expect(201);
        firm.root.post(&path, of_kind("last")).await.expect(201);
        refused(&firm.root, &path, of_kind("one_more")).await;
        setup_refuses(&firm, json!({ &path[1..]: [of_kind("one_more")] })).await;
        firm.root.delete(&format!("{path}/last")).await.expect(204);
        firm.root.post(&path, of_kind("instead")).await.expect(201);
    }
}

#[tokio::test]
async fn a_role_at_its_cap_of_grants_is_an_item_and_takes_no_more() {
    let firm = Firm::new().await;
    fill(&firm, "PERMISSION#pid.create", 1000).await;
    let mut role = partition(&firm.app, "CATALOGUE").await;
    role.retain(|item| item["SK"]["S"] == "ROLE#drafter");
    let mut role = role.remove(0);
    role["permissions"] = grants(&firm, 999);
    role["modules"] = grants(&firm, 999);
    let put = json!({ "TableName": table_of(&firm.app), "Item": role });
    let written = ask_dynamodb(firm.app.stack.dynamodb_endpoint(), "PutItem", &put).await;
    assert!(written["__type"].is_null(), "{written}");
    // Any change has the process read it.
    firm.root.post("/modules", json!({ "code": "NEW", "name": "New" })).await.expect(201);
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    // Again is no more.
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(200);
    let one_more = format!("/roles/drafter/permissions/{:x<64}", "filler_0999_");
    let response = firm.root.put(&one_more, ()).await.expect_problem(422, "validation_failed");
    assert_eq!(response.wrong_fields(), ["role: too_many"]);
    let all = partition(&firm.app, "CATALOGUE").await;
    let role = all.iter().find(|item| item["SK"]["S"] == "ROLE#drafter").unwrap();
    assert!(size_of(role) < 400 * 1024, "{}", size_of(role));
}

#[tokio::test]
async fn all_roles_together_have_twenty_thousand_grants_and_a_full_catalogue_is_read() {
    let firm = Firm::new().await;
    let mut there = 0;
    for role in firm.root.all("/roles?limit=200").await {
        for what in ["permissions", "modules"] {
            let path = format!("/roles/{}/{what}?limit=200", role.text_of("code"));
            there += firm.root.all(&path).await.len();
        }
    }
    let long = json!({ "S": "\u{1f333}".repeat(500) });
    let mut all = partition(&firm.app, "CATALOGUE").await;
    for one in &mut all {
        one["description"] = long.clone();
    }
    let like = |key: &str| all.iter().find(|item| item["SK"]["S"] == key).unwrap();
    // Beside those that there are.
    fill_with(&firm, like("MODULE#pid"), 190).await;
    fill_with(&firm, like("PERMISSION#pid.create"), 1900).await;
    let mut role = like("ROLE#drafter").clone();
    fill_with(&firm, &role, 470).await;
    // One is left: twenty roles have all others.
    role["modules"] = grants(&firm, 0);
    for n in 0..20 {
        role["permissions"] = grants(&firm, if n == 0 { 1000 - there - 1 } else { 1000 });
        role["SK"] = json!({ "S": format!("ROLE#full_{n:02}") });
        role["code"] = json!({ "S": format!("full_{n:02}") });
        let put = json!({ "TableName": table_of(&firm.app), "Item": role });
        ask_dynamodb(firm.app.stack.dynamodb_endpoint(), "PutItem", &put).await;
    }
    // Any change has the process read it.
    firm.root.post("/modules", json!({ "code": "NEW", "name": "New" })).await.expect(201);
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let response = firm.root.put("/roles/drafter/modules/PID", ()).await;
    let response = response.expect_problem(422, "validation_failed");
    assert_eq!(response.wrong_fields(), ["role: too_many"]);
    let wanted = json!({ "roles": [{ "code": "drafter", "modules": ["PID"] }] });
    setup_refuses(&firm, wanted).await;
    let meter = Arc::new(Meter::default());
    store_of(&firm.app).metered(Arc::clone(&meter)).catalogue(0).await.unwrap();
    let read = meter.cost().read_units;
    assert!((1900.0..=2600.0).contains(&read), "{read}");
}

#[tokio::test]
async fn the_own_roles_of_an_organization_have_five_thousand_grants_at_most() {
    let firm = Firm::new().await;
    let own = json!({ "code": "MY_COMPANY:own", "organization": "MY_COMPANY", "name": "Own",
        "level": 5 });
    firm.root.post("/roles", own).await.expect(201);
    fill(&firm, "PERMISSION#pid.create", 1000).await;
    let organization = firm.root.get("/organizations/MY_COMPANY").await.expect(200);
    let place = format!("ROLES#MY_COMPANY@{}", organization.text_of("id"));
    let mut role = partition(&firm.app, &place).await.remove(0);
    // One is left: five roles have all others.
    for n in 0..5 {
        role["permissions"] = grants(&firm, if n == 0 { 999 } else { 1000 });
        role["SK"] = json!({ "S": format!("my_company:full_{n}") });
        role["code"] = json!({ "S": format!("MY_COMPANY:full_{n}") });
        let put = json!({ "TableName": table_of(&firm.app), "Item": role });
        ask_dynamodb(firm.app.stack.dynamodb_endpoint(), "PutItem", &put).await;
    }
    // Any change has the process read them.
    firm.root.post("/modules", json!({ "code": "NEW", "name": "New" })).await.expect(201);
    let name = json!({ "name": "Ours" });
    firm.root.patch("/roles/MY_COMPANY:own", name).await.expect(200);
    firm.root.put("/roles/MY_COMPANY:own/permissions/pid.create", ()).await.expect(201);
    let response = firm.root.put("/roles/MY_COMPANY:own/modules/PID", ()).await;
    let response = response.expect_problem(422, "validation_failed");
    assert_eq!(response.wrong_fields(), ["role: too_many"]);
    // Those of all organizations are others.
    firm.root.put("/roles/drafter/modules/PID", ()).await.expect(201);
}

#[tokio::test]
async fn a_user_has_fifty_memberships_eighty_roles_in_each_and_four_hundred_in_all() {
    let settings = vec![("ROLECALL_USER_WRITES", "100000".to_owned())];
    let firm = Firm::on(rolecall_local::Options { settings, ..options() }).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let too_many = async |path: &str, field: &str| {
        let response =
            firm.root.put(path, json!({})).await.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), [format!("{field}: too_many")], "{path}");
    };
    for n in 0..81 {
        let role = json!({ "code": format!("role_{n}"), "name": "Role", "level": 6 });
        firm.root.post("/roles", role).await.expect(201);
    }
    for n in 0..50 {
        let firm_n = json!({ "code": format!("FIRM_{n}"), "name": "Firm" });
        firm.root.post("/organizations", firm_n).await.expect(201);
        if n < 49 {
            firm.root.put(&ada.at(&format!("FIRM_{n}")), json!({})).await.expect(201);
        }
    }
    too_many(&ada.at("FIRM_49"), "user_id").await;
    for n in 0..5 {
        let at = ada.at(&format!("FIRM_{n}"));
        for role in 0..80 {
            firm.root.put(&format!("{at}/roles/role_{role}"), json!({})).await.expect(201);
        }
        too_many(&format!("{at}/roles/role_80"), "role").await;
    }
    too_many(&format!("{}/roles/role_0", ada.at("FIRM_5")), "role").await;
    // Given anew is no more.
    let again = format!("{}/roles/role_0", ada.at("FIRM_0"));
    firm.root.put(&again, json!({ "is_primary": true })).await.expect(200);
    ada.get("/me").await.expect(200);
}

#[tokio::test]
async fn there_are_a_hundred_super_admins_at_most() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "PLATFORM", &[]).await;
    let eve = firm.member("eve", "PLATFORM", &["super_admin"]).await;
    let status = async |status: &str| {
        firm.root.patch(&format!("/users/{}", eve.id), json!({ "status": status })).await
    };
    status("suspended").await.expect(200);
    let ids: Vec<String> = (0..99).map(|_| crate::contracts::record().id.to_string()).collect();
    let holders = ["PLATFORM", "SUPER_ADMINS"];
    update_item(&firm.app, holders, "ADD holders :ids", json!({ ":ids": { "SS": ids } })).await;
    let path = format!("{}/roles/super_admin", ada.at("PLATFORM"));
    // Who was one before takes a place, too.
    for response in [firm.root.put(&path, json!({})).await, status("active").await] {
        let response = response.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), ["role: too_many"]);
    }
    let one = json!({ ":one": { "SS": [ids[0]] } });
    update_item(&firm.app, holders, "DELETE holders :one", one).await;
    status("active").await.expect(200);
}
