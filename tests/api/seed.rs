//! The questions that the seed of this product asks of its log, and the two trackings that it does.

use serde_json::{Value, json};

use crate::support::{Firm, Json, credentials};

const FIREFOX: &str =
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";

/// The details of what a list answers, in its order.
fn numbers(found: &[Value]) -> Vec<i64> {
    found.iter().filter_map(|one| one["details"]["n"].as_i64()).collect()
}

#[tokio::test]
async fn the_seeds_questions_have_their_answers() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let step = |n: i64, fields: Value| {
        json!({ "activity_type": "step", "details": { "n": n } }).with(fields)
    };
    ada.track(step(0, json!({}))).await;
    firm.app.advance(25 * 3600).await;
    let ada = firm.signed_in_at("ada", "MY_COMPANY").await;
    let root = firm.app.admin().await;
    for (n, severity, success) in [
        (1, "low", false),
        (2, "high", false),
        (3, "critical", false),
        (4, "high", true),
        (5, "normal", true),
    ] {
        ada.track(step(
            n,
            json!({ "severity": severity, "success": success, "category": "maintenance" }),
        ))
        .await;
    }
    for n in 6..=60 {
        ada.track(step(n, json!({ "activity_type": "document_uploaded" }))).await;
    }
    let ask =
        async |query: &str| root.all(&format!("/activities?organization=MY_COMPANY&{query}")).await;
    let last_day = ask("hours=24").await;
    assert_eq!(numbers(&last_day), (1..=60).rev().collect::<Vec<_>>(), "the last 24 hours");
    assert_eq!(
        numbers(&ask("success=false&severity=high&severity=critical").await),
        [3, 2],
        "failures that matter"
    );
    assert_eq!(numbers(&ask("category=maintenance").await), [5, 4, 3, 2, 1], "one category");
    let last = format!("/activities?user_id={}&limit=50", ada.id);
    let last = root.get(&last).await.expect(200).items();
    assert_eq!(last.len(), 50, "a user's last 50");
    assert!(last.iter().all(|one| one["user_id"] == ada.id));
    assert!(last.is_sorted_by(|a, b| a["id"].as_str() > b["id"].as_str()), "newest first");
    assert_eq!(numbers(&last)[0], 60);
}

#[tokio::test]
async fn active_users_are_told_with_page_device_browser_and_system() {
    let firm = Firm::new().await;
    firm.member("ada", "MY_COMPANY", &[]).await;
    let ada = firm
        .app
        .post("/auth/token", credentials("ada", "MY_COMPANY"))
        .header("User-Agent", FIREFOX)
        .actor()
        .await;
    ada.get("/me")
        .header("User-Agent", FIREFOX)
        .header("X-Current-Page", "/drawings/pid-101")
        .await
        .expect(200);
    let page = ada.get("/active-users").await.expect(200).json();
    let me = page.items().iter().find(|one| one["username"] == "ada").unwrap();
    let seen = ["current_page", "device_type", "browser", "os"].map(|name| me.text_of(name));
    assert_eq!(seen, ["/drawings/pid-101", "desktop", "Firefox", "Linux"]);
}
