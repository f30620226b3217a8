use serde_json::{Value, json};

use crate::support::{
    Actor, Firm, Json, OTHER_PASSWORD, PASSWORD, TestApp, at_once, person, token_of,
};

const ASK: &str = "/auth/email-change";
const CONFIRM: &str = "/auth/email-change/confirm";
const UNDO: &str = "/auth/email-change/undo";
const DAY: u32 = 24 * 3600;
const ASKED: &str = "Request to change your email address at Rolecall";
const CHANGED: &str = "Your email address at Rolecall was changed";

fn at(name: &str) -> String {
    format!("{name}@example.com")
}

fn link(token: &str) -> Value {
    json!({ "token": token })
}

/// Asks for another address; the token of the link to it.
async fn wish(app: &TestApp, who: &Actor, name: &str, password: &str) -> String {
    let body = json!({ "new_email": at(name), "current_password": password });
    who.post(ASK, body).await.expect(202);
    token_of(&app.mail_to(&at(name), "Confirm your new email address for Rolecall").await)
}

/// Moves an account to another address; the token of the link that takes it back.
async fn moved(app: &TestApp, who: &Actor, from: &str, to: &str) -> String {
    let token = wish(app, who, to, PASSWORD).await;
    who.post(CONFIRM, link(&token)).await.expect(204);
    token_of(&app.mail_to(&at(from), CHANGED).await)
}

async fn registers(app: &TestApp, username: &str, address: &str) -> u16 {
    let body = json!({ "username": username, "email": at(address), "password": PASSWORD });
    app.post("/auth/register", body).await.status
}

async fn pending(who: &Actor) -> Value {
    who.get("/me").await.expect(200).json()["pending_email"].clone()
}

#[tokio::test]
async fn the_link_of_the_first_notice_stops_the_change() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    assert_eq!(pending(&ada).await, json!(null));
    let wished = wish(&app, &ada, "countess", PASSWORD).await;
    let read = ada.get("/me").await.expect(200);
    assert_eq!(read.json()["pending_email"], json!(at("countess")));
    assert_eq!(ada.patch("/me", json!({})).await.expect(200).text, read.text);
    let notice = app.mail_to(&at("ada"), ASKED).await;
    let text = notice.text_of("text");
    assert!(text.contains("Stop the change:\n"), "{text}");
    assert!(text.contains("/undo-email-change#token=") && text.contains("24 hours"), "{text}");
    let stop = token_of(&notice);
    app.note(&stop);
    assert_eq!(app.post(UNDO, link(&stop)).await.expect(204).text, "");
    assert_eq!(pending(&ada).await, json!(null));
    for token in [&stop, &wished] {
        app.post(UNDO, link(token)).await.expect_problem(400, "invalid_token");
    }
    ada.post(CONFIRM, link(&wished)).await.expect_problem(400, "invalid_token");
    app.sign_in("ada").await.expect(200);
    let stopped = &app.activities("user_email_change_stop", 1).await[0];
    assert_eq!(stopped["details"]["S"], r#"{"new_email":"countess@example.com"}"#);
    assert_eq!(registers(&app, "free", "countess").await, 201);
}

#[tokio::test]
async fn a_wish_is_shown_while_it_waits() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    wish(&app, &ada, "one", PASSWORD).await;
    let first = token_of(&app.mail_to(&at("ada"), ASKED).await);
    wish(&app, &ada, "two", PASSWORD).await;
    assert_eq!(pending(&ada).await, json!(at("two")), "the later one takes its place");
    app.post(UNDO, link(&first)).await.expect_problem(400, "invalid_token");
    ada.delete("/user-sessions?scope=others").await.expect(204);
    assert_eq!(pending(&ada).await, json!(null), "it is dead with the devices");
    wish(&app, &ada, "three", PASSWORD).await;
    assert_eq!(pending(&ada).await, json!(at("three")));
    let mails = app.mails(&at("ada"), 3).await;
    app.advance(DAY + 1).await;
    let ada = app.sign_in("ada").actor().await;
    assert_eq!(pending(&ada).await, json!(null), "it is over");
    app.post(UNDO, link(&token_of(&mails[0]))).await.expect_problem(400, "token_expired");
    moved(&app, &ada, "ada", "four").await;
    assert_eq!(pending(&ada).await, json!(null), "it is done");
}

