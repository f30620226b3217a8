//! Invitations into organizations, for people with and without an account.

use rolecall_local::Options;
use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, OTHER_PASSWORD, PASSWORD, TestApp, options, token_of};

const LIST: &str = "/organizations/MY_COMPANY/invitations";
const VERIFY: &str = "/auth/accept-invitation/verify";
const ACCEPT: &str = "/auth/accept-invitation";

async fn invite(who: &Actor, email: &str, more: Value) -> String {
    let mut body = json!({ "email": email });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let made = who.post(LIST, body).await.expect(201).json();
    assert_eq!((&made["organization"], &made["email"]), (&json!("MY_COMPANY"), &json!(email)));
    made.text_of("id").to_owned()
}

/// The token of the newest mail to an address, once there are `count`.
async fn token(app: &TestApp, email: &str, count: usize) -> String {
    let mail = app.mails(email, count).await.remove(0);
    assert_eq!(mail["subject"], "You are invited to Rolecall");
    assert!(mail.text_of("text").contains("/accept-invitation#token="));
    token_of(&mail)
}

fn grace(token: &str) -> Value {
    json!({ "token": token, "username": "grace", "password": OTHER_PASSWORD })
}

#[tokio::test]
async fn who_has_no_account_follows_the_link_and_is_a_member_with_these_roles() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let more = json!({ "roles": ["viewer", "viewer"], "employee_id": "E-1", "department": "Art",
        "job_title": "Painter", "first_name": "Grace", "last_name": "Hopper" });
    let id = invite(&boss, "grace@example.com", more.clone()).await;
    let listed = boss.get(LIST).await.expect(200).json();
    assert_eq!(listed.each("id"), [&id]);
    let one = boss.get(&format!("{LIST}/{id}")).await.expect(200).json();
    assert_eq!(one, listed["items"][0]);
    assert_eq!(one["roles"], json!(["viewer"]));
    assert_eq!(
        (&one["invited_by"], &one["invited_by_username"]),
        (&json!(boss.id), &json!("boss"))
    );
    for name in ["employee_id", "department", "job_title", "first_name", "last_name"] {
        assert_eq!(one[name], more[name], "{name}");
    }
    let token = token(app, "grace@example.com", 1).await;
    let offer = app.post(VERIFY, json!({ "token": token })).await.expect(200).json();
    assert_eq!(offer["has_account"], false);
    assert_eq!(
        (&offer["organization"], &offer["organization_name"], &offer["email"]),
        (&json!("MY_COMPANY"), &json!("My Company"), &json!("grace@example.com"))
    );
    assert_eq!(offer["expires_at"], one["expires_at"]);
    // A password that is refused uses nothing up.
    let weak = json!({ "token": token, "username": "grace", "password": "password1" });
    app.post(ACCEPT, weak).await.expect_problem(422, "validation_failed");
    let taken = json!({ "token": token, "username": "boss", "password": OTHER_PASSWORD });
    app.post(ACCEPT, taken).await.expect_problem(409, "username_taken");
    let grace: Actor = app.post(ACCEPT, grace(&token)).actor().await;
    let me = grace.get("/me").await.expect(200).json();
    assert_eq!((&me["email_verified"], &me["first_name"]), (&json!(true), &json!("Grace")));
    let member = boss.get(&grace.at("MY_COMPANY")).await.expect(200).json();
    for name in ["employee_id", "department", "job_title"] {
        assert_eq!(member[name], more[name], "{name}");
    }
    let roles = boss.get(&format!("{}/roles", grace.at("MY_COMPANY"))).await.expect(200).json();
    assert_eq!(roles.each("role"), ["viewer"]);
    for path in [VERIFY, "/auth/decline-invitation"] {
        app.post(path, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    }
    let again = json!({ "token": token, "username": "other", "password": OTHER_PASSWORD });
    app.post(ACCEPT, again).await.expect_problem(400, "invalid_token");
    assert_eq!(boss.get(LIST).await.expect(200).json().items().len(), 0);
    boss.get(&format!("{LIST}/{id}")).await.expect_problem(404, "not_found");
    app.sign_in_with("grace", OTHER_PASSWORD).await.expect(200);
    let record = &app.activities("user_invitation_accepted", 1).await[0];
    assert_eq!(record["user_id"]["S"], grace.id);
    let again = boss.post(LIST, json!({ "email": "grace@example.com" })).await;
    again.expect_problem(409, "already_member");
}

