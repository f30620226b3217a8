use base64::{Engine, engine::general_purpose::STANDARD};
use rolecall_crypto::{DirectoryKeys, KeySource};
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::support::{Firm, Json, OTHER_PASSWORD, PASSWORD, TestApp, at_once, items, person};

const REGISTER: &str = "/auth/register";
const TOKEN: &str = "/auth/token";

#[tokio::test]
async fn attack_40_a_password_is_never_cut_and_a_huge_one_never_hashed() {
    let app = TestApp::open().await;
    let with = |name: &str, password: &str| {
        json!({ "username": name,
        "email": format!("{name}@example.com"), "password": password })
    };
    let huge = app.post(REGISTER, with("ada", &"x".repeat(1 << 20))).await;
    huge.expect_problem(413, "body_too_large");
    assert_eq!(app.cost_of("POST /api/v1/auth/register").await["argon2"], 0.0);
    app.post(REGISTER, with("ada", &"x".repeat(60_000))).await.expect(422);
    assert_eq!(app.cost_of("POST /api/v1/auth/register").await["argon2"], 0.0);
    let long: String = "n\u{e9} v\u{e9}lo s\u{153}ur \u{2013} ".chars().cycle().take(128).collect();
    app.post(REGISTER, with("ada", &long)).await.expect(201);
    app.sign_in_with("ada", &long).await.expect(200);
    app.sign_in_with("ada", &long.replace('\u{e9}', "e\u{301}")).await.expect(200);
    app.sign_in_with("ada", &long.chars().take(127).collect::<String>()).await.expect(401);
    let nul = "granite-harbour\0violin-7";
    app.post(REGISTER, with("nora", nul)).await.expect(201);
    app.sign_in_with("nora", nul).await.expect(200);
    app.sign_in_with("nora", "granite-harbour").await.expect(401);
    // Three jamo a character when it comes decomposed: far more bytes than characters.
    let composed: String = (0..120_u32)
        .map(|n| char::from_u32(0xac01 + (n * n * 31 + n * 17) % 11_172 / 28 * 28).unwrap())
        .collect();
    let composed = composed + "violin-7";
    let decomposed: String = composed.nfd().collect();
    assert!(composed.chars().count() == 128 && decomposed.len() > 1024);
    app.post(REGISTER, with("sejong", &composed)).await.expect(201);
    app.sign_in_with("sejong", &decomposed).await.expect(200);
    let token = app.reset_token("nora", 1).await;
    let confirm = |password: &str| json!({ "token": token, "new_password": password });
    app.post("/auth/password-reset/confirm", confirm(&"x".repeat(60_000))).await.expect(422);
    assert_eq!(app.cost_of("POST /api/v1/auth/password-reset/confirm").await["argon2"], 0.0);
    app.post("/auth/password-reset/confirm", confirm(&decomposed)).await.expect(204);
    app.sign_in_with("nora", &composed).await.expect(200);
}

/// What this process had resident at its most, in MiB.
fn peak_rss() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_41_five_hundred_logins_at_once_end_in_429_and_harm_nobody_else() {
    let app = TestApp::with_dear_hashes().await;
    let ada = app.signed_in("ada").await;
    // Of one account more than fifty sessions would end the oldest.
    app.signed_in("eve").await;
    let body = json!({ "email": "eve@example.com", "password": PASSWORD });
    let before = peak_rss();
    let done = std::sync::atomic::AtomicBool::new(false);
    let flood = async {
        let responses = at_once((0..500).map(|_| app.post(TOKEN, &body))).await;
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        responses
    };
    let others = async {
        let mut statuses = Vec::new();
        let mut look = tokio::time::interval(std::time::Duration::from_millis(100));
        // For as long as the flood lasts, so that they meet it.
        while !done.load(std::sync::atomic::Ordering::SeqCst) {
            look.tick().await;
            statuses.push(ada.get("/me").await.status);
            statuses.push(app.get("/healthz").await.status);
        }
        statuses
    };
    let (flood, others) = futures::join!(flood, others);
    assert!(others.len() >= 10 && others.iter().all(|status| *status == 200), "{others:?}");
    let turned_away: Vec<_> = flood.iter().filter(|response| response.status == 429).collect();
    let mut statuses: std::collections::BTreeMap<u16, usize> = std::collections::BTreeMap::new();
    for response in &flood {
        *statuses.entry(response.status).or_default() += 1;
    }
    assert!(
        !turned_away.is_empty() && statuses.keys().all(|status| [200, 429].contains(status)),
        "{statuses:?}"
    );
    assert!(
        turned_away
            .iter()
            .all(|response| response.header("retry-after").parse::<u32>().unwrap() >= 1)
    );
    // Five hundred hashes at once would be 9.3 GiB; other tests of this process may use theirs
    // meanwhile.
    assert!(peak_rss() - before < 1500.0, "{} MiB more", peak_rss() - before);
    // The quota of their own sign-ins.
    app.advance(60).await;
    app.sign_in("ada").await.expect(200);
}

