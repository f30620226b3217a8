use serde_json::{Value, json};

use rolecall_local::Options;

use crate::support::{Call, Json, PASSWORD, TestApp, at_once, options, person};

const PATH: &str = "/auth/register";

#[tokio::test]
async fn a_sign_up_is_proven_by_mail_and_then_signs_in() {
    let app = TestApp::new().await;
    let response = app.post(PATH, person("ada")).await.expect(202).json();
    assert_eq!(response["status"], "verification_sent");
    assert!(response.text_of("verifier").starts_with("rcv_"), "{response}");
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    let token = app.mailed_token("ada@example.com", 1).await;
    app.verify(&token, PASSWORD).await.expect(204);
    let ada = app.sign_in("ada").actor().await;
    assert_eq!(
        (&ada.pair["user"]["status"], &ada.pair["user"]["email_verified"]),
        (&json!("active"), &json!(true))
    );
}

#[tokio::test]
async fn the_mode_open_makes_the_account_at_once_and_names_what_is_taken() {
    let app = TestApp::open().await;
    let mut ada = person("ada");
    ada["first_name"] = json!("Ada");
    ada["phone_number"] = json!("+41 44 668 18 00");
    let user = app.post(PATH, &ada).await.expect(201).json();
    assert_eq!(
        (&user["status"], &user["phone_number"], &user["memberships"]),
        (&json!("active"), &json!("+41446681800"), &json!([]))
    );
    let spelled = json!({ "username": "other", "email": "ADA@Example.COM", "password": PASSWORD });
    app.post(PATH, &spelled).await.expect_problem(409, "email_taken");
    let named = json!({ "username": "Ａda", "email": "other@example.com", "password": PASSWORD });
    app.post(PATH, &named).await.expect_problem(409, "username_taken");
    app.sign_in("ada").await.expect(200);
}

#[tokio::test]
async fn the_mode_invite_is_closed() {
    let app = TestApp::with_registration("invite").await;
    app.post(PATH, person("ada")).await.expect_problem(403, "registration_closed");
}

#[tokio::test]
async fn a_known_email_gets_the_same_answer_the_same_cost_and_its_owner_a_notice() {
    let app = TestApp::new().await;
    app.signed_in("ada").await;
    let again = json!({ "username": "mallory", "email": "Ada@example.com",
        "password": "another-harbour-lantern-5" });
    let known = app.post(PATH, &again).await.expect(202);
    let known_cost = app.cost_of("POST /api/v1/auth/register").await;
    let new = app.post(PATH, person("grace")).await.expect(202);
    assert_eq!(form(&known), form(&new));
    assert_eq!(known_cost, app.cost_of("POST /api/v1/auth/register").await);
    let notice = &app.mails("ada@example.com", 2).await[0];
    assert_eq!(notice["subject"], "You already have an account at Rolecall");
    assert!(!notice.text_of("text").contains("token="));
    app.sign_in("ada").await.expect(200);
    let with_new = json!({ "email": "ada@example.com", "password": "another-harbour-lantern-5" });
    app.post("/auth/token", &with_new).await.expect_problem(401, "invalid_credentials");
}

/// An answer without what is random in it.
fn form(response: &crate::support::Response) -> (usize, Value) {
    let mut json = response.json();
    json["verifier"] = json!(json.text_of("verifier").len());
    (response.text.len(), json)
}

#[tokio::test]
async fn a_sign_up_that_waits_holds_no_name() {
    let app = TestApp::new().await;
    app.post(PATH, person("ada")).await.expect(202);
    // A mistyped address: the same name again, at once, with the right one.
    let other = json!({ "username": "ADA", "email": "other@example.com", "password": PASSWORD });
    app.post(PATH, &other).await.expect(202);
    let token = app.mailed_token("other@example.com", 1).await;
    app.verify(&token, PASSWORD).await.expect(204);
    app.post(PATH, person("ada")).await.expect_problem(409, "username_taken");
    let first = app.mailed_token("ada@example.com", 1).await;
    app.verify(&first, PASSWORD).await.expect_problem(409, "username_taken");
    let renamed = json!({ "token": first, "password": PASSWORD, "username": "ada.king" });
    app.post("/auth/verify-email", renamed).await.expect(204);
    let ada = app.sign_in("ada").actor().await;
    assert_eq!(ada.pair["user"]["username"], "ada.king");
}

