use rolecall_domain::{
    account::{AccountStatus, Email, User},
    clock::{Clock, SignedDuration, SystemClock},
    ids::Id,
    ports::{AccountStore, NewAccount},
    rng::SystemRng,
    session::FailedLogins,
};
use rolecall_http::access::Access;
use serde_json::{Value, json};

use crate::{
    contracts::{pending_events, store_of},
    support::{Json, OTHER_PASSWORD, PASSWORD, TestApp, items, person},
};

const RESET: &str = "/auth/password-reset";
const TOKEN: &str = "/auth/token";

fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@example.com")).unwrap()
}

#[tokio::test]
async fn attack_01_a_reset_says_the_same_for_a_known_an_unknown_and_a_suspended_address() {
    let mut app = TestApp::open().await;
    app.signed_in("ada").await;
    app.signed_in("sue").await;
    app.alter("sue", |user| user.status = AccountStatus::Suspended).await;
    app.stack.stop_background().await;
    let mut seen = Vec::new();
    for name in ["ada", "nobody", "sue"] {
        let response =
            app.post(RESET, json!({ "email": format!("{name}@example.com") })).await.expect(202);
        seen.push((response.seen(), app.cost_of("POST /api/v1/auth/password-reset").await));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "the same answer at the same cost: {seen:?}");
    // With the stream at rest nothing was sent, so it was not the handler that sends.
    assert_eq!(app.all_mails().await, Vec::<Value>::new());
}

#[tokio::test]
async fn only_the_owner_of_an_active_account_gets_the_link() {
    let app = TestApp::open().await;
    app.signed_in("sue").await;
    app.verification_token("sue@example.com").await;
    app.alter("sue", |user| user.status = AccountStatus::Suspended).await;
    for name in ["sue", "nobody"] {
        app.post(RESET, json!({ "email": format!("{name}@example.com") })).await.expect(202);
    }
    app.signed_in("ada").await;
    // Mails go out in the order in which they were asked for: those of before would be there.
    app.reset_token("ada", 1).await;
    let told = &app.mails("sue@example.com", 1).await[0];
    assert_eq!(told["subject"], "Your account at Rolecall is not active");
    assert!(!told.text_of("text").contains("token="));
    app.mails("nobody@example.com", 0).await;
}

