//! The last administrator of an organization: whatever two of them do to one another, one stays.

use reqwest::Method;
use serde_json::json;

use crate::support::{Actor, Firm, PASSWORD, both};

#[tokio::test]
async fn attack_74_two_administrators_at_once_leave_one() {
    let firm = Firm::new().await;
    let [ada, bob] = [
        firm.member("ada", "OTHER", &["admin"]).await,
        firm.member("bob", "OTHER", &["admin"]).await,
    ];
    firm.member("mia", "OTHER", &[]).await;
    for round in 0..50 {
        let against = |other: &Actor| match round % 3 {
            0 => (Method::DELETE, other.at("OTHER"), None),
            1 => (Method::DELETE, format!("{}/roles/admin", other.at("OTHER")), None),
            _ => (Method::PUT, other.at("OTHER"), Some(json!({ "status": "suspended" }))),
        };
        let admins =
            [firm.signed_in_at("ada", "OTHER").await, firm.signed_in_at("bob", "OTHER").await];
        let [first, second] = [(&admins[0], &bob), (&admins[1], &ada)].map(|(who, other)| {
            let (method, path, body) = against(other);
            who.request(method, &path).json(body)
        });
        let (one, two) = both(first, second).await;
        let done = [one.status, two.status].into_iter().filter(|status| *status < 300).count();
        assert_eq!(done, 1, "round {round}: {one:?} {two:?}");
        // So often nobody signs in within a minute.
        firm.app.advance(20).await;
        for who in [&ada, &bob] {
            let at = who.at("OTHER");
            firm.root.put(&at, json!({ "status": "active" })).await;
            firm.root.put(&format!("{at}/roles/admin"), json!({})).await;
        }
    }
}

#[tokio::test]
async fn attack_74_of_two_accounts_that_end_at_once_one_stays() {
    let firm = Firm::new().await;
    let [ada, bob] = [
        firm.member("ada", "OTHER", &["admin"]).await.id,
        firm.member("bob", "OTHER", &["admin"]).await.id,
    ];
    firm.member("mia", "OTHER", &[]).await;
    let users = [ada, bob].map(|id| format!("/users/{id}"));
    let gone = json!({ "current_password": PASSWORD });
    for round in 0..50 {
        let own =
            [firm.signed_in_at("ada", "OTHER").await, firm.signed_in_at("bob", "OTHER").await];
        let [first, second] = [0, 1].map(|n| match round % 3 {
            0 => firm.root.delete(&users[n]),
            1 => firm.root.patch(&users[n], json!({ "status": "suspended" })),
            _ => own[n].request(Method::DELETE, "/me").json(&gone),
        });
        let (one, two) = both(first, second).await;
        let (done, refused): (Vec<_>, Vec<_>) =
            [&one, &two].into_iter().partition(|one| one.status < 300);
        assert_eq!(done.len(), 1, "round {round}: {one:?} {two:?}");
        assert_eq!(refused[0].text_of("code"), "last_administrator", "round {round}");
        // So often nobody signs in within a minute.
        firm.app.advance(20).await;
        for user in &users {
            firm.root.post(&format!("{user}/restore"), ()).await;
            firm.root.patch(user, json!({ "status": "active" })).await.expect(200);
        }
    }
}

