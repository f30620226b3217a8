//! How much mail strangers can have sent, and that nobody's is lost for it.

use rolecall_domain::clock::{Clock, SystemClock};
use rolecall_local::Options;
use serde_json::{Value, json};

use crate::support::{
    Actor, Json, OTHER_PASSWORD, PASSWORD, TestApp, options, outbox_ids, person, token_of,
};

const VICTIM: &str = "victim@example.com";

/// A stack whose clock is a minute behind a full hour: bounds are counted by the hour.
async fn stack(settings: &[(&'static str, &str)]) -> TestApp {
    let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let app = TestApp::start(Options { settings, ..options() }).await;
    let to_the_hour = 3600 - SystemClock.now().as_second() % 3600;
    app.advance(u32::try_from(to_the_hour).unwrap() + 60).await;
    app
}

/// Signs up `name` with an address, from a network.
async fn sign_up(app: &TestApp, from: &str, name: &str, email: &str) {
    let body = json!({ "username": name, "email": email, "password": OTHER_PASSWORD });
    app.post("/auth/register", body).sent_from(from).await.expect(202);
}

/// Once every mail that was asked for went out, or has its time.
async fn handled(app: &TestApp) {
    let is_handled =
        |item: &Value| !item["sent_at"].is_null() || !item["next_attempt_at"].is_null();
    app.settled(|items| {
        items.iter().filter(|item| item["entity"]["S"] == "outbox").all(is_handled)
    })
    .await;
}

/// How many mails wait for their time.
fn waiting(items: &[Value]) -> usize {
    let waits = |item: &&Value| item["sent_at"].is_null() && !item["next_attempt_at"].is_null();
    items.iter().filter(waits).count()
}

/// Once so many mails wait: the schedule may be sending one, and those of a wish come by way of
/// another function.
async fn wait_for(app: &TestApp, count: usize) {
    app.settled(|items| waiting(items) == count).await;
}

/// So much time later, once what is due then went out.
async fn later(app: &TestApp, minutes: u32) {
    app.advance(60 * minutes).await;
    let event = json!({ "time": "2026-11-28T00:00:00Z" });
    app.post("/_local/schedule/sweep_mail", event).await.expect(200);
}

async fn sent_to(app: &TestApp, is_it: impl Fn(&str) -> bool) -> usize {
    app.all_mails().await.iter().filter(|mail| is_it(mail.text_of("to"))).count()
}

#[tokio::test]
async fn attack_69_strangers_neither_fill_a_mailbox_nor_keep_its_owner_from_a_mail() {
    let app = stack(&[]).await;
    // Half of an hour's ten from one network, and one more that is late.
    for n in 0..12 {
        sign_up(&app, "127.0.0.2", &format!("eve{n}"), VICTIM).await;
    }
    handled(&app).await;
    app.mails(VICTIM, 6).await;
    wait_for(&app, 1).await;
    // The owner's own mail comes all the same, and the owner's password works with it.
    app.post("/auth/register", person("victim")).sent_from("127.0.0.3").await.expect(202);
    app.mails(VICTIM, 7).await;
    // The rest of the ten from fifty networks.
    for n in 0..50 {
        sign_up(&app, &format!("127.0.1.{}", n + 1), &format!("mallory{n}"), VICTIM).await;
    }
    // The owner is over the bound now: the mail that waits is good for this sign-up, too.
    app.post("/auth/register", person("victim")).sent_from("127.0.0.3").await.expect(202);
    handled(&app).await;
    app.mails(VICTIM, 11).await;
    wait_for(&app, 1).await;
    later(&app, 19).await;
    app.mails(VICTIM, 11).await;
    later(&app, 1).await;
    let late = app.mailed_token(VICTIM, 12).await;
    wait_for(&app, 0).await;
    app.verify(&late, PASSWORD).await.expect(204);
    app.sign_in("victim").await.expect(200);
}

#[tokio::test]
async fn attack_69_a_mailbox_that_strangers_write_to_all_day_gets_three_late_mails_an_hour() {
    let app = stack(&[("ROLECALL_ADDRESS_MAILS", "1")]).await;
    for round in 0..12 {
        for n in 0..3 {
            sign_up(&app, "127.0.0.2", &format!("eve{round}.{n}"), VICTIM).await;
            app.post("/auth/verify-email/resend", json!({ "email": VICTIM })).await.expect(202);
        }
        handled(&app).await;
        app.settled(|items| waiting(items) <= 1).await;
        later(&app, 10).await;
    }
    // Two hours: one within the bound of each, and one late one in twenty minutes.
    let sent = sent_to(&app, |to| to == VICTIM).await;
    assert!((8..=9).contains(&sent), "{sent}");
    assert_eq!(outbox_ids(&app).await.len(), 72);
}

/// Has the account wish for an address.
async fn wish(actor: &Actor, new_email: &str) {
    let body = json!({ "new_email": new_email, "current_password": PASSWORD });
    actor.post("/auth/email-change", body).await.expect(202);
}

#[tokio::test]
async fn late_mails_of_each_kind_have_their_turn_and_each_link_is_good() {
    let app = stack(&[("ROLECALL_ADDRESS_MAILS", "1")]).await;
    let (ada, eve) = (app.signed_in("ada").await, app.signed_in("eve").await);
    sign_up(&app, "127.0.0.2", "mallory", VICTIM).await;
    sign_up(&app, "127.0.0.2", "mallory", VICTIM).await;
    handled(&app).await;
    app.mails(VICTIM, 2).await;
    wait_for(&app, 0).await;
    wish(&ada, VICTIM).await;
    wait_for(&app, 1).await;
    wish(&eve, VICTIM).await;
    wait_for(&app, 2).await;
    for path in ["/auth/verify-email/resend", "/auth/password-reset"] {
        app.post(path, json!({ "email": VICTIM })).await.expect(202);
        wait_for(&app, 3).await;
    }
    // The reset is answered by the verification mail that waits: as a mail it is over.
    handled(&app).await;
    let mut subjects = Vec::new();
    for turn in 0..3 {
        later(&app, 20).await;
        subjects.push(app.mails(VICTIM, 3 + turn).await.remove(0)["subject"].clone());
    }
    assert_eq!(
        subjects,
        [
            "Confirm your new email address for Rolecall",
            "Confirm your new email address for Rolecall",
            "Confirm your email address for Rolecall"
        ]
    );
    wait_for(&app, 0).await;
    let mails = app.mails(VICTIM, 5).await;
    let confirm = |mail: &Value, password: &str| {
        let body = json!({ "token": token_of(mail), "password": password });
        app.post("/auth/email-change/confirm", body)
    };
    for mail in &mails[1..3] {
        confirm(mail, OTHER_PASSWORD).await.expect_problem(401, "invalid_credentials");
    }
    confirm(&mails[1], PASSWORD).await.expect(204);
    confirm(&mails[2], PASSWORD).await.expect_problem(400, "invalid_token");
}

#[tokio::test]
async fn one_network_has_its_share_of_the_mails_that_strangers_may_ask_for_and_the_rest_follows() {
    let app = stack(&[("ROLECALL_NETWORK_MAILS", "3"), ("ROLECALL_STACK_MAILS", "5")]).await;
    for from in ["127.0.0.2", "127.0.0.3"] {
        for n in 0..5 {
            let name = format!("u{from}.{n}");
            sign_up(&app, from, &name, &format!("{from}.{n}@example.com")).await;
        }
    }
    handled(&app).await;
    let of = async |network: &str| sent_to(&app, |to| to.starts_with(network)).await;
    wait_for(&app, 5).await;
    assert_eq!((of("127.0.0.2.").await, of("127.0.0.3.").await), (3, 2));
    later(&app, 50).await;
    assert_eq!((of("127.0.0.2.").await, of("127.0.0.3.").await), (3, 2));
    later(&app, 10).await;
    wait_for(&app, 0).await;
    assert_eq!((of("127.0.0.2.").await, of("127.0.0.3.").await), (5, 5), "202 said so");
    // They had that hour's places.
    sign_up(&app, "127.0.0.4", "grace", "grace@example.com").await;
    handled(&app).await;
    app.mails("grace@example.com", 0).await;
    later(&app, 60).await;
    app.mails("grace@example.com", 1).await;
}

#[tokio::test]
async fn attack_69_a_flood_of_one_network_is_no_flood_of_mails_and_waits_for_three_hours_at_most() {
    let app = stack(&[("ROLECALL_NETWORK_MAILS", "2")]).await;
    for n in 0..12 {
        sign_up(&app, "127.0.0.2", &format!("eve{n}"), &format!("eve{n}@example.com")).await;
    }
    handled(&app).await;
    for (sent, waiting) in [(2, 6), (4, 4), (6, 2), (8, 0), (8, 0)] {
        wait_for(&app, waiting).await;
        assert_eq!(sent_to(&app, |to| to.starts_with("eve")).await, sent);
        later(&app, 60).await;
    }
    // Others are not held up by it.
    sign_up(&app, "127.0.0.3", "ada", "ada@example.com").await;
    app.mails("ada@example.com", 1).await;
}
