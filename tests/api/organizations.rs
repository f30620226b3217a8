use serde_json::json;

use crate::support::{Firm, Json, ask_dynamodb, credentials, partition, table_of, update_item};

#[tokio::test]
async fn one_without_a_member_can_be_deleted_and_the_built_in_one_never() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    firm.root.delete("/organizations/MY_COMPANY").await.expect_problem(409, "in_use");
    firm.root.delete("/organizations/PLATFORM").await.expect_problem(409, "built_in");
    firm.root.delete(&ada.at("MY_COMPANY")).await.expect(204);
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    firm.root.delete("/organizations/MY_COMPANY").await.expect(204);
    firm.root.get("/organizations/MY_COMPANY").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_closed_one_lets_nobody_in_until_it_opens_and_the_gate_reads_its_own_item() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let bob = firm.member("bob", "OTHER", &[]).await;
    let set = async |is_active: bool| {
        let body = json!({ "is_active": is_active });
        firm.root.patch("/organizations/MY_COMPANY", body).await.expect(200);
    };
    set(false).await;
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    firm.app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    firm.app
        .post("/auth/token", credentials("ada", "MY_COMPANY"))
        .await
        .expect_problem(403, "forbidden");
    bob.get("/me").await.expect(200);
    set(true).await;
    firm.signed_in_at("ada", "MY_COMPANY").await.get("/me").await.expect(200);
    for copy in 0..4 {
        let gate = partition(&firm.app, &format!("GATE#{copy}")).await;
        assert!(gate[0]["inactive"].is_null(), "no list that grows: {gate:?}");
    }
}

#[tokio::test]
async fn one_that_was_closed_before_there_were_states_stays_closed_until_it_opens() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let bob = firm.member("bob", "OTHER", &[]).await;
    let (endpoint, table) = (firm.app.stack.dynamodb_endpoint(), table_of(&firm.app));
    // As the table was: a list in every copy, no states, and memberships without ids.
    for user in [&ada, &bob] {
        let key = [&*format!("USER#{}", user.id), "USER"];
        update_item(&firm.app, key, "REMOVE seats[0].id", json!(null)).await;
    }
    for code in ["my_company", "other"] {
        let key = json!({ "PK": { "S": format!("ORG#{code}") }, "SK": { "S": "STATE" } });
        let delete = json!({ "TableName": table, "Key": key });
        ask_dynamodb(endpoint, "DeleteItem", &delete).await;
    }
    for copy in 0..4 {
        let key = json!({ "PK": { "S": format!("GATE#{copy}") }, "SK": { "S": "GATE" } });
        let list = json!({ "TableName": table, "Key": key,
            "UpdateExpression": "ADD inactive :codes",
            "ExpressionAttributeValues": { ":codes": { "SS": ["MY_COMPANY"] } } });
        ask_dynamodb(endpoint, "UpdateItem", &list).await;
    }
    let put = json!({ "TableName": table, "Key": { "PK": { "S": "ORGANIZATIONS" },
        "SK": { "S": "my_company" } }, "UpdateExpression": "SET is_active = :no REMOVE id",
        "ExpressionAttributeValues": { ":no": { "BOOL": false } } });
    ask_dynamodb(endpoint, "UpdateItem", &put).await;
    let shown = firm.root.get("/organizations/MY_COMPANY").await.expect(200).json();
    assert_eq!(shown["id"], "MY_COMPANY", "its code is its id");
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    firm.app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    bob.get("/me").await.expect(200);
    firm.app.refresh(&bob.refresh).await.expect(200);
    let open = json!({ "is_active": true });
    firm.root.patch("/organizations/MY_COMPANY", open).await.expect(200);
    firm.signed_in_at("ada", "MY_COMPANY").await.get("/me").await.expect(200);
}

#[tokio::test]
async fn an_organization_tells_how_many_members_it_has() {
    let firm = Firm::new().await;
    let count = async |code: &str| {
        let one = firm.root.get(&format!("/organizations/{code}")).await.expect(200).json();
        let listed = firm.root.all("/organizations").await;
        let listed = listed.iter().find(|listed| listed["code"] == code).unwrap();
        assert_eq!(listed["member_count"], one["member_count"]);
        one.count_of("member_count")
    };
    assert_eq!((count("MY_COMPANY").await, count("PLATFORM").await), (0, 1));
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    firm.member("bob", "MY_COMPANY", &[]).await;
    firm.root.put(&ada.at("OTHER"), json!({})).await.expect(201);
    firm.root.put(&ada.at("PLATFORM"), json!({})).await.expect(201);
    let counts =
        async || (count("MY_COMPANY").await, count("OTHER").await, count("PLATFORM").await);
    assert_eq!(counts().await, (2, 1, 2));
    let path = "/organizations/MY_COMPANY";
    let before = firm.root.get(path).await.expect(200);
    let renamed = firm.root.patch(path, json!({ "name": "Ours" })).await.expect(200).json();
    assert_eq!(renamed["member_count"], before.json()["member_count"]);
    firm.root.delete(&ada.at("MY_COMPANY")).await.expect(204);
    firm.root.delete(&ada.at("PLATFORM")).await.expect(204);
    assert_eq!(counts().await, (1, 1, 1));
}