#[tokio::test]
async fn the_last_administrator_of_an_organization_with_members_stays() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "OTHER", &["admin"]).await;
    let (at, user) = (ada.at("OTHER"), format!("/users/{}", ada.id));
    let role = format!("{at}/roles/admin");
    // Nobody else is there: whoever is alone may go.
    firm.root.delete(&role).await.expect(204);
    firm.root.put(&role, json!({})).await.expect(201);
    let bob = firm.member("bob", "OTHER", &[]).await;
    let until = json!({ "expires_at": "2100-01-01T00:00:00Z" });
    let gone = json!({ "current_password": PASSWORD });
    let last = async || {
        for (method, path, body) in [
            (Method::DELETE, role.as_str(), None),
            (Method::PUT, role.as_str(), Some(until.clone())),
            (Method::PUT, at.as_str(), Some(json!({ "status": "suspended" }))),
            (Method::DELETE, at.as_str(), None),
            (Method::PATCH, user.as_str(), Some(json!({ "status": "suspended" }))),
            (Method::DELETE, user.as_str(), None),
        ] {
            let response = firm.root.request(method.clone(), path).json(body).await;
            assert_eq!(response.text_of("code"), "last_administrator", "{method} {path}");
            assert_eq!(response.status, 409);
        }
        let own = ada.request(Method::DELETE, "/me").json(gone.clone()).await;
        own.expect_problem(409, "last_administrator");
        ada.delete(&role).await.expect_problem(409, "last_administrator");
    };
    last().await;
    // A role for a time, or of somebody who is suspended, does not count.
    let bobs = format!("{}/roles/admin", bob.at("OTHER"));
    firm.root.put(&bobs, until.clone()).await.expect(201);
    last().await;
    firm.root.put(&bobs, json!({})).await.expect(200);
    let suspended = json!({ "status": "suspended" });
    firm.root.put(&bob.at("OTHER"), &suspended).await.expect(200);
    last().await;
    firm.root.put(&bob.at("OTHER"), json!({ "status": "active" })).await.expect(200);
    ada.request(Method::DELETE, "/me").json(gone.clone()).await.expect(204);
}

/// An organization whose role `OTHER:boss` gives its administration.
async fn with_own_boss(firm: &Firm) {
    let boss = json!({ "code": "OTHER:boss", "organization": "OTHER", "name": "Boss", "level": 2 });
    firm.root.post("/roles", boss).await.expect(201);
    for right in ["users.manage", "roles.assign", "users.read"] {
        firm.root.put(&format!("/roles/OTHER:boss/permissions/{right}"), ()).await.expect(201);
    }
    firm.root.put("/roles/OTHER:boss/modules/RBAC", ()).await.expect(201);
}

#[tokio::test]
async fn an_own_role_keeps_giving_the_administration_to_the_last_one() {
    let firm = Firm::new().await;
    with_own_boss(&firm).await;
    let right = "/roles/OTHER:boss/permissions/users.manage";
    let bob = firm.member("bob", "OTHER", &["OTHER:boss"]).await;
    // Whoever is alone may go.
    firm.root.delete(right).await.expect(204);
    firm.root.put(right, ()).await.expect(201);
    let mia = firm.member("mia", "OTHER", &[]).await;
    let off = json!({ "is_active": false });
    firm.root.delete(right).await.expect_problem(409, "last_administrator");
    firm.root.patch("/roles/OTHER:boss", &off).await.expect_problem(409, "last_administrator");
    firm.root.delete(&bob.at("OTHER")).await.expect_problem(409, "last_administrator");
    let gone = json!({ "current_password": PASSWORD });
    let own = bob.request(Method::DELETE, "/me").json(gone).await;
    own.expect_problem(409, "last_administrator");
    // What is no part of the administration may go, and all of it once somebody else has it.
    firm.root.delete("/roles/OTHER:boss/permissions/users.read").await.expect(204);
    firm.root.put(&format!("{}/roles/admin", mia.at("OTHER")), json!({})).await.expect(201);
    firm.root.patch("/roles/OTHER:boss", off).await.expect(200);
    firm.root.delete(&bob.at("OTHER")).await.expect(204);
}

#[tokio::test]
async fn an_own_role_that_loses_a_right_and_the_removal_of_the_other_administrator_leave_one() {
    let firm = Firm::new().await;
    with_own_boss(&firm).await;
    let right = "/roles/OTHER:boss/permissions/users.manage";
    firm.member("bob", "OTHER", &["OTHER:boss"]).await;
    let ada = firm.member("ada", "OTHER", &["admin"]).await;
    let theirs = format!("{}/roles/admin", ada.at("OTHER"));
    firm.member("mia", "OTHER", &[]).await;
    for round in 0..12 {
        let (one, two) = both(firm.root.delete(right), firm.root.delete(&theirs)).await;
        let done = [&one, &two].into_iter().filter(|one| one.status == 204).count();
        assert_eq!(done, 1, "round {round}: {one:?} {two:?}");
        firm.app.advance(20).await;
        firm.root.put(right, ()).await;
        firm.root.put(&theirs, json!({})).await;
    }
}
