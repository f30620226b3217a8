//! Names and addresses at the door: scripts, reserved names, blanks, what no mail reaches.

use rolecall_domain::account::{Email, User};
use serde_json::{Value, json};

use crate::{
    api::imported_users::{HASHES, plant},
    contracts::user,
    support::{Call, Firm, Json, PASSWORD, TestApp, person},
};

const REGISTER: &str = "/auth/register";

/// SES sends to no local part beyond ASCII.
const UNDELIVERABLE: &str = "j\u{fc}rgen@example.com";

/// What ASCII and Unicode call a blank, and no more than addresses have room for.
const BLANKS: [&str; 6] = [" ", "\t", "\n", "\u{a0}", "\u{3000}", "\r\n \u{2009}"];

fn named(username: &str, n: usize) -> Value {
    json!({ "username": username, "email": format!("person{n}@example.com"),
        "password": PASSWORD })
}

#[tokio::test]
async fn a_username_is_in_any_script_with_its_marks() {
    let app = TestApp::open().await;
    let names = [
        "हिन्दी",
        "ไม้เอก",
        "தமிழ்",
        "বাংলাদেশ",
        "محمد",
        "한국어",
        "שָׁלוֹם",
        "Ọlájùmọ̀kẹ́",
        "иван.петров",
        "Ελένη_7",
        "山田たろう",
        "ada山田",
        "ada김철수",
        "李小龙-jeet",
    ];
    for (n, name) in names.into_iter().enumerate() {
        app.post(REGISTER, named(name, n)).await.expect(201);
    }
    for bad in ["\u{301}ada", "ada.\u{301}x", &format!("ada{}", "\u{301}\u{302}".repeat(3))] {
        let response = app.post(REGISTER, named(bad, 99)).await.expect(422);
        assert_eq!(response.wrong_fields(), ["username: invalid_characters"], "{bad:?}");
    }
}

#[tokio::test]
async fn a_username_that_mixes_scripts_is_refused() {
    let firm = Firm::new().await;
    for name in ["p\u{430}yp\u{430}l", "adaλ", "иванada", "한국어と", "Ελένηж"] {
        for response in [
            firm.app.post(REGISTER, named(name, 1)).await.expect(422),
            firm.root
                .post("/users", json!({ "username": name, "email": "x@example.com" }))
                .await
                .expect(422),
        ] {
            assert_eq!(response.wrong_fields(), ["username: mixed_scripts"], "{name}");
        }
    }
}

#[tokio::test]
async fn a_reserved_username_is_for_administrators_to_give() {
    let firm = Firm::new().await;
    for name in ["admin", "Administrator", "ROOT", "support", "ｒｏｏｔ", "Rolecall"] {
        let response = firm.app.post(REGISTER, named(name, 1)).await.expect(422);
        assert_eq!(response.wrong_fields(), ["username: reserved"], "{name}");
    }
    let support = json!({ "username": "support", "email": "support@example.com" });
    firm.root.post("/users", &support).await.expect(201);
}

#[tokio::test]
async fn which_usernames_are_reserved_is_a_setting() {
    let own = [("ROLECALL_RESERVED_USERNAMES", " Bo\u{df} ,chief")];
    let app = TestApp::with_settings(&own).await;
    for name in ["BOSS", "chief"] {
        let response = app.post(REGISTER, named(name, 1)).await.expect(422);
        assert_eq!(response.wrong_fields(), ["username: reserved"], "{name}");
    }
    app.post(REGISTER, named("support", 1)).await.expect(201);
    let none = TestApp::with_settings(&[("ROLECALL_RESERVED_USERNAMES", ",")]).await;
    none.post(REGISTER, named("root", 1)).await.expect(201);
}