#[tokio::test]
async fn whatever_a_thief_changes_the_owner_takes_it_back() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let reset_of_before = app.reset_token("ada", 1).await;
    let thief = app.sign_in("ada").actor().await;
    let undo = moved(&app, &thief, "ada", "thief").await;
    let text = app.mail_to(&at("ada"), CHANGED).await.text_of("text").to_owned();
    assert!(text.contains("Take the change back:\n") && text.contains("for 7 days."), "{text}");
    let second = moved(&app, &thief, "thief", "thief2").await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    thief.post("/auth/password-change", body).await.expect(204);
    ada.get("/me").await.expect(401);
    let thief_again = json!({ "email": at("thief2"), "password": OTHER_PASSWORD });
    let signed_in = app.post("/auth/token", &thief_again).await.expect(200).json();
    app.post("/auth/password-reset", json!({ "email": at("thief2") })).await.expect(202);
    let reset = token_of(&app.mail_to(&at("thief2"), "Choose a new password for Rolecall").await);
    let wished = wish(&app, &thief, "thief3", OTHER_PASSWORD).await;

    app.post(UNDO, link(&undo)).await.expect(204);
    thief.get("/me").await.expect(401);
    app.refresh(&thief.refresh).await.expect(401);
    app.refresh(signed_in.text_of("refresh")).await.expect(401);
    for (name, password) in [
        ("thief", PASSWORD),
        ("thief2", OTHER_PASSWORD),
        ("ada", PASSWORD),
        ("ada", OTHER_PASSWORD),
    ] {
        app.sign_in_with(name, password).await.expect_problem(401, "invalid_credentials");
    }
    let device = json!({ "email": at("ada"), "password": OTHER_PASSWORD,
        "device": signed_in.text_of("device") });
    app.post("/auth/token", device).await.expect(401);
    for token in [&undo, &second] {
        app.post(UNDO, link(token)).await.expect_problem(400, "invalid_token");
    }
    for token in [&reset, &reset_of_before] {
        let body = json!({ "token": token, "new_password": PASSWORD });
        app.post("/auth/password-reset/confirm", body).await.expect_problem(400, "invalid_token");
    }
    let body = json!({ "token": wished, "password": OTHER_PASSWORD });
    app.post(CONFIRM, body).await.expect_problem(400, "invalid_token");
    app.mail_to(&at("thief2"), "The change of your email address at Rolecall was taken back").await;
    // Asked for before, too: the newest one is that of the undo.
    let mails = app.mails(&at("ada"), 4).await;
    assert_eq!(mails[0]["subject"], "Choose a new password for Rolecall");
    let body = json!({ "token": token_of(&mails[0]), "new_password": PASSWORD });
    app.post("/auth/password-reset/confirm", body).await.expect(204);
    let ada = app.sign_in("ada").actor().await;
    let me = ada.get("/me").await.expect(200).json();
    assert_eq!(
        (&me["email"], &me["email_verified"], &me["pending_email"]),
        (&json!(at("ada")), &json!(true), &json!(null))
    );
    let undone = &app.activities("user_email_change_undo", 1).await[0];
    assert_eq!(
        undone["details"]["S"],
        r#"{"after":"ada@example.com","before":"thief2@example.com"}"#
    );
    for name in ["thief", "thief2"] {
        assert_eq!(registers(&app, name, name).await, 201, "{name} is free again");
    }
}

#[tokio::test]
async fn each_link_of_a_chain_restores_its_own_address_and_ends_the_later_ones() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let first = moved(&app, &ada, "ada", "bea").await;
    let second = moved(&app, &ada, "bea", "cleo").await;
    app.post(UNDO, link(&second)).await.expect(204);
    assert_eq!(registers(&app, "cleo", "cleo").await, 201);
    assert_eq!(registers(&app, "ada2", "ada").await, 409, "it may still come back");
    let reset = app.mail_to(&at("bea"), "Choose a new password for Rolecall").await;
    let body = json!({ "token": token_of(&reset), "new_password": PASSWORD });
    app.post("/auth/password-reset/confirm", body).await.expect(204);
    let bea = app.sign_in("bea").actor().await;
    assert_eq!(bea.get("/me").await.json()["email"], json!(at("bea")));
    app.post(UNDO, link(&first)).await.expect(204);
    bea.get("/me").await.expect(401);
    assert_eq!(registers(&app, "bea2", "bea").await, 201);
    assert_eq!(registers(&app, "ada2", "ada").await, 409);
}

