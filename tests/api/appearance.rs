//! How the product shows itself.

use serde_json::{Value, json};

use crate::support::{Firm, Json, PIXEL, TestApp};

fn acme() -> Value {
    json!({ "product_name": "Acme", "accent_color": "#2B70EA", "default_language": "de",
        "links": { "home": "https://example.com", "support": "mailto:help@example.com" } })
}

#[tokio::test]
async fn a_stack_shows_itself_as_its_settings_say_until_it_is_told() {
    let app = TestApp::with_registration("invite").await;
    let shown = app.get("/appearance").await.expect(200);
    assert_eq!(shown.header("cache-control"), "public, max-age=300");
    assert_eq!(
        shown.json(),
        json!({ "product_name": "Rolecall", "logo_url": null, "accent_color": null,
            "links": { "home": null, "terms": null, "privacy": null, "support": null },
            "registration": "invite", "password": { "min": 8, "max": 128 },
            "languages": ["en", "de"], "default_language": "en" })
    );
    app.get("/appearance/logo").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_super_admin_changes_it_on_the_version_that_they_saw() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    let seen = app.get("/appearance").await.header("etag").to_owned();
    let first = admin.put("/appearance", acme()).header("If-Match", seen.as_str()).await;
    let first = first.expect(200);
    assert_eq!(first.json()["accent_color"], "#2b70ea");
    let shown = app.get("/appearance").await.expect(200);
    assert_eq!((shown.json(), shown.header("etag")), (first.json(), first.header("etag")));
    let stale = admin.put("/appearance", json!({})).header("If-Match", seen.as_str()).await;
    stale.expect_problem(412, "stale");
    // What is left out is as the settings say again.
    let second = admin.put("/appearance", json!({ "product_name": "Acme" })).await.expect(200);
    assert_eq!(second.json()["accent_color"], Value::Null);
    assert_eq!(second.json()["default_language"], "en");
    let changes = app.activities("sys_appearance_changed", 2).await;
    assert!(changes.iter().any(|one| one.to_string().contains("#2b70ea")));
    // The same once more is no change.
    admin.put("/appearance", json!({ "product_name": "Acme" })).await.expect(200);
    app.activities("sys_appearance_changed", 2).await;
}

#[tokio::test]
async fn the_logo_is_served_to_anybody_and_stays_until_it_is_taken_away() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    admin.put("/appearance", acme().with(json!({ "logo": PIXEL }))).await.expect(200);
    let url = app.get("/appearance").await.text_of("logo_url");
    assert!(url.ends_with("/api/v1/appearance/logo"), "{url}");
    let logo = app.get("/appearance/logo").await.expect(200);
    assert_eq!(
        (logo.header("content-type"), logo.header("cache-control")),
        ("image/png", "public, max-age=300")
    );
    assert_eq!(logo.header("x-content-type-options"), "nosniff");
    let kept = admin.put("/appearance", json!({})).await.expect(200);
    assert_ne!(kept.json()["logo_url"], Value::Null);
    let gone = admin.put("/appearance", json!({ "logo": null })).await.expect(200);
    assert_eq!(gone.json()["logo_url"], Value::Null);
    app.get("/appearance/logo").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn what_cannot_be_read_or_followed_is_refused_by_name() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    let refused = async |body: Value| {
        let response = admin.put("/appearance", body).await;
        response.expect_problem(422, "validation_failed").wrong_fields().join(", ")
    };
    let large = "A".repeat(56_000);
    for (body, wrong) in [
        (json!({ "accent_color": "#ffff00" }), "accent_color: contrast_too_low"),
        (json!({ "accent_color": "blue" }), "accent_color: invalid_color"),
        (json!({ "links": { "home": "javascript:alert(1)" } }), "links.home: invalid_url"),
        (json!({ "links": { "help": "https://x.example" } }), "links.help: unknown_field"),
        (json!({ "default_language": "fr" }), "default_language: not_allowed"),
        (json!({ "logo": "PHN2Zy8+" }), "logo: invalid_image"),
        (json!({ "logo": large }), "logo: too_large"),
        (json!({ "product_name": "a\nb" }), "product_name: invalid_characters"),
        (json!({ "registration": "open" }), "registration: unknown_field"),
    ] {
        assert_eq!(refused(body).await, wrong);
    }
    assert_eq!(app.get("/appearance").await.text_of("product_name"), "Rolecall");
}

#[tokio::test]
async fn only_super_admins_change_it() {
    let firm = Firm::new().await;
    let manager = firm.member("ada", "MY_COMPANY", &["admin"]).await;
    manager.put("/appearance", acme()).await.expect_problem(403, "forbidden");
    assert_eq!(firm.app.get("/appearance").await.text_of("product_name"), "Rolecall");
}