#[tokio::test]
async fn attack_02_every_refused_login_is_the_same_401_at_one_argon2() {
    let app = TestApp::open().await;
    for name in ["ada", "lou", "max"] {
        app.post("/auth/register", person(name)).await.expect(201);
    }
    let store = store_of(&app);
    let now = SystemClock.now();
    let locked = FailedLogins {
        version: 1,
        failures: 20,
        locked_until: Some(now + SignedDuration::from_hours(1)),
        ..FailedLogins::default()
    };
    store.put_failed_logins(&email("lou"), 0, &locked, &pending_events()).await.unwrap();
    app.alter("max", |user| {
        user.locked_until = Some(SystemClock.now() + SignedDuration::from_hours(1));
    })
    .await;
    let invited = store.owner(&email("ada")).await.unwrap().unwrap();
    let invited = User {
        id: Id::new(&SystemClock, &SystemRng),
        email: email("ivy"),
        username: rolecall_domain::account::Username::parse("ivy").unwrap(),
        version: 1,
        ..invited
    };
    let account = NewAccount::new(invited, None);
    store
        .create_account(&account, &pending_events(), None, now, Id::new(&SystemClock, &SystemRng))
        .await
        .unwrap();
    let mut seen = Vec::new();
    for (name, password) in [
        ("nobody", PASSWORD),
        ("ada", OTHER_PASSWORD),
        ("lou", PASSWORD),
        ("max", PASSWORD),
        ("ivy", PASSWORD),
    ] {
        let response =
            app.sign_in_with(name, password).await.expect_problem(401, "invalid_credentials");
        let cost = app.cost_of("POST /api/v1/auth/token").await;
        assert_eq!(cost["argon2"], 1.0, "{name}");
        // DynamoDB Local counts no unit for a query that finds nothing; DynamoDB does.
        let cost =
            ["dynamodb_calls", "in_sequence", "write_units"].map(|name| cost.number_of(name));
        seen.push((response.seen(), cost));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
}

#[tokio::test]
async fn attack_03_a_known_email_signs_up_with_the_same_answer_and_changes_nothing() {
    let app = TestApp::new().await;
    app.signed_in("ada").await;
    app.logins_noted(1).await;
    let account = async || -> Vec<Value> {
        let all = items(&app).await;
        // What a sign-up writes whether or not there is an account, and what tells of it.
        let own = ["signup", "outbox", "limit", "keys", "log hour"];
        let made = ["activity", "feed "];
        let is_own = |entity: &str| {
            own.contains(&entity) || made.iter().any(|made| entity.starts_with(made))
        };
        all.into_iter().filter(|item| !is_own(item.text_of("entity/S"))).collect()
    };
    let before = account().await;
    let again =
        json!({ "username": "mallory", "email": "ADA@example.com", "password": OTHER_PASSWORD });
    let known = app.post("/auth/register", &again).await.expect(202);
    let of_known = app.cost_of("POST /api/v1/auth/register").await;
    let new = app.post("/auth/register", person("grace")).await.expect(202);
    let form = |response: &crate::support::Response| {
        let (status, headers) = (response.status, response.seen().2);
        (status, headers, response.text.len(), response.text_of("verifier").len())
    };
    assert_eq!(
        (form(&known), of_known),
        (form(&new), app.cost_of("POST /api/v1/auth/register").await)
    );
    let notice = &app.mails("ada@example.com", 2).await[0];
    assert_eq!(notice["subject"], "You already have an account at Rolecall");
    assert!(!notice.text_of("text").contains("token="));
    assert_eq!(account().await, before);
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(401);
    app.sign_in("ada").await.expect(200);
}

#[tokio::test]
async fn attack_04_twenty_wrong_logins_are_the_same_row_for_a_known_and_an_unknown_email() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let row = async |name: &str| {
        let mut row = Vec::new();
        for _ in 0..20 {
            let response = app
                .post(
                    TOKEN,
                    json!({ "email": format!("{name}@example.com"), "password": OTHER_PASSWORD }),
                )
                .await;
            row.push(response.seen());
        }
        row
    };
    let (known, unknown) = (row("ada").await, row("nobody").await);
    assert_eq!(known, unknown);
    // The waits over one after the other, up to the lock and beyond, with and without a device of
    // somebody else.
    let device = app.signed_in("eve").await.device;
    let mut rows = [Vec::new(), Vec::new()];
    for n in 0..18 {
        app.advance(15 * 60 + 1).await;
        for (row, name) in rows.iter_mut().zip(["ada", "nobody"]) {
            let mut body =
                json!({ "email": format!("{name}@example.com"), "password": OTHER_PASSWORD });
            if n % 2 == 0 {
                body["device"] = json!(device);
            }
            row.push(app.post(TOKEN, &body).await.seen());
        }
    }
    assert_eq!(rows[0], rows[1]);
    assert!(rows[0].iter().all(|(status, ..)| *status == 401));
    let statuses: Vec<u16> = known.iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses, [vec![401; 5], vec![429; 15]].concat());
}

