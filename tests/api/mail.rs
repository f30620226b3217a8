//! What becomes of a mail by what the mail service says of it, and the local stack's SES.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use rolecall_domain::clock::{Clock, SignedDuration, SystemClock, Timestamp, rfc3339};
use rolecall_local::Options;
use serde_json::{Value, json};

use crate::support::{
    Actor, Json, OTHER_PASSWORD, PASSWORD, TestApp, items, options, person, token_of,
};

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

/// A user as an administrator sees it, once what came back from the address is `expected`.
async fn delivery(admin: &Actor, id: &str, expected: &Value) -> Value {
    let mut look = tokio::time::interval(Duration::from_millis(25));
    let seen = async {
        loop {
            look.tick().await;
            let user = admin.get(&format!("/users/{id}")).await.expect(200).json();
            if user["email_delivery"]["status"] == *expected {
                return user["email_delivery"].clone();
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), seen).await.expect("the event is taken")
}

async fn new_password(app: &TestApp, token: &str) {
    let body = json!({ "token": token, "new_password": OTHER_PASSWORD });
    app.post("/auth/password-reset/confirm", &body).await.expect(204);
}

#[tokio::test]
async fn a_bounce_marks_the_address_until_it_is_proven_anew() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    let to = "bounce+ada@simulator.amazonses.com";
    let ada = json!({ "username": "ada", "email": to, "password": PASSWORD });
    let id = app.post("/auth/register", &ada).await.expect(201).text_of("id");
    assert_eq!(delivery(&admin, &id, &Value::Null).await, Value::Null);
    app.post("/auth/password-reset", json!({ "email": to })).await.expect(202);
    let mark = delivery(&admin, &id, &json!("bounced")).await;
    assert_eq!(mark["reason"], "General 5.1.1");
    let at: Timestamp = mark.text_of("at").parse().unwrap();
    let seen = admin.get("/users?limit=200").await.expect(200).json();
    assert!(!seen.to_string().contains("email_delivery"), "a list leaves it out");
    // A change of something else leaves it, and mail goes out all the same: marks may be stale.
    admin.patch(&format!("/users/{id}"), json!({ "status": "active" })).await.expect(200);
    delivery(&admin, &id, &json!("bounced")).await;
    new_password(&app, &token_of(&app.mails(to, 1).await[0])).await;
    app.mails(to, 2).await;
    // The news of the new password bounces, too, and later than the proof.
    let after: Timestamp =
        delivery(&admin, &id, &json!("bounced")).await.text_of("at").parse().unwrap();
    assert!(after > at, "{after} {at}");
}

#[tokio::test]
async fn an_invited_address_is_marked_and_its_invitation_accepted_takes_the_mark_away() {
    let app = TestApp::with_admin("verified").await;
    let admin = app.admin().await;
    let to = "complaint+ivy@simulator.amazonses.com";
    let ivy = json!({ "username": "ivy", "email": to });
    let id = admin.post("/users", ivy).await.expect(201).text_of("id");
    assert_eq!(delivery(&admin, &id, &json!("complained")).await["reason"], "abuse");
    new_password(&app, &token_of(&app.mails(to, 1).await[0])).await;
    assert_eq!(delivery(&admin, &id, &Value::Null).await, Value::Null);

    // An event of a mail from before the proof comes late, and one of an address that is nobody's.
    let run = async |at: String, address: &str| {
        let event = json!({ "time": "2026-11-28T00:00:00Z", "detail-type": "Email Bounced",
            "detail": { "eventType": "Bounce", "bounce": { "bounceType": "Permanent",
                "bouncedRecipients": [{ "emailAddress": address }], "timestamp": at } } });
        app.post("/_local/schedule/note_mail_events", event).await.expect(200).json()
    };
    let ago = |seconds| rfc3339(SystemClock.now() - SignedDuration::from_secs(seconds));
    assert_eq!(run(ago(60), to).await, json!({ "marked": 0 }));
    assert_eq!(run(ago(-60), "nobody@example.com").await, json!({ "marked": 0 }));
    assert_eq!(delivery(&admin, &id, &Value::Null).await, Value::Null);
    assert_eq!(run(ago(-60), to).await, json!({ "marked": 1 }));
    assert_eq!(run(ago(-30), to).await, json!({ "marked": 0 }), "an older one");
    delivery(&admin, &id, &json!("bounced")).await;
    let nonsense = json!({ "time": "2026-11-28T00:00:00Z" });
    app.post("/_local/schedule/note_mail_events", nonsense).await.expect(502);
}

#[tokio::test]
async fn a_mail_names_the_service_its_sender_and_who_answers() {
    let app = TestApp::with_options(Options {
        settings: vec![
            ("ROLECALL_PRODUCT_NAME", "Acme <b>".to_owned()),
            ("ROLECALL_MAIL_FROM_NAME", "Acme, Büro \"Süd\"".to_owned()),
            ("ROLECALL_MAIL_REPLY_TO", "help@example.com".to_owned()),
        ],
        ..options()
    })
    .await;
    app.post("/auth/register", person("ada")).await.expect(202);
    let mail = app.mails("ada@example.com", 1).await.pop().unwrap();
    assert_eq!(mail["subject"], "Confirm your email address for Acme <b>");
    assert!(mail.text_of("text").contains("signed up for Acme <b>"), "{mail}");
    assert!(!mail.text_of("html").contains("<b>"), "{mail}");
    let encoded = STANDARD.encode("Acme, Büro \"Süd\"");
    assert_eq!(mail["from"], format!("=?UTF-8?B?{encoded}?= <rolecall@example.com>"));
    assert_eq!(mail["reply_to"], json!(["help@example.com"]));
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