/// Signed in again once the address is proven.
async fn proven(firm: &Firm, name: &str, organization: &str) -> Actor {
    let email = format!("{name}@example.com");
    let proof = firm.app.mail_to(&email, "Confirm your email address for Rolecall").await;
    let body = json!({ "token": token_of(&proof), "password": PASSWORD });
    firm.app.post("/auth/verify-email", body).await.expect(204);
    firm.signed_in_at(name, organization).await
}

#[tokio::test]
async fn who_has_an_account_accepts_signed_in() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let eve = firm.member("eve", "OTHER", &["admin"]).await;
    let id = invite(&boss, "eve@example.com", json!({ "roles": ["viewer"] })).await;
    let token = token(app, "eve@example.com", 1).await;
    // Mode `open` proves no address: an invitation is for who reads the mailbox.
    assert_eq!(eve.get("/me/invitations").await.expect(200).json().items().len(), 0);
    let accept = format!("/me/invitations/{id}/accept");
    eve.post(&accept, json!({})).await.expect_problem(404, "not_found");
    let offer = app.post(VERIFY, json!({ "token": token })).await.expect(200).json();
    assert_eq!(offer["has_account"], true);
    app.post(ACCEPT, grace(&token)).await.expect_problem(409, "account_exists");
    let eve = proven(&firm, "eve", "OTHER").await;
    let mine = eve.get("/me/invitations").await.expect(200).json();
    assert_eq!(mine.each("id"), [&id]);
    assert_eq!(mine.items()[0]["organization_name"], "My Company");
    boss.post(&accept, json!({})).await.expect_problem(404, "not_found");
    let member = eve.post(&accept, json!({})).await.expect(200).json();
    assert_eq!(
        (&member["organization"], &member["user_id"]),
        (&json!("MY_COMPANY"), &json!(eve.id))
    );
    eve.post(&accept, json!({})).await.expect_problem(404, "not_found");
    firm.signed_in_at("eve", "MY_COMPANY").await.get("/me/permissions").await.expect(200);
    app.post(VERIFY, json!({ "token": token })).await.expect_problem(400, "invalid_token");
}

#[tokio::test]
async fn fifty_are_invited_in_one_call_and_each_gets_its_result() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let mut all: Vec<Value> =
        (0..46).map(|n| json!({ "email": format!("guest{n}@example.com") })).collect();
    all.push(json!({ "email": "ada@example.com" }));
    all.push(json!({ "email": "not an address" }));
    all.push(json!({ "email": "x@example.com", "roles": ["nothing"] }));
    all.push(json!({ "email": "y@example.com", "roles": ["owner"], "colour": "red" }));
    let body = json!({ "invitations": all });
    let response = boss.post(LIST, &body).header("Idempotency-Key", "fifty").await.expect(201);
    let results = response.json().list_of("results").clone();
    assert_eq!(results.len(), 50);
    let ids: Vec<&str> = results[..46].iter().map(|one| one.text_of("id")).collect();
    let codes: Vec<&Value> = results[46..].iter().map(|one| &one["code"]).collect();
    assert_eq!(
        codes,
        ["already_member", "validation_failed", "validation_failed", "validation_failed"]
    );
    let listed = boss.all(&format!("{LIST}?limit=20")).await;
    assert_eq!(listed.len(), 46);
    assert!(listed.iter().all(|one| ids.contains(&one.text_of("id"))));
    let replayed = boss.post(LIST, &body).header("Idempotency-Key", "fifty").await.expect(201);
    assert_eq!(replayed.text, response.text);
    // Without a key, too, whoever was invited so a moment ago is not mailed twice.
    let again = boss.post(LIST, &body).await.expect(201).json();
    assert_eq!(again.list_of("results")[..46], results[..46]);
    assert_eq!(firm.app.mails("guest0@example.com", 1).await.len(), 1);
    all.push(json!({ "email": "z@example.com" }));
    for body in [
        json!({ "invitations": all }),
        json!({ "invitations": [] }),
        json!({ "invitations": [{ "email": "z@example.com" }], "email": "z@example.com" }),
        json!({ "invitations": [{ "email": "z@example.com" }], "department": "Art" }),
        json!({}),
    ] {
        boss.post(LIST, body).await.expect_problem(422, "validation_failed");
    }
    for who in [&ada, &firm.signed_in_at("ada", "MY_COMPANY").await] {
        who.post(LIST, json!({ "email": "z@example.com" })).await.expect_problem(403, "forbidden");
    }
}

