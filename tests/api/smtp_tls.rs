//! Mail by SMTP over TLS: what goes out, and that nothing does where the server cannot be trusted.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::smtp::{Attempt, SMTP_PASSWORD, SMTP_USER, attempt};
use crate::support::{
    authority::Authority,
    smtp::{Security, SmtpTestServer},
};

/// This machine by an address that is not a loopback one: STARTTLS is wanted there.
const ELSEWHERE: &str = "0.0.0.0";

/// It went out, over TLS, with the user's name and password.
fn expect_sent(server: &SmtpTestServer, attempt: &Attempt) {
    assert!(attempt.item["sent_at"]["N"].is_string(), "{} {}", attempt.item, attempt.log);
    let mail = server.received().pop().unwrap();
    assert_eq!(mail.user, Some((SMTP_USER.to_owned(), SMTP_PASSWORD.to_owned())));
    assert_eq!(server.in_clear(), Vec::<String>::new());
    let (_, token) = mail.message.split_once("token=").unwrap();
    expect_no_secret(&attempt.log);
    assert!(!attempt.log.contains(token.get(..20).unwrap()), "{}", attempt.log);
}

/// It is due again, and the log tells the operator why: `cause` is in it.
fn expect_held_back(server: &SmtpTestServer, attempt: &Attempt, cause: &str) {
    assert!(server.connections() > 0 && server.received().is_empty());
    assert_eq!(server.in_clear(), Vec::<String>::new());
    let Attempt { item, due, log } = attempt;
    assert!(item["sent_at"].is_null() && item["failed_at"].is_null(), "{item}");
    assert!(item["next_attempt_at"]["N"].is_string(), "{item}");
    assert_eq!(*due, 1);
    assert!(log.contains("a mail did not go out") && log.contains(cause), "{log}");
    expect_no_secret(log);
}

fn expect_no_secret(log: &str) {
    let pair = STANDARD.encode(format!("\0{SMTP_USER}\0{SMTP_PASSWORD}"));
    for secret in [SMTP_PASSWORD, &pair, "ada@example.com"] {
        assert!(!log.contains(secret), "{log}");
    }
}

fn starttls(server: &SmtpTestServer) -> String {
    format!("smtp://{ELSEWHERE}:{}", server.port)
}

fn smtps(server: &SmtpTestServer) -> String {
    format!("smtps://localhost:{}", server.port)
}

#[tokio::test]
async fn mail_goes_out_by_starttls_and_by_tls_from_the_first_byte() {
    let authority = Authority::new();
    let server = SmtpTestServer::with(Security::StartTls(authority.server(ELSEWHERE))).await;
    expect_sent(&server, &attempt(&server, starttls(&server), &authority).await);
    let server = SmtpTestServer::with(Security::Tls(authority.server("localhost"))).await;
    expect_sent(&server, &attempt(&server, smtps(&server), &authority).await);
}

#[tokio::test]
async fn a_server_without_tls_gets_neither_the_password_nor_the_mail() {
    let authority = Authority::new();
    let server = SmtpTestServer::with(Security::Plain).await;
    let held_back = attempt(&server, starttls(&server), &authority).await;
    expect_held_back(&server, &held_back, "STARTTLS");
    let server = SmtpTestServer::with(Security::Plain).await;
    let held_back = attempt(&server, smtps(&server), &authority).await;
    expect_held_back(&server, &held_back, "corrupt message");
}

#[tokio::test]
async fn a_server_of_another_name_or_an_unknown_authority_gets_no_mail() {
    // The unknown one has the same name, and another key.
    let (authority, unknown) = (Authority::new(), Authority::new());
    for (signed_by, name, cause) in [
        (&authority, "mail.example.com", "not valid for name"),
        (&unknown, ELSEWHERE, "BadSignature"),
    ] {
        let server = SmtpTestServer::with(Security::StartTls(signed_by.server(name))).await;
        let held_back = attempt(&server, starttls(&server), &authority).await;
        expect_held_back(&server, &held_back, cause);
    }
    for (signed_by, name, cause) in [
        (&authority, "mail.example.com", "not valid for name"),
        (&unknown, "localhost", "BadSignature"),
    ] {
        let server = SmtpTestServer::with(Security::Tls(signed_by.server(name))).await;
        let held_back = attempt(&server, smtps(&server), &authority).await;
        expect_held_back(&server, &held_back, cause);
    }
}
