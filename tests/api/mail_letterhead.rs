//! How mails show the product, and in which language.

use serde_json::{Value, json};

use crate::support::{Json, OTHER_PASSWORD, PASSWORD, PIXEL, TestApp, person};

/// Somebody whose account says that they read German.
async fn ada_who_reads_german(app: &TestApp) {
    let ada = app.signed_in("ada").await;
    ada.patch("/me", json!({ "language": "de" })).await.expect(200);
}

async fn ask_for_a_reset(app: &TestApp, email: &str, languages: &str) {
    let request = app.post("/auth/password-reset", json!({ "email": email }));
    request.header("Accept-Language", languages).await.expect(202);
}

#[tokio::test]
async fn a_mail_has_the_name_the_colour_and_the_logo_that_a_super_admin_chose() {
    let app = TestApp::with_admin("open").await;
    let name = "Hafen & Söhne";
    let look = json!({ "product_name": name, "accent_color": "#2b70ea", "logo": PIXEL });
    app.admin().await.put("/appearance", look).await.expect(200);
    app.signed_in("ada").await;
    ask_for_a_reset(&app, "ada@example.com", "en").await;
    let mail = app.mail_to("ada@example.com", "Choose a new password for Hafen & Söhne").await;
    let encoded = "=?UTF-8?B?SGFmZW4gJiBTw7ZobmU=?= <rolecall@example.com>";
    assert_eq!(mail["from"], encoded);
    let text = mail.text_of("text");
    assert!(text.contains("Hello ada, this is Hafen & Söhne."), "{text}");
    assert!(text.ends_with("Hafen & Söhne sent this mail automatically; it needs no answer."));
    let html = mail.text_of("html");
    assert!(html.contains("background:#2b70ea"), "{html}");
    let logo = html.split("<img src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert_eq!(logo, app.get("/appearance").await.text_of("logo_url"));
    app.get("/appearance/logo").await.expect(200);
    // Without a choice it is as the settings say.
    app.admin().await.put("/appearance", json!({ "logo": null })).await.expect(200);
    ask_for_a_reset(&app, "ada@example.com", "en").await;
    let mail = app.mail_to("ada@example.com", "Choose a new password for Rolecall").await;
    let html = mail.text_of("html");
    assert!(!html.contains("<img") && !html.contains("#2b70ea"), "{html}");
}

#[tokio::test]
async fn a_mail_speaks_what_its_reader_does() {
    let app = TestApp::with_admin("open").await;
    let is = |mail: &Value, language: &str| {
        let html = mail.text_of("html");
        assert!(html.contains(&format!("<html lang=\"{language}\"")), "{html}");
    };
    ada_who_reads_german(&app).await;
    // The account's language, whoever asks, and whatever they read.
    ask_for_a_reset(&app, "ada@example.com", "en-GB").await;
    let reset = "Wählen Sie ein neues Passwort für Rolecall";
    is(&app.mail_to("ada@example.com", reset).await, "de");
    let ada = app.sign_in("ada").actor().await;
    let change = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post("/auth/password-change", change).await.expect(204);
    let notice = "Ihr Passwort bei Rolecall wurde geändert";
    is(&app.mail_to("ada@example.com", notice).await, "de");
    // An account that says nothing: what the browser prefers that asks, or else what the product
    // speaks first.
    app.signed_in("eve").await;
    ask_for_a_reset(&app, "eve@example.com", "fr, de;q=0.5").await;
    is(&app.mail_to("eve@example.com", reset).await, "de");
    ask_for_a_reset(&app, "eve@example.com", "fr").await;
    is(&app.mail_to("eve@example.com", "Choose a new password for Rolecall").await, "en");
    let admin = app.admin().await;
    admin.put("/appearance", json!({ "default_language": "de" })).await.expect(200);
    let invited = json!({ "username": "ivy", "email": "ivy@example.com" });
    admin.post("/users", invited).await.expect(201);
    let invitation = "Sie sind zu Rolecall eingeladen";
    is(&app.mail_to("ivy@example.com", invitation).await, "de");
}

#[tokio::test]
async fn a_stranger_is_answered_in_the_language_of_their_browser() {
    let app = TestApp::new().await;
    let request = app.post("/auth/register", person("ada"));
    request.header("Accept-Language", "de-AT").await.expect(202);
    let mail = app.mails("ada@example.com", 1).await.pop().unwrap();
    assert_eq!(mail["subject"], "Bestätigen Sie Ihre E-Mail-Adresse für Rolecall");
    // What was chosen on a page comes first.
    let request = app.post("/auth/register", person("eve"));
    let request = request.header("Accept-Language", "de-AT");
    request.header("Cookie", "rolecall-language=en").await.expect(202);
    let mail = app.mails("eve@example.com", 1).await.pop().unwrap();
    assert_eq!(mail["subject"], "Confirm your email address for Rolecall");
}
