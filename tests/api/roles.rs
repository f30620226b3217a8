use serde_json::json;

use crate::support::Firm;

#[tokio::test]
async fn what_is_taken_or_in_use_is_told_and_stale_writes_change_nothing() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let taken = json!({ "code": "DRAFTER", "name": "X", "level": 5 });
    firm.root.post("/roles", taken).await.expect_problem(409, "code_taken");
    firm.root.delete("/roles/drafter").await.expect_problem(409, "in_use");
    firm.root.delete("/roles/viewer").await.expect_problem(409, "system_role");
    let role = firm.root.get("/roles/drafter").await.expect(200);
    let patch = |etag: &str| {
        firm.root.patch("/roles/drafter", json!({ "name": "Drafting" })).header("If-Match", etag)
    };
    patch("\"99\"").await.expect_problem(412, "stale");
    patch(role.header("etag")).await.expect(200);
    firm.root.delete(&ada.at("MY_COMPANY")).await.expect(204);
    firm.root.delete("/roles/drafter").await.expect(204);
}