#[tokio::test]
async fn attack_43_a_username_is_nobodys_email_or_id() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    for username in ["ada@example.com", &ada.id] {
        let body =
            json!({ "username": username, "email": "mallory@example.com", "password": PASSWORD });
        app.post(REGISTER, &body).await.expect_problem(422, "validation_failed");
    }
}

#[tokio::test]
async fn attack_44_markup_in_a_name_is_inert_in_mail_and_page_and_a_line_break_is_refused() {
    let app = TestApp::new().await;
    for name in ["Ada\r\nBcc: x@y.example", "Ada\nX", "\u{1b}[31mAda"] {
        let mut body = person("ada");
        body["first_name"] = json!(name);
        assert_eq!(
            app.post(REGISTER, &body).await.expect(422).wrong_fields(),
            ["first_name: invalid_characters"]
        );
    }
    let mut body = person("ada");
    body["first_name"] = json!("<script>alert(1)</script>{{7*7}}");
    app.post(REGISTER, &body).await.expect(202);
    let token = app.mailed_token("ada@example.com", 1).await;
    app.post("/auth/verify-email", json!({ "token": token, "password": PASSWORD }))
        .await
        .expect(204);
    let ada = app.sign_in("ada").actor().await;
    // An address is what mails show of what somebody typed.
    let change = json!({ "new_email": "{{7*7}}&'@example.com", "current_password": PASSWORD });
    ada.post("/auth/email-change", &change).await.expect(202);
    let mails = app.mails("ada@example.com", 2).await;
    let (html, text) = (mails[0].text_of("html"), mails[0].text_of("text"));
    assert!(html.contains("{{7*7}}&#38;&#39;") && !html.contains("{{7*7}}&'"), "{html}");
    assert!(text.contains("{{7*7}}&'"), "{text}");
    for page in ["/_local/", "/_local/mail"] {
        let page = app.get(page).await.text;
        assert!(!page.contains("<script>alert(1)") && !page.contains("{{7*7}}&'"), "{page}");
    }
    for username in ["<script>", "{{7*7}}", "a\r\nb"] {
        let body = json!({ "username": username, "email": "x@example.com", "password": PASSWORD });
        app.post(REGISTER, &body).await.expect(422);
    }
}

#[tokio::test]
async fn attack_45_addresses_that_only_attackers_write_are_refused_everywhere() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    for email in [
        "\"victim@x.com evil\"@y.com",
        "victim(comment)@x.com",
        "a@b@c.com",
        "a@x.com\r\nBcc: b@y.com",
        "<a@x.com>",
        "a@[127.0.0.1]",
    ] {
        let body = json!({ "username": "mallory", "email": email, "password": PASSWORD });
        assert_eq!(
            app.post(REGISTER, &body).await.expect(422).wrong_fields(),
            ["email: invalid_email"],
            "{email}"
        );
        app.post("/auth/password-reset", json!({ "email": email })).await.expect(422);
        app.post(TOKEN, json!({ "email": email, "password": PASSWORD })).await.expect(422);
        let change = json!({ "new_email": email, "current_password": PASSWORD });
        ada.post("/auth/email-change", &change).await.expect(422);
    }
}

