//! What becomes of a mail by what the mail service says of it, and the local stack's SES.

use serde_json::{Value, json};

use crate::support::{Json, TestApp, items, person};

#[tokio::test]
async fn a_refusal_for_good_is_over_and_every_other_one_is_tried_again() {
    let app = TestApp::new().await;
    for (number, (error, is_over)) in [
        ("BadRequestException", true),
        ("MessageRejected", true),
        ("AccountSuspendedException", false),
        ("LimitExceededException", false),
        ("MailFromDomainNotVerifiedException", false),
        ("NotFoundException", false),
        ("SendingPausedException", false),
        ("TooManyRequestsException", false),
        ("AccessDeniedException", false),
        ("InternalServiceErrorException", false),
        ("SomethingNewException", false),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("user{number}");
        let to = format!("{name}@example.com");
        app.post("/_local/ses/faults", json!({ "to": to, "error": error })).await.expect(200);
        app.post("/auth/register", person(&name)).await.expect(202);
        let of_this_mail = |item: &Value| {
            item["mail"]["S"].as_str().is_some_and(|mail| mail.contains(&to))
                && !(item["failed_at"].is_null() && item["next_attempt_at"].is_null())
        };
        app.settled(|items| items.iter().any(of_this_mail)).await;
        let item = items(&app).await.into_iter().find(of_this_mail).unwrap();
        assert_eq!(item["failed_at"].is_null(), !is_over, "{error}");
        if is_over {
            assert_eq!(item.text_of("reason/S"), format!("refused: {error}"));
        }
    }
}

/// Posts to the local SES.
async fn send(app: &TestApp, body: Value) -> crate::support::Response {
    app.post("/_local/ses/v2/email/outbound-emails", body).await
}

fn simple(to: &[&str], subject: &str) -> Value {
    json!({
        "FromEmailAddress": "Rolecall <rolecall@example.com>",
        "Destination": { "ToAddresses": to },
        "Content": { "Simple": { "Subject": { "Data": subject },
            "Body": { "Text": { "Data": "Hello" } } } },
    })
}

#[tokio::test]
async fn the_local_ses_refuses_what_the_real_one_documents_that_it_refuses() {
    let app = TestApp::new().await;
    send(&app, simple(&["ada@example.com"], "Hello")).await.expect(200);
    let too_many: Vec<String> = (0..51).map(|n| format!("user{n}@example.com")).collect();
    let too_many: Vec<&str> = too_many.iter().map(String::as_str).collect();
    let with = |name: &str, value: Value| {
        let mut body = simple(&["ada@example.com"], "Hello");
        body[name] = value;
        body
    };
    for (body, status, kind) in [
        (simple(&["jürgen@example.com"], "Hello"), 400, "BadRequestException"),
        (simple(&["ada lovelace@example.com"], "Hello"), 400, "BadRequestException"),
        (simple(&["ada@example.com\r\nBcc: eve@example.com"], "x"), 400, "BadRequestException"),
        (simple(&[], "Hello"), 400, "BadRequestException"),
        (simple(&too_many, "Hello"), 400, "BadRequestException"),
        (simple(&["ada@example.com"], "Hello\r\nBcc: eve@example.com"), 400, "BadRequestException"),
        (with("FromEmailAddress", Value::Null), 400, "BadRequestException"),
        (with("Content", json!({})), 400, "BadRequestException"),
        (with("ConfigurationSetName", json!("nothing")), 404, "NotFoundException"),
        (with("ReplyToAddresses", json!(["a b@example.com"])), 400, "BadRequestException"),
    ] {
        let response = send(&app, body).await.expect(status);
        assert_eq!(response.header("x-amzn-errortype"), kind, "{response:?}");
        assert!(response.json()["message"].is_string());
    }
    app.mails("ada@example.com", 1).await;
    app.mails("eve@example.com", 0).await;
}

#[tokio::test]
async fn the_local_ses_takes_a_whole_message_and_knows_its_account_and_identities() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let app = TestApp::new().await;
    let message = "From: Ada <ada@example.com>\r\nTo: Eve <eve@example.com>\r\n\
        Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=x\r\n\r\n\
        --x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGuten Tag\r\n\
        --x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Guten Tag</p>\r\n--x--\r\n";
    let raw = json!({ "Content": { "Raw": { "Data": STANDARD.encode(message) } } });
    send(&app, raw).await.expect(200);
    let mail = app.mails("eve@example.com", 1).await.pop().unwrap();
    assert_eq!(mail.text_of("subject"), "Grüße");
    assert_eq!(mail.text_of("text").trim(), "Guten Tag");
    assert!(mail.text_of("html").contains("<p>Guten Tag</p>"));
    let bad = json!({ "Content": { "Raw": { "Data": "-" } } });
    send(&app, bad).await.expect(400);

    let get = |path: &str| app.get(&format!("/_local/ses/v2/email/{path}"));
    let account = get("account").await.expect(200).json();
    assert_eq!(account["SendQuota"]["SentLast24Hours"], 1);
    assert_eq!(account["ProductionAccessEnabled"], true);
    let identities = get("identities").await.expect(200).json();
    let names = identities.list_of("EmailIdentities").iter();
    let names: Vec<&str> = names.map(|one| one.text_of("IdentityName")).collect();
    assert_eq!(names, ["rolecall@example.com", "example.com"]);
    let identity = get("identities/rolecall@example.com").await.expect(200).json();
    assert_eq!(identity["VerifiedForSendingStatus"], true);
    let unknown = get("identities/other.example").await.expect(404);
    assert_eq!(unknown.header("x-amzn-errortype"), "NotFoundException");
}