#[tokio::test]
async fn another_link_takes_the_place_of_the_one_before_and_three_go_out_an_hour() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let id = invite(&boss, "grace@example.com", json!({})).await;
    let first = token(app, "grace@example.com", 1).await;
    let resend = format!("{LIST}/{id}/resend");
    let sent = boss.post(&resend, json!({})).await.expect(200).json();
    assert_eq!(sent["id"], json!(id));
    let second = token(app, "grace@example.com", 2).await;
    app.post(VERIFY, json!({ "token": first })).await.expect_problem(400, "invalid_token");
    app.post(VERIFY, json!({ "token": second })).await.expect(200);
    // With other words it is another invitation.
    let other = invite(&boss, "grace@example.com", json!({ "department": "Art" })).await;
    assert_ne!(other, id);
    let third = token(app, "grace@example.com", 3).await;
    app.post(VERIFY, json!({ "token": second })).await.expect_problem(400, "invalid_token");
    app.post(VERIFY, json!({ "token": third })).await.expect(200);
    boss.post(&resend, json!({})).await.expect_problem(404, "not_found");
    for path in [format!("{LIST}/{other}/resend"), LIST.to_owned()] {
        let body = json!({ "email": "grace@example.com" });
        let body = if path == LIST { body } else { json!({}) };
        boss.post(&path, body).await.expect_problem(429, "too_many_requests");
    }
    assert_eq!(boss.get(LIST).await.expect(200).json().items().len(), 1);
    app.post("/auth/decline-invitation", json!({ "token": third })).await.expect(204);
    app.post(ACCEPT, grace(&third)).await.expect_problem(400, "invalid_token");
    assert_eq!(boss.get(LIST).await.expect(200).json().items().len(), 0);
}