#[tokio::test]
async fn attack_47_turning_the_forwarded_address_helps_nobody() {
    let app = TestApp::open().await;
    app.post(REGISTER, person("ada")).await.expect(201);
    let mut statuses = Vec::new();
    for n in 0..8 {
        let request = app
            .post(TOKEN, json!({ "email": "ada@example.com", "password": OTHER_PASSWORD }))
            .header("X-Forwarded-For", format!("203.0.113.{n}"))
            .header("Forwarded", format!("for=203.0.113.{n}"))
            .header("X-Real-IP", format!("203.0.113.{n}"));
        statuses.push(request.await.status);
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
    let failed = app.activities("authn_login_fail", 5).await;
    assert!(failed.iter().all(|activity| activity["address"]["S"] == "127.0.0.1"));
    let table: Vec<Value> = items(&app).await;
    assert!(!serde_json::to_string(&table).unwrap().contains("203.0.113"));
}

#[tokio::test]
async fn attack_46_what_is_sent_is_one_log_line_that_parses_back_and_no_secret_is_in_it() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let description = "fine\n{\"level\":\"ERROR\",\"message\":\"forged\"}";
    let agent = "x\\n{\"level\":\"ERROR\"}\\u001b[31m";
    let body = json!({ "activity_type": "noted", "description": description,
        "category": "security", "details": { "password": "hunter2-hunter2" } });
    firm.app.note("hunter2-hunter2");
    boss.post("/activities", body)
        .header("X-Request-Id", "line-46")
        .header("User-Agent", agent)
        .await
        .expect(201);
    let refused = json!({ "activity_type": "noted", "description": "\u{1b}[31m\r\n",
        "category": "security" });
    boss.post("/activities", refused).await.expect_problem(422, "validation_failed");
    let log = crate::support::log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("line-46")).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(serde_json::from_str::<Value>(lines[0]).unwrap()["fields"]["status"], 201);
    assert!(!log.contains("forged"), "what people write is no part of the log");
    let listed = boss.get("/activities?activity_type=noted").await.expect(200).json();
    let one = &listed["items"][0];
    assert_eq!(
        (&one["description"], &one["user_agent"], &one["details"]["password"]),
        (&json!(description), &json!(agent), &json!("***"))
    );
}

#[tokio::test]
async fn attack_47_the_address_of_a_proxy_is_believed_with_its_secret_alone() {
    let folder = tempfile::tempdir().unwrap();
    let secret = [7; 32];
    for (setting, believed) in [("off", "127.0.0.1"), ("cloudfront", "203.0.113.9")] {
        let data = rolecall_local::Data::Folder(folder.path().join(setting));
        let settings = vec![("ROLECALL_TRUSTED_PROXY", setting.to_owned())];
        let registration = Some("open".to_owned());
        let options = crate::support::options();
        let options = rolecall_local::Options { data, registration, settings, ..options };
        let app = TestApp::start(options).await;
        let mut environment = app.stack.environment().iter();
        let keys = environment.find(|(name, _)| *name == "ROLECALL_KEYS_DIR").unwrap().1.clone();
        DirectoryKeys::new(keys.as_ref()).keep("proxy", &secret).await.unwrap();
        let text = STANDARD.encode(secret);
        app.note(&text);
        app.post("/auth/register", person("ada")).await.expect(201);
        let wrong = STANDARD.encode([8; 32]);
        for (given, address) in [
            (None, "127.0.0.1"),
            (Some(""), "127.0.0.1"),
            (Some(wrong.as_str()), "127.0.0.1"),
            (Some(&text[..43]), "127.0.0.1"),
            (Some(text.as_str()), believed),
        ] {
            let call = app
                .sign_in("ada")
                .header("CloudFront-Viewer-Address", "203.0.113.9:46532")
                .header("X-Forwarded-For", "198.51.100.1, 203.0.113.9");
            let call = match given {
                Some(given) => call.header("X-Rolecall-Proxy", given.to_owned()),
                None => call,
            };
            let ada = call.actor().await;
            let sessions = ada.get("/user-sessions").await.expect(200).items();
            assert_eq!(sessions[0]["ip_address"], address, "{setting}: {given:?}");
        }
        // The proxy that tells none is one itself.
        let ada = app.sign_in("ada").header("X-Rolecall-Proxy", text.clone()).actor().await;
        let sessions = ada.get("/user-sessions").await.expect(200).items();
        assert_eq!(sessions[0]["ip_address"], "127.0.0.1");
    }
}

#[tokio::test]
async fn attack_49_json_that_two_readers_would_read_as_two_things_is_refused() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let good = r#""activity_type":"noted","description":"x","category":"security""#;
    for odd in [
        r#""details":{"a":1,"a":2}"#,
        r#""details":{"deep":[{"b":1,"b":1}]}"#,
        r#""category":"api""#,
        r#""details":{"n":1e400}"#,
        r#""details":{"n":-1e400}"#,
        r#""details":{"s":"\ud800"}"#,
        r#""details":{"\udfff":1}"#,
        r#""details":{"n":NaN}"#,
        r#""details":{"n":01}"#,
    ] {
        ada.post("/activities", ())
            .header("content-type", "application/json")
            .body(format!("{{{good},{odd}}}"))
            .await
            .expect_problem(400, "malformed_json");
    }
}
