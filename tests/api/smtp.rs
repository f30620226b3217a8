//! Mail by SMTP, in the place of SES and beside the local mailbox, through a real server.

use base64::{Engine, engine::general_purpose::STANDARD};
use rolecall_local::{Data, Options};
use serde_json::{Value, json};

use crate::support::{
    TestApp, authority::Authority, binaries, items, log, options, outbox_ids, person,
    runtime_api::Function, smtp::SmtpTestServer, ssm::Parameters,
};

pub(super) const SMTP_USER: &str = "rolecall";
pub(super) const SMTP_PASSWORD: &str = "pass:word-71";

/// What `deliver_mail`, in a process of its own, did with one mail.
pub(super) struct Attempt {
    pub(super) item: Value,
    /// How many mails are due later.
    pub(super) due: usize,
    pub(super) log: String,
}

/// Has it send one mail to the server at `url`, where the authority alone is trusted.
pub(super) async fn attempt(
    server: &SmtpTestServer,
    url: String,
    authority: &Authority,
) -> Attempt {
    server.want(SMTP_PASSWORD);
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let settings = vec![("ROLECALL_SMTP_URL", url)];
    let mut app = TestApp::start(Options { settings, data, ..options() }).await;
    app.stack.stop_background().await;
    app.post("/auth/register", person("ada")).await.expect(202);
    let (parameters, endpoint) = Parameters::serve().await;
    parameters.put("/rolecall/test/smtp", &STANDARD.encode(format!("{SMTP_USER}:{SMTP_PASSWORD}")));
    for file in std::fs::read_dir(folder.path().join("keys/server")).unwrap() {
        let file = file.unwrap().path();
        let id = file.file_stem().unwrap().to_string_lossy().into_owned();
        let secret = std::fs::read_to_string(&file).unwrap();
        parameters.put(&format!("/rolecall/test/server/{id}"), &secret);
    }
    let trusted = authority.file();
    let mut environment = app.stack.environment().to_vec();
    environment.extend([
        ("ROLECALL_KEYS_SSM", "/rolecall/test".to_owned()),
        ("AWS_ENDPOINT_URL_SSM", endpoint),
        ("SSL_CERT_FILE", trusted.path().to_string_lossy().into_owned()),
    ]);
    let id = outbox_ids(&app).await.pop().unwrap();
    let record = json!({ "eventName": "INSERT", "dynamodb": { "SequenceNumber": "1",
        "NewImage": { "entity": { "S": "outbox" }, "id": { "S": id } } } });
    let mut function = Function::start(&binaries::debug("deliver_mail"), &environment).await;
    let response = function.invoke(json!({ "Records": [record] })).await;
    assert_eq!(response, json!({ "batchItemFailures": [] }));
    let log: Vec<String> = function.log().iter().map(Value::to_string).collect();
    let items = items(&app).await;
    let of = |entity: &str| items.iter().filter(|item| item["entity"]["S"] == entity).count();
    let item = items.iter().find(|item| item["id"]["S"] == id.as_str()).unwrap().clone();
    Attempt { item, due: of("due mail"), log: log.join("\n") }
}

/// A stack that sends through the server alone.
async fn stack(server: &SmtpTestServer, more: Options) -> TestApp {
    let settings = vec![
        ("ROLECALL_SMTP_URL", server.url()),
        ("ROLECALL_PRODUCT_NAME", "Büro".to_owned()),
        ("ROLECALL_MAIL_REPLY_TO", "help@example.com".to_owned()),
    ];
    TestApp::start(Options { settings, ..more }).await
}

async fn sign_up(app: &TestApp, name: &str) {
    app.post("/auth/register", person(name)).await.expect(202);
}

/// Waits until the mail to `name` went out: what it was is not kept.
async fn sent(app: &TestApp, name: &str, count: usize) {
    let to = format!("{name}@example.com");
    let is_to = |item: &Value| item["mail"]["S"].as_str().is_some_and(|mail| mail.contains(&to));
    app.settled(|items| {
        let sent = items.iter().filter(|item| !item["sent_at"].is_null()).count();
        sent == count && !items.iter().any(is_to)
    })
    .await;
}

/// The mail to `name`, once `is_so`.
async fn settled(app: &TestApp, name: &str, attribute: &str) -> Value {
    let to = format!("{name}@example.com");
    let is_it = |item: &Value| {
        item["mail"]["S"].as_str().is_some_and(|mail| mail.contains(&to))
            && !item[attribute].is_null()
    };
    app.settled(|items| items.iter().any(is_it)).await;
    items(app).await.into_iter().find(is_it).unwrap()
}