#[tokio::test]
async fn after_seven_days_the_link_is_over_and_the_address_is_free() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let undo = moved(&app, &ada, "ada", "countess").await;
    app.advance(7 * DAY - 60).await;
    assert_eq!(registers(&app, "next", "ada").await, 409);
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    app.advance(61).await;
    app.post(UNDO, link(&undo)).await.expect_problem(400, "token_expired");
    assert_eq!(registers(&app, "next", "ada").await, 201);
    app.sign_in("ada").await.expect(200);
    app.post(UNDO, link(&undo)).await.expect_problem(400, "token_expired");
    // The address of before is somebody else's, and going on leaves it to them.
    let countess = app.sign_in("countess").actor().await;
    moved(&app, &countess, "countess", "duchess").await;
    app.sign_in("ada").await.expect(200);
}

#[tokio::test]
async fn of_twenty_uses_at_once_one_counts() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let undo = link(&moved(&app, &ada, "ada", "thief").await);
    let responses = at_once((0..20).map(|_| app.post(UNDO, &undo))).await;
    let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![204], vec![400; 19]].concat());
    app.activities("user_email_change_undo", 1).await;
    // Request, change, reset.
    app.mails(&at("ada"), 3).await;
}

#[tokio::test]
async fn the_owner_goes_back_by_an_ordinary_change_and_leaves_no_link_behind() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let undo = moved(&app, &ada, "ada", "countess").await;
    let back = wish(&app, &ada, "ada", PASSWORD).await;
    ada.post(CONFIRM, link(&back)).await.expect(204);
    let notice = app.mail_to(&at("countess"), CHANGED).await;
    assert!(!notice.to_string().contains("token="), "{notice}");
    app.post(UNDO, link(&undo)).await.expect_problem(400, "invalid_token");
    app.sign_in("ada").await.expect(200);
    assert_eq!(registers(&app, "countess", "countess").await, 201);
}

#[tokio::test]
async fn nobody_else_gets_an_address_that_may_come_back() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let ada = app.signed_in("ada").await;
    moved(app, &ada, "ada", "countess").await;
    let eve = app.signed_in("eve").await;
    let known = app.post("/auth/register", person("eve").with(json!({ "username": "next" })));
    let known = known.await.expect_problem(409, "email_taken");
    let body = json!({ "username": "next", "email": at("ada"), "password": PASSWORD });
    let taken = app.post("/auth/register", body).await.expect_problem(409, "email_taken");
    assert_eq!(taken.json()["detail"], known.json()["detail"]);
    let invited = json!({ "username": "next", "email": at("ada") });
    firm.root.post("/users", invited).await.expect_problem(409, "email_taken");
    let invited = json!({ "username": "ivy", "email": at("ivy") });
    let ivy = firm.root.post("/users", invited).await.expect(201).text_of("id");
    let corrected = firm.root.patch(&format!("/users/{ivy}"), json!({ "email": at("ada") })).await;
    corrected.expect_problem(409, "email_taken");
    let import = json!({ "time": "2026-11-23T09:30:00Z",
        "users": [{ "username": "next", "email": at("ada") }] });
    let told = app.post("/_local/schedule/import_users", import).await.expect(200).json();
    assert_eq!(told["results"][0]["outcome"], "email_taken", "{told}");
    let wish = json!({ "new_email": at("ada"), "current_password": PASSWORD });
    eve.post(ASK, wish).await.expect(202);
    let told = app.mail_to(&at("ada"), "An account at Rolecall had this address lately").await;
    assert!(!told.to_string().contains("token="), "{told}");
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    let found = firm.root.get(&format!("/users?email={}", at("ada"))).await.expect(200).json();
    assert_eq!(found["items"], json!([]));
    app.post("/auth/password-reset", json!({ "email": at("ada") })).await.expect(202);
    // Request, change, and what eve's wish and the reset were told.
    let mails = app.mails(&at("ada"), 4).await;
    assert_eq!(mails[0]["subject"], "An account at Rolecall had this address lately");
    app.sign_in("countess").await.expect(200);
}