#[tokio::test]
async fn every_wrong_field_is_named_with_its_code() {
    let app = TestApp::open().await;
    let wrong = json!({ "username": "a", "email": "nobody", "password": "short",
        "first_name": "a\r\nb", "phone_number": 7, "role": "admin" });
    let response = app.post(PATH, &wrong).await.expect_problem(422, "validation_failed");
    let expected = [
        "username: too_short",
        "email: invalid_email",
        "password: password_too_short",
        "first_name: invalid_characters",
        "phone_number: wrong_type",
        "role: unknown_field",
    ];
    assert_eq!(response.wrong_fields(), expected);
}

#[tokio::test]
async fn weak_passwords_are_refused_with_their_reason() {
    let app = TestApp::open().await;
    let (common, run) = ("is a common password", "is a run of neighbouring keys");
    let (repetition, own) = ("repeats one character or a short piece", "is made of your username");
    let cases: [(&str, &str, &str); 15] = [
        ("Password123!", "password_too_common", common),
        ("p@$$w0rd", "password_too_common", common),
        ("!Tru5tN01", "password_too_common", common),
        ("Admin2024!", "password_too_common", common),
        ("qwertyuiop", "password_too_common", run),
        ("87654321", "password_too_common", run),
        ("abcdEFGH1234", "password_too_common", run),
        ("zzzzzzzzz", "password_too_common", repetition),
        ("kw7!kw7!kw7!", "password_too_common", repetition),
        ("ada.lovelace1", "password_too_similar", own),
        ("L0velace1915", "password_too_similar", own),
        ("example.com2026", "password_too_similar", own),
        ("r0leC@ll2026", "password_too_similar", own),
        ("1234567", "password_too_short", "at least 8 characters"),
        (&"x".repeat(129), "password_too_long", "at most 128 characters"),
    ];
    for (password, code, reason) in cases {
        let body =
            json!({ "username": "ada.lovelace", "email": "ada@example.com", "password": password });
        let response = app.post(PATH, &body).await.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), [format!("password: {code}")], "{password}");
        assert!(response.text.contains(reason), "{password}: {}", response.text);
        app.expect_cost("POST /api/v1/auth/register", "argon2", 0.0).await;
    }
}

#[tokio::test]
async fn no_password_is_made_of_the_products_name_wherever_it_is_chosen() {
    const OF_PRODUCT: &str = "acme-cloud-2026";
    let settings = vec![("ROLECALL_PRODUCT_NAME", "Acme Cloud".to_owned())];
    let app = TestApp::start(Options { settings, ..options() }).await;
    let refused = async |call: Call, field: &str| {
        let response = call.await.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), [format!("{field}: password_too_similar")]);
        assert!(response.text.contains("the product's name"), "{}", response.text);
    };
    let mut ada = person("ada");
    ada["password"] = json!(OF_PRODUCT);
    refused(app.post(PATH, &ada), "password").await;
    ada["password"] = json!(PASSWORD);
    app.post(PATH, &ada).await.expect(202);
    let token = app.mailed_token("ada@example.com", 1).await;
    let afresh = json!({ "token": token, "username": "ada", "new_password": OF_PRODUCT });
    refused(app.post("/auth/verify-email", afresh), "new_password").await;
    app.verify(&token, PASSWORD).await.expect(204);
    let change = json!({ "current_password": PASSWORD, "new_password": OF_PRODUCT });
    let actor = app.sign_in("ada").actor().await;
    refused(actor.post("/auth/password-change", change), "new_password").await;
    let token = app.reset_token("ada", 2).await;
    let path = "/auth/password-reset/confirm";
    let reset =
        |password: &str| app.post(path, json!({ "token": token, "new_password": password }));
    refused(reset(OF_PRODUCT), "new_password").await;
    // It is a name like any other where the product is called something else.
    reset("rolecall-2026").await.expect(204);
}

#[tokio::test]
async fn eight_random_characters_are_a_password_in_any_script() {
    let app = TestApp::open().await;
    let emoji = "\u{1f600}\u{1f9ea}x\u{1f409}\u{1f33b}\u{1f36f}\u{1f6f0}\u{1f3ba}";
    let chinese = "春风桃李花开日暮";
    let random = ["cA2Zo=*m", "x9$Kq!2v", "tbqzkfwm", "90416287", chinese, emoji];
    for (n, password) in random.into_iter().enumerate() {
        let email = format!("ada{n}@example.com");
        let body = json!({ "username": format!("ada{n}"), "email": email, "password": password });
        app.post(PATH, &body).await.expect(201);
        app.post("/auth/token", json!({ "email": email, "password": password })).await.expect(200);
    }
}