/// What a stranger who knows nothing but an address sends to a public route; none where it takes no
/// body. A public route that is not here makes the test fail.
fn body_for(route: &str, email: &str, n: usize) -> Option<Value> {
    let token =
        json!({ "token": "AZnB0nqQezKfVAwdLj9KW4m8v0mC4kqK1m4e8n0y8l1c6nD8cQ3q7E0mC4kqK1m4" });
    Some(match route {
        "POST /api/v1/auth/register" => {
            let username = format!("stranger{n}");
            json!({ "username": username, "email": email, "password": OTHER_PASSWORD })
        }
        "POST /api/v1/auth/token" => json!({ "email": email, "password": OTHER_PASSWORD }),
        "POST /api/v1/auth/password-reset" | "POST /api/v1/auth/verify-email/resend" => {
            json!({ "email": email })
        }
        "POST /api/v1/auth/verify-email" => token.with(json!({ "password": OTHER_PASSWORD })),
        "POST /api/v1/auth/password-reset/confirm" => {
            token.with(json!({ "new_password": OTHER_PASSWORD }))
        }
        "POST /api/v1/auth/email-change/confirm" => {
            token.with(json!({ "password": OTHER_PASSWORD }))
        }
        "POST /api/v1/auth/accept-invitation" => {
            token.with(json!({ "username": "stranger", "password": OTHER_PASSWORD }))
        }
        "POST /api/v1/auth/accept-invitation/verify"
        | "POST /api/v1/auth/decline-invitation"
        | "POST /api/v1/auth/password-reset/verify"
        | "POST /api/v1/auth/email-change/undo"
        | "POST /api/v1/auth/unlock" => token,
        "POST /api/v1/auth/token/refresh" | "POST /api/v1/auth/token/revoke" => {
            json!({ "refresh": "rcr_x" })
        }
        "POST /api/v1/auth/api-key/revoke" => json!({ "key": "rck_x" }),
        _ if route.starts_with("GET ") => return None,
        _ => panic!("{route} is public: what does a stranger send to it?"),
    })
}

/// What two answers can be told apart by, without what is random in each.
fn form(response: &crate::support::Response) -> (u16, Vec<String>, Value) {
    let (status, _, headers) = response.seen();
    let mut json: Value = serde_json::from_str(&response.text).unwrap_or_default();
    if let Some(object) = json.as_object_mut() {
        object.remove("instance");
        if let Some(verifier) = object.get_mut("verifier") {
            *verifier = json!(verifier.as_str().unwrap().len());
        }
    }
    (status, headers, json)
}

#[tokio::test]
async fn attack_61_no_pair_of_public_routes_tells_a_known_address_from_an_unknown_one() {
    let endpoints = functions::routes::all();
    let public = endpoints.iter().filter(|endpoint| endpoint.handler.access == Access::Public);
    let routes: Vec<String> = public.map(|endpoint| endpoint.key()).collect();
    let routes: Vec<&String> =
        routes.iter().filter(|route| body_for(route, "a@example.com", 0).is_some()).collect();
    assert!(routes.len() > 8, "{routes:?}");
    for mode in ["verified", "invite"] {
        let app = TestApp::with_registration(mode).await;
        let pairs = routes.iter().flat_map(|first| routes.iter().map(move |then| (first, then)));
        let pairs: Vec<_> = pairs.collect();
        let known = |n: usize| format!("known{n}@example.com");
        let users: Vec<Value> = (0..pairs.len())
            .map(|n| json!({ "username": format!("known{n}"), "email": known(n) }))
            .collect();
        let import = json!({ "time": "2026-11-23T09:30:00Z", "users": users });
        app.post("/_local/schedule/import_users", import).await.expect(200);
        for (n, (first, then)) in pairs.into_iter().enumerate() {
            let mut seen = Vec::new();
            for (who, email) in [known(n), format!("nobody{n}@example.com")].iter().enumerate() {
                // Each from a network of its own: what one learns counts nothing against another.
                let from = format!("127.{}.{}.{}", who + 1, n / 200, n % 200 + 1);
                let send = |route: &str, n: usize| {
                    let path = route.strip_prefix("POST /api/v1").unwrap();
                    let body = body_for(route, email, n).unwrap();
                    app.post(path, body).sent_from(&from)
                };
                let before = send(first, 4 * n + 2 * who).await;
                let after = send(then, 4 * n + 2 * who + 1).await;
                seen.push((form(&before), form(&after)));
            }
            assert_eq!(seen[0], seen[1], "{mode}: {first}, then {then}");
        }
    }
}