#[tokio::test]
async fn blanks_of_every_kind_around_an_email_are_dropped_on_every_route() {
    let firm = Firm::new().await;
    let app = &firm.app;
    for (n, blank) in BLANKS.into_iter().enumerate() {
        let around = |text: &str| format!("{blank}{text}{blank}");
        let (name, email) = (format!("ada{n}"), format!("ada{n}@example.com"));
        let body = json!({ "username": around(&name), "email": around(&email),
            "password": PASSWORD, "first_name": around("Ada"), "last_name": around("King") });
        app.post(REGISTER, body).await.expect(201);
        let credentials = json!({ "email": around(&email), "password": PASSWORD });
        let ada = app.post("/auth/token", &credentials).actor().await;
        let told = ["username", "email", "first_name", "last_name"]
            .map(|name| ada.pair["user"].text_of(name).to_owned());
        assert_eq!(told, [&name, &email, "Ada", "King"], "{blank:?}");
        app.post("/auth/password-reset", json!({ "email": around(&email) })).await.expect(202);
        let change = json!({ "new_email": around(&format!("new{n}@example.com")),
            "current_password": PASSWORD });
        ada.post("/auth/email-change", &change).await.expect(202);
        app.mails(&format!("new{n}@example.com"), 1).await;
        // The reset, and the notice of the change.
        app.mails(&email, 2).await;
        let invited = json!({ "username": around(&format!("ivy{n}")),
            "email": around(&format!("ivy{n}@example.com")), "first_name": around("Ivy") });
        let ivy = firm.root.post("/users", &invited).await.expect(201).json();
        assert_eq!(
            ["username", "email", "first_name"].map(|name| ivy.text_of(name).to_owned()),
            [format!("ivy{n}"), format!("ivy{n}@example.com"), "Ivy".to_owned()]
        );
    }
    // Counted without them.
    let longest = format!("{}@{}.example", "l".repeat(64), "d".repeat(63));
    app.post(
        REGISTER,
        json!({ "username": "lou", "email": format!("{longest}{}", " ".repeat(200)),
        "password": PASSWORD }),
    )
    .await
    .expect(201);
}

async fn wrong(call: Call) -> Vec<String> {
    call.await.expect_problem(422, "validation_failed").wrong_fields()
}

#[tokio::test]
async fn an_address_that_no_mail_reaches_is_refused_where_it_is_new() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    for email in [UNDELIVERABLE, "संपर्क@example.com", "д\u{430}н@example.com"] {
        let new = person("jurgen").with(json!({ "email": email }));
        assert_eq!(wrong(firm.app.post(REGISTER, new)).await, ["email: email_not_deliverable"]);
        let invited = json!({ "username": "jurgen", "email": email });
        assert_eq!(
            wrong(firm.root.post("/users", invited)).await,
            ["email: email_not_deliverable"]
        );
        let change = json!({ "new_email": email, "current_password": PASSWORD });
        assert_eq!(
            wrong(ada.post("/auth/email-change", change)).await,
            ["new_email: email_not_deliverable"]
        );
        let brought = json!({ "time": "2026-11-23T09:30:00Z",
            "users": [{ "username": "jurgen", "email": email }] });
        let told = firm.app.post("/_local/schedule/import_users", brought).await.expect(200).json();
        assert_eq!(
            (&told["created"], &told["results"][0]["outcome"]),
            (&json!(0), &json!("email_not_deliverable"))
        );
        let setup = json!({ "time": "2026-11-23T09:30:00Z", "service_users":
            [{ "username": "jurgen", "email": email }] });
        let told = firm.app.post("/_local/schedule/setup", setup).await.expect(502).text;
        assert!(told.contains("service_users[0].email: email_not_deliverable"), "{told}");
    }
    // A domain beyond ASCII is reached by its other name, and full-width letters are ASCII's.
    for (n, email) in ["user@m\u{fc}nchen.example", "ｕｓｅｒ@example.com"].iter().enumerate() {
        let body = named(&format!("user{n}"), 0).with(json!({ "email": email }));
        firm.app.post(REGISTER, body).await.expect(201);
    }
}

/// Somebody from before the rules, who signs in with [`PASSWORD`].
async fn from_before(app: &TestApp, user: User) {
    plant(app, &user, HASHES[0].1).await;
}

#[tokio::test]
async fn whoever_has_an_address_that_no_mail_reaches_still_signs_in() {
    let app = TestApp::open().await;
    let email = Email::parse(UNDELIVERABLE).unwrap();
    from_before(&app, User { email, ..user("jurgen") }).await;
    let credentials = json!({ "email": UNDELIVERABLE, "password": PASSWORD });
    app.post("/auth/token", &credentials).await.expect(200);
    app.post("/auth/password-reset", json!({ "email": UNDELIVERABLE })).await.expect(202);
    let unknown = json!({ "email": "j\u{f6}rg@example.com", "password": PASSWORD });
    app.post("/auth/token", &unknown).await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn an_account_keeps_a_name_from_before_that_mixes_scripts() {
    let app = TestApp::with_admin("open").await;
    let username = serde_json::from_value(json!("p\u{430}yp\u{430}l")).unwrap();
    from_before(&app, User { username, ..user("paypal") }).await;
    let paypal = app.sign_in("paypal").actor().await;
    let found = paypal.pair["user"].text_of("username");
    assert_eq!(found, "p\u{430}yp\u{430}l");
    let of_that_name = app.admin().await.get("/users?username=p%D0%B0yp%D0%B0l").await.expect(200);
    assert_eq!(of_that_name.json().items().len(), 1);
    assert_eq!(paypal.get("/me").await.expect(200).text_of("username"), "p\u{430}yp\u{430}l");
}