#[tokio::test]
async fn a_mail_arrives_with_its_headers_and_both_bodies() {
    let server = SmtpTestServer::start().await;
    let app = stack(&server, options()).await;
    sign_up(&app, "ada").await;
    sent(&app, "ada", 1).await;
    let mail = server.received().pop().unwrap();
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("rolecall@example.com", "ada@example.com"));
    let (headers, _) = mail.message.split_once("\r\n\r\n").unwrap();
    assert!(headers.is_ascii(), "{headers}");
    for header in ["Reply-To: <help@example.com>", "To: <ada@example.com>", "multipart/alternative"]
    {
        assert!(headers.contains(header), "{header}: {headers}");
    }
    let has = |start: &str, end: &str| {
        headers.lines().any(|line| line.starts_with(start) && line.ends_with(end))
    };
    assert!(has("From: \"=?utf-8?", "<rolecall@example.com>") || has("From: =?utf-8?", ">"));
    assert!(has("Message-ID: <", "@example.com>") && has("Date: ", ""), "{headers}");
    assert!(mail.message.contains("text/plain") && mail.message.contains("text/html"));
    app.mails("ada@example.com", 0).await;
}

#[tokio::test]
async fn what_the_server_says_of_a_recipient_is_for_good_or_for_today() {
    let server = SmtpTestServer::start().await;
    let app = stack(&server, options()).await;
    for (name, reply, is_over) in [
        ("gone", "550 5.1.1 gone@example.com is not here", true),
        ("bare", "554 no", true),
        ("grey", "451 4.7.1 come back later", false),
        ("full", "452 4.2.2 full", false),
        ("closing", "421 4.3.2 closing", false),
        ("unverified", "554 Message rejected: Email address is not verified", false),
    ] {
        server.reply(&format!("{name}@example.com"), Some(reply));
        sign_up(&app, name).await;
        let attribute = if is_over { "failed_at" } else { "next_attempt_at" };
        let item = settled(&app, name, attribute).await;
        assert_eq!(item["failed_at"].is_null(), !is_over, "{name}");
        match name {
            "gone" => assert_eq!(item["reason"]["S"], "refused: 550 5.1.1"),
            "bare" => assert_eq!(item["reason"]["S"], "refused: 554"),
            _ => {}
        }
    }
    assert!(server.received().is_empty());
    server.reply("grey@example.com", None);
    app.advance(300).await;
    let sweep = json!({ "time": "2026-11-28T00:00:00Z" });
    app.post("/_local/schedule/sweep_mail", sweep).await.expect(200);
    sent(&app, "grey", 1).await;
    let arrived = server.received();
    assert_eq!(arrived.iter().filter(|mail| mail.to == "grey@example.com").count(), 1);
}

#[tokio::test]
async fn a_password_that_the_server_refuses_holds_mail_back_and_loses_none() {
    let server = SmtpTestServer::start().await;
    server.want("right-password-71");
    let app = stack(
        &server,
        Options {
            smtp_user: Some("rolecall".to_owned()),
            smtp_password: Some("wrong-password-71".to_owned()),
            ..options()
        },
    )
    .await;
    app.note("wrong-password-71");
    sign_up(&app, "ada").await;
    settled(&app, "ada", "next_attempt_at").await;
    assert!(server.received().is_empty() && server.connections() > 0);
    assert!(!log().contains("wrong-password-71"));
}

#[tokio::test]
async fn a_server_that_is_away_holds_mail_back_and_loses_none() {
    let nowhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let settings = vec![("ROLECALL_SMTP_URL", format!("smtp://{nowhere}"))];
    let app = TestApp::start(Options { settings, ..options() }).await;
    sign_up(&app, "ada").await;
    settled(&app, "ada", "next_attempt_at").await;
}

#[tokio::test]
async fn the_local_stack_hands_mail_on_beside_its_mailbox() {
    let server = SmtpTestServer::start().await;
    let app = TestApp::start(Options { smtp: Some(server.url()), ..options() }).await;
    server.reply("eve@example.com", Some("550 5.1.1 no"));
    let mut count = 0;
    for name in ["ada", "eve"] {
        sign_up(&app, name).await;
        app.mails(&format!("{name}@example.com"), 1).await;
        count += 1;
        sent(&app, name, count).await;
    }
    let arrived: Vec<String> = server.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(arrived, ["ada@example.com"]);
    let wrong = Options { smtp: Some("mail.example.com".to_owned()), ..options() };
    assert!(rolecall_local::Stack::start(wrong).await.is_err(), "no server");
}

#[tokio::test]
async fn a_function_signs_in_at_the_server_with_the_secret_of_its_keys() {
    let server = SmtpTestServer::start().await;
    let attempt = attempt(&server, server.url(), &Authority::new()).await;
    assert!(attempt.item["sent_at"]["N"].is_string(), "{}", attempt.log);
    let mail = server.received().pop().unwrap();
    assert_eq!(mail.user, Some((SMTP_USER.to_owned(), SMTP_PASSWORD.to_owned())));
    assert!(mail.message.contains("token="), "{}", mail.message);
}