#[tokio::test]
async fn an_invitation_stands_on_the_rights_of_its_inviter_then_and_now() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let second = firm.member("second", "MY_COMPANY", &["admin"]).await;
    let chief = json!({ "code": "chief", "name": "Chief", "level": 1 });
    firm.root.post("/roles", chief).await.expect(201);
    let above = json!({ "email": "grace@example.com", "roles": ["chief"] });
    boss.post(LIST, above).await.expect_problem(403, "above_your_level");
    let super_admin = json!({ "email": "grace@example.com", "roles": ["super_admin"] });
    firm.root.post(LIST, super_admin).await.expect_problem(422, "validation_failed");
    boss.post("/organizations/OTHER/invitations", json!({ "email": "grace@example.com" }))
        .await
        .expect_problem(404, "not_found");
    let id = invite(&boss, "grace@example.com", json!({ "roles": ["viewer"] })).await;
    let token = token(app, "grace@example.com", 1).await;
    // The inviter may not assign any more.
    firm.root.delete(&format!("{}/roles/admin", boss.at("MY_COMPANY"))).await.expect(204);
    app.post(VERIFY, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    app.post(ACCEPT, grace(&token)).await.expect_problem(400, "invalid_token");
    app.sign_in_with("grace", OTHER_PASSWORD).await.expect(401);
    // Another one stands in for it.
    second.post(&format!("{LIST}/{id}/resend"), json!({})).await.expect(200);
    let token = token_of(&app.mails("grace@example.com", 2).await[0]);
    let grace: Actor = app.post(ACCEPT, grace(&token)).actor().await;
    grace.get("/me/permissions").await.expect(200);
    let patch = json!({ "is_active": false });
    let other = invite(&second, "late@example.com", json!({})).await;
    firm.root.patch("/organizations/MY_COMPANY", patch).await.expect(200);
    let token = token_of(&app.mails("late@example.com", 1).await[0]);
    app.post(VERIFY, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    firm.root.get(&format!("{LIST}/{other}")).await.expect(200);
}

#[tokio::test]
async fn an_invitation_into_an_organization_that_is_gone_makes_no_member_of_the_next_one() {
    let firm = Firm::new().await;
    let (app, root) = (&firm.app, &firm.root);
    firm.member("ada", "MY_COMPANY", &[]).await;
    let ada = proven(&firm, "ada", "MY_COMPANY").await;
    let shop = json!({ "code": "SHOP", "name": "Shop" });
    root.post("/organizations", &shop).await.expect(201);
    for email in ["grace@example.com", "ada@example.com"] {
        root.post("/organizations/SHOP/invitations", json!({ "email": email })).await.expect(201);
    }
    let link = token(app, "grace@example.com", 1).await;
    app.post(VERIFY, json!({ "token": link })).await.expect(200);
    let mine = ada.get("/me/invitations").await.expect(200).json();
    let mine = format!("/me/invitations/{}/accept", mine.items()[0].text_of("id"));
    root.delete("/organizations/SHOP").await.expect(204);
    assert!(ada.get("/me/invitations").await.expect(200).items().is_empty());
    for is_there_again in [false, true] {
        if is_there_again {
            root.post("/organizations", &shop).await.expect(201);
        }
        for (path, body) in [(VERIFY, json!({ "token": link })), (ACCEPT, grace(&link))] {
            app.post(path, body).await.expect_problem(400, "invalid_token");
        }
        ada.post(&mine, json!({})).await.expect_problem(404, "not_found");
    }
    assert_eq!(root.all("/organizations/SHOP/members").await.len(), 0);
    assert_eq!(root.all("/organizations/SHOP/invitations").await.len(), 0);
}

#[tokio::test]
async fn an_invitation_is_over_after_seven_days() {
    let mut firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let id = invite(&boss, "grace@example.com", json!({})).await;
    let token = token(&firm.app, "grace@example.com", 1).await;
    firm.app.advance(7 * 24 * 3600 - 60).await;
    firm.app.post(VERIFY, json!({ "token": token })).await.expect(200);
    firm.app.advance(120).await;
    firm.app.post(VERIFY, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    firm.app.post(ACCEPT, grace(&token)).await.expect_problem(400, "invalid_token");
    firm.root = firm.app.admin().await;
    assert_eq!(firm.root.get(LIST).await.expect(200).json().items().len(), 0);
    firm.root.get(&format!("{LIST}/{id}")).await.expect_problem(404, "not_found");
    // Its place is free.
    invite(&firm.root, "grace@example.com", json!({})).await;
}

#[tokio::test]
async fn an_invited_address_that_asks_for_a_reset_gets_its_invitation_again() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    invite(&boss, "grace@example.com", json!({})).await;
    let first = token(&firm.app, "grace@example.com", 1).await;
    let email = json!({ "email": "grace@example.com" });
    firm.app.post("/auth/password-reset", email).await.expect(202);
    let second = token(&firm.app, "grace@example.com", 2).await;
    assert_ne!(first, second);
    firm.app.post(ACCEPT, grace(&second)).actor().await;
}

#[tokio::test]
async fn one_of_two_who_accept_at_once_becomes_the_member() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    invite(&boss, "grace@example.com", json!({ "employee_id": "E-1" })).await;
    let other = firm.member("ada", "MY_COMPANY", &[]).await;
    boss.put(&other.at("MY_COMPANY"), json!({ "employee_id": "E-1" })).await.expect(200);
    let token = token(&firm.app, "grace@example.com", 1).await;
    let accept = |name: &str| {
        let body = json!({ "token": token, "username": name, "password": OTHER_PASSWORD });
        firm.app.post(ACCEPT, body)
    };
    let (one, two) = futures::join!(async { accept("one").await }, async { accept("two").await });
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert!(statuses[0] == 200 && [400, 409].contains(&statuses[1]), "{statuses:?}");
    // Somebody else has the employee id by now: no reason to stay out.
    let members = boss.all("/organizations/MY_COMPANY/members").await;
    assert_eq!(members.len(), 3);
    let with = members.iter().filter(|one| one["employee_id"] == "E-1").count();
    assert_eq!(with, 1);
}

#[tokio::test]
async fn an_organization_sends_so_many_invitations_an_hour() {
    let settings = vec![("ROLECALL_ORGANIZATION_INVITATIONS", "3".to_owned())];
    let firm = Firm::on(Options { settings, ..options() }).await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let other = firm.member("other", "OTHER", &["admin"]).await;
    for n in 0..3 {
        invite(&boss, &format!("guest{n}@example.com"), json!({})).await;
    }
    let one = || json!({ "email": "late@example.com" });
    let refused = boss.post(LIST, one()).await.expect_problem(429, "too_many_requests");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() <= 3600);
    other.post("/organizations/OTHER/invitations", one()).await.expect(201);
    firm.app.advance(3600).await;
    firm.signed_in_at("boss", "MY_COMPANY").await.post(LIST, one()).await.expect(201);
}
