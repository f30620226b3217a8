//! Requests that come twice, at once, or changed.

use serde_json::{Value, json};

use crate::support::{Actor, Call, Firm, at_once, both};

fn idempotency(who: &Actor, list: &str, body: &Value) -> Call {
    who.post(list, body).header("Idempotency-Key", "k-1")
}

#[tokio::test]
async fn attack_51_a_key_gives_its_first_answer_again_to_its_owner_alone() {
    let firm = Firm::new().await;
    let second = firm.member("second", "PLATFORM", &["super_admin"]).await;
    for (list, body, other) in [
        (
            "/organizations",
            json!({ "code": "NEW", "name": "New" }),
            json!({ "code": "NEWER", "name": "New" }),
        ),
        (
            "/modules",
            json!({ "code": "NEW", "name": "New" }),
            json!({ "code": "NEWER", "name": "New" }),
        ),
        (
            "/permissions",
            json!({ "code": "new.read", "module": "PID", "name": "New", "action": "read" }),
            json!({ "code": "newer.read", "module": "PID", "name": "New", "action": "read" }),
        ),
        (
            "/roles",
            json!({ "code": "new", "name": "New", "level": 6 }),
            json!({ "code": "newer", "name": "New", "level": 6 }),
        ),
        (
            "/users",
            json!({ "username": "new", "email": "new@example.com" }),
            json!({ "username": "newer", "email": "newer@example.com" }),
        ),
    ] {
        let responses = at_once((0..8).map(|_| idempotency(&firm.root, list, &body))).await;
        let first = responses[0].clone().expect(201);
        for again in responses.iter().chain([&idempotency(&firm.root, list, &body).await]) {
            assert_eq!(
                (again.status, &again.text, again.header("etag")),
                (201, &first.text, first.header("etag")),
                "{list}"
            );
        }
        idempotency(&firm.root, list, &other).await.expect_problem(422, "idempotency_key_reused");
        let taken = if list == "/users" { "email_taken" } else { "code_taken" };
        idempotency(&second, list, &body).await.expect_problem(409, taken);
        idempotency(&second, list, &other).await.expect(201);
    }
    firm.app.mails("new@example.com", 1).await;
}

#[tokio::test]
async fn a_code_that_many_want_at_once_is_given_once() {
    let firm = Firm::new().await;
    for (list, body) in [
        ("/organizations", json!({ "code": "RACE", "name": "Race" })),
        ("/modules", json!({ "code": "RACE", "name": "Race" })),
        ("/roles", json!({ "code": "race", "name": "Race", "level": 6 })),
    ] {
        let tries = at_once((0..8).map(|_| firm.root.post(list, &body))).await;
        let made = tries.iter().filter(|response| response.status == 201).count();
        let taken = tries.iter().filter(|response| response.status == 409).count();
        assert_eq!((made, taken), (1, 7), "{list}");
    }
}

#[tokio::test]
async fn a_role_that_is_deleted_while_it_is_given_is_either_there_or_nobodys() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    for n in 0..12 {
        let code = format!("fleeting{n}");
        let body = json!({ "code": code, "name": "Fleeting", "level": 6 });
        firm.root.post("/roles", body).await.expect(201);
        let (at, role) =
            (format!("{}/roles/{code}", ada.at("MY_COMPANY")), format!("/roles/{code}"));
        let (given, gone) = both(firm.root.put(&at, ()), firm.root.delete(&role)).await;
        assert!(
            matches!((given.status, gone.status), (201, 409) | (404, 204)),
            "{given:?} {gone:?}"
        );
    }
}
