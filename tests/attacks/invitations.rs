//! Inviting tells nothing, and an invitation that was withdrawn makes nothing.

use serde_json::{Value, json};

use crate::support::{Firm, Json, OTHER_PASSWORD};

const LIST: &str = "/organizations/MY_COMPANY/invitations";

#[tokio::test]
async fn attack_75_a_withdrawn_invitation_makes_no_account_and_no_membership() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let id = boss.post(LIST, json!({ "email": "grace@example.com" })).await.expect(201).json();
    let mail = firm.app.mails("grace@example.com", 1).await.remove(0);
    let token = mail.text_of("text").split("token=").nth(1).unwrap();
    let token = token.split_whitespace().next().unwrap();
    let one = format!("{LIST}/{}", id.text_of("id"));
    boss.delete(&one).await.expect(204);
    for (path, body) in [
        ("/auth/accept-invitation/verify", json!({ "token": token })),
        ("/auth/decline-invitation", json!({ "token": token })),
        (
            "/auth/accept-invitation",
            json!({ "token": token, "username": "grace", "password": OTHER_PASSWORD }),
        ),
        ("/auth/password-reset/confirm", json!({ "token": token, "new_password": OTHER_PASSWORD })),
    ] {
        firm.app.post(path, body).await.expect_problem(400, "invalid_token");
    }
    firm.app.sign_in_with("grace", OTHER_PASSWORD).await.expect(401);
    boss.delete(&one).await.expect_problem(404, "not_found");
    assert_eq!(boss.all("/organizations/MY_COMPANY/members").await.len(), 1);
    // The address may be invited again, and sign up.
    boss.post(LIST, json!({ "email": "grace@example.com" })).await.expect(201);
}

#[tokio::test]
async fn attack_75_whoever_invites_does_not_learn_who_has_an_account() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    firm.member("known", "OTHER", &[]).await;
    let gone = firm.member("gone", "OTHER", &[]).await;
    firm.root.delete(&format!("/users/{}", gone.id)).await.expect(204);
    let barred = firm.member("barred", "OTHER", &[]).await;
    let barred = format!("/users/{}", barred.id);
    firm.root.patch(&barred, json!({ "status": "suspended" })).await.expect(200);
    let pending = json!({ "email": "waits@example.com", "username": "waits" });
    firm.root.post("/users", pending).await.expect(201);
    let route = "POST /api/v1/organizations/{code}/invitations";
    let mut seen: Vec<Value> = Vec::new();
    for name in ["nobody", "known", "gone", "barred", "waits"] {
        let email = format!("{name}@example.com");
        let response = boss.post(LIST, json!({ "email": email })).await.expect(201);
        let mut made = response.json();
        let cost = firm.app.cost_of(route).await;
        for own in ["id", "email", "created_at", "expires_at"] {
            made[own] = Value::Null;
        }
        seen.push(json!({ "made": made, "calls": cost["dynamodb_calls"],
            "written": cost["write_units"] }));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:#?}");
    let listed = boss.get(LIST).await.expect(200).json();
    let names = |one: &Value| one.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let items = listed.items();
    assert!(items.iter().all(|one| names(one) == names(&items[0])));
}