#[tokio::test]
async fn a_password_of_128_characters_signs_in_in_both_unicode_forms() {
    let app = TestApp::open().await;
    let words: String = "né vélo sœur – ".chars().cycle().take(128).collect();
    let decomposed = words.replace('é', "e\u{301}");
    app.post(PATH, json!({ "username": "ada", "email": "ada@example.com", "password": words }))
        .await
        .expect(201);
    for password in [&words, &decomposed] {
        app.post("/auth/token", json!({ "email": "ada@example.com", "password": password }))
            .await
            .expect(200);
    }
    let cut: String = words.chars().take(127).collect();
    app.post("/auth/token", json!({ "email": "ada@example.com", "password": cut }))
        .await
        .expect(401);
}

#[tokio::test]
async fn twelve_registrations_of_one_email_at_once_make_one_account() {
    let app = TestApp::open().await;
    let spellings =
        ["ada@example.com", "ADA@EXAMPLE.COM", "Ada@example.com", "\u{ff41}da@example.com"];
    let bodies: Vec<Value> = (0..12)
        .map(|n| {
            json!({ "username": format!("ada{n}"), "email": spellings[n % 4],
            "password": PASSWORD })
        })
        .collect();
    let responses = at_once(bodies.iter().map(|body| app.post(PATH, body))).await;
    let statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 11, "{statuses:?}");
    // The usernames of those who lost are free: nothing of them was written.
    for (n, response) in responses.iter().enumerate() {
        let other = json!({ "username": format!("ada{n}"),
            "email": format!("other{n}@example.com"), "password": PASSWORD });
        let free = if response.status == 201 { 409 } else { 201 };
        app.post(PATH, &other).await.expect(free);
    }
}

#[tokio::test]
async fn twelve_sign_ups_of_one_email_at_once_end_in_one_account() {
    let app = TestApp::start(Options {
        settings: vec![("ROLECALL_ADDRESS_MAILS", "24".to_owned())],
        ..options()
    })
    .await;
    let responses = at_once((0..12).map(|_| app.post(PATH, person("ada")))).await;
    assert!(responses.iter().all(|response| response.status == 202), "{responses:?}");
    let mails = app.mails("ada@example.com", 12).await;
    let tokens: Vec<String> = mails.iter().map(crate::support::token_of).collect();
    let responses = at_once(tokens.iter().map(|token| app.verify(token, PASSWORD))).await;
    let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![204], vec![400; 11]].concat());
    app.sign_in("ada").await.expect(200);
}

#[tokio::test]
async fn one_idempotency_key_is_one_account() {
    let app = TestApp::open().await;
    let send = |body: Value| app.post(PATH, &body).header("Idempotency-Key", "k-1");
    let first = send(person("ada")).await.expect(201);
    let again = send(person("ada")).await.expect(201);
    assert_eq!(first.text, again.text);
    send(person("grace")).await.expect_problem(422, "idempotency_key_reused");
    app.advance(601).await;
    send(person("grace")).await.expect(201);
}

#[tokio::test]
async fn one_idempotency_key_at_the_same_time_is_one_account_too() {
    let app = TestApp::open().await;
    let send = |_| app.post(PATH, person("ada")).header("Idempotency-Key", "k-2");
    let responses = at_once((0..6).map(send)).await;
    assert!(
        responses
            .iter()
            .all(|response| response.status == 201 && response.text == responses[0].text),
        "{responses:?}"
    );
}

#[tokio::test]
async fn one_idempotency_key_is_one_mail_and_its_answer_is_kept_ten_minutes() {
    let app = TestApp::new().await;
    let send = || app.post(PATH, person("ada")).header("Idempotency-Key", "k-3");
    let first = send().await.expect(202).text;
    assert_eq!(send().await.expect(202).text, first);
    app.mails("ada@example.com", 1).await;
    app.advance(601).await;
    assert_ne!(send().await.expect(202).text, first);
    app.mails("ada@example.com", 2).await;
}