#[tokio::test]
async fn a_sign_up_of_before_does_not_get_it_either() {
    let app = TestApp::new().await;
    // Who waits for an address is nobody, and so is whoever signs up while another one moves there.
    app.post("/auth/register", person("wanted")).await.expect(202);
    let verification = app.mailed_token(&at("wanted"), 1).await;
    let ada = app.signed_in("ada").await;
    moved(&app, &ada, "ada", "wanted").await;
    moved(&app, &ada, "wanted", "countess").await;
    app.verify(&verification, PASSWORD).await.expect_problem(400, "invalid_token");
    let body = json!({ "username": "again", "email": at("wanted"), "password": PASSWORD });
    app.post("/auth/register", body).await.expect(202);
    app.mail_to(&at("wanted"), "An account at Rolecall had this address lately").await;
    app.sign_in("wanted").await.expect(401);
}

#[tokio::test]
async fn an_account_that_is_suspended_or_deleted_stays_so() {
    let firm = Firm::new().await;
    let app = &firm.app;
    for (name, status) in [("ada", "suspended"), ("bea", "deleted")] {
        let user = app.signed_in(name).await;
        let id = user.get("/me").await.json().text_of("id").to_owned();
        let undo = moved(app, &user, name, &format!("{name}2")).await;
        let path = format!("/users/{id}");
        if status == "deleted" {
            let body = json!({ "current_password": PASSWORD });
            user.delete("/me").json(body).await.expect(204);
        } else {
            firm.root.patch(&path, json!({ "status": status })).await.expect(200);
        }
        assert_eq!(registers(app, "next", name).await, 409, "it is still theirs");
        app.post(UNDO, link(&undo)).await.expect(204);
        let now = firm.root.get(&path).await.expect(200).json();
        assert_eq!((&now["status"], &now["email"]), (&json!(status), &json!(at(name))));
        app.sign_in(name).await.expect_problem(401, "invalid_credentials");
        app.mail_to(&at(name), "Your account at Rolecall is not active").await;
        assert_eq!(registers(app, "next", name).await, 409, "it is theirs again");
    }
}

#[tokio::test]
async fn memberships_go_with_the_account_through_an_undo() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let undo = moved(app, &ada, "ada", "thief").await;
    app.post(UNDO, link(&undo)).await.expect(204);
    let reset = app.mail_to(&at("ada"), "Choose a new password for Rolecall").await;
    let body = json!({ "token": token_of(&reset), "new_password": PASSWORD });
    app.post("/auth/password-reset/confirm", body).await.expect(204);
    let ada = firm.signed_in_at("ada", "MY_COMPANY").await;
    let me = ada.get("/me").await.expect(200).json();
    assert_eq!(me["memberships"][0]["roles"], json!(["drafter"]), "{me}");
}

#[tokio::test]
async fn attack_99_the_first_proof_of_an_address_ends_the_links_of_before() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let undo = moved(&app, &ada, "ada", "victim").await;
    app.alter("victim", |user| user.email_verified = false).await;
    let reset = app.reset_token("victim", 2).await;
    let body = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    app.post("/auth/password-reset/confirm", body).await.expect(204);
    app.post(UNDO, link(&undo)).await.expect_problem(400, "invalid_token");
    assert_eq!(registers(&app, "next", "ada").await, 201);
    app.sign_in_with("victim", OTHER_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn nobody_pushes_the_owners_address_out_by_many_changes() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let undo = moved(&app, &ada, "ada", "at1").await;
    for n in 1..5 {
        app.advance(3601).await;
        let thief = app.sign_in(&format!("at{n}")).actor().await;
        moved(&app, &thief, &format!("at{n}"), &format!("at{}", n + 1)).await;
    }
    app.advance(3601).await;
    let thief = app.sign_in("at5").actor().await;
    let body = json!({ "new_email": at("at6"), "current_password": PASSWORD });
    thief.post(ASK, body).await.expect_problem(429, "too_many_requests");
    // Going back to one of them makes no further one.
    wish(&app, &thief, "at4", PASSWORD).await;
    // The account as the gate reads it costs what it did.
    thief.get("/me").await.expect(200);
    app.expect_cost("GET /api/v1/me", "read_units", 3.0).await;
    app.post(UNDO, link(&undo)).await.expect(204);
    app.sign_in("at5").await.expect_problem(401, "invalid_credentials");
    assert_eq!(registers(&app, "next", "at3").await, 201);
    assert_eq!(registers(&app, "other", "ada").await, 409);
}
