//! Which records Rolecall stands for, and which a client only told.

use serde_json::json;

use crate::support::{Firm, Json};

#[tokio::test]
async fn what_a_client_says_of_rolecalls_own_is_marked_and_what_rolecall_says_is_not() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    for (category, severity, reported) in [
        ("security", "info", true),
        ("security", "critical", true),
        ("api", "critical", true),
        ("api", "high", false),
        ("authentication", "normal", false),
    ] {
        let tracked = boss.track(json!({ "category": category, "severity": severity })).await;
        assert_eq!(tracked["reported"], reported, "{category} {severity}");
        let one = boss.get(&format!("/activities/{}", tracked.text_of("id"))).await;
        assert_eq!(one.expect(200).json(), tracked);
    }
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    ada.refreshed().await.get("/me").await.expect(200);
    firm.app.advance(11).await;
    firm.app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    firm.app.activities("authn_token_reuse", 1).await;
    let reuse = &boss.all("/activities?activity_type=authn_token_reuse").await[0];
    assert_eq!((&reuse["severity"], &reuse["reported"]), (&json!("critical"), &json!(false)));
}
