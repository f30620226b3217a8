//! Organizations, roles and checks, through the front door: set up, assign, check, explain, revoke,
//! check.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{OTHER_PASSWORD, PASSWORD, Response, TestApp, person, token_of};

/// A stack with a super admin, an organization, a module, a permission and a role that grants both.
pub(crate) struct Firm {
    pub(crate) app: TestApp,
    pub(crate) root: Value,
}

const CHECK: &str = "/api/v1/permissions/check";

impl Firm {
    pub(crate) async fn new() -> Self {
        let app = TestApp::with_admin("open").await;
        let root = app.admin().await;
        let firm = Self { app, root };
        for (path, body) in [
            ("organizations", json!({ "code": "MY_COMPANY", "name": "My Company" })),
            ("organizations", json!({ "code": "OTHER", "name": "Other" })),
            ("modules", json!({ "code": "PID", "name": "Piping" })),
            (
                "permissions",
                json!({ "code": "pid.create", "module": "PID", "name": "Create",
                    "action": "create" }),
            ),
            ("roles", json!({ "code": "drafter", "name": "Drafter", "level": 5 })),
        ] {
            firm.by_root(Method::POST, path, Some(body)).await.expect(201);
        }
        firm
    }

    /// Sends as somebody.
    pub(crate) async fn send(
        &self,
        who: &Value,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Response {
        let request = self
            .app
            .request(method, &format!("/api/v1/{path}"))
            .bearer_auth(who["access"].as_str().unwrap());
        self.app
            .send(match body {
                Some(body) => request.json(&body),
                None => request,
            })
            .await
    }

    pub(crate) async fn by_root(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Response {
        self.send(&self.root, method, path, body).await
    }

    /// Somebody who signed up, made a member with these roles, and signed in there.
    pub(crate) async fn member(&self, name: &str, organization: &str, roles: &[&str]) -> Value {
        let user = self.app.post("/api/v1/auth/register", &person(name)).await.expect(201);
        let at = format!("organizations/{organization}/members/{}", user.text_of("id"));
        self.by_root(Method::PUT, &at, Some(json!({}))).await.expect(201);
        for role in roles {
            self.by_root(Method::PUT, &format!("{at}/roles/{role}"), Some(json!({})))
                .await
                .expect(201);
        }
        let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD,
            "organization": organization });
        self.app.post("/api/v1/auth/token", &body).await.expect(200).json()
    }

    pub(crate) async fn check(&self, who: &Value, body: Value) -> Value {
        self.app.post_as(&who["access"], CHECK, &body).await.expect(200).json()
    }

    /// Tracks an activity as somebody: the seed's, with other fields in the place of its own.
    pub(crate) async fn track(&self, who: &Value, fields: Value) -> Value {
        let mut body = json!({ "activity_type": "document_uploaded", "description": "A drawing.",
            "category": "data_management" });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        self.send(who, Method::POST, "activities", Some(body)).await.expect(201).json()
    }

    /// Every page of a list, whose path has a query.
    pub(crate) async fn all(&self, who: &Value, path: &str) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self
                .send(who, Method::GET, &format!("{path}{cursor}"), None)
                .await
                .expect(200)
                .json();
            found.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }

    pub(crate) fn at(who: &Value, organization: &str) -> String {
        format!("organizations/{organization}/members/{}", who["user"]["id"].as_str().unwrap())
    }
}

#[tokio::test]
async fn set_up_assign_check_explain_revoke_check() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let question = json!({ "permission": "pid.create", "explain": true });
    let no = firm.check(&ada, question.clone()).await;
    assert_eq!(
        (&no["allowed"], &no["blockers"]),
        (&json!(false), &json!([{ "code": "no_grant" }]))
    );
    firm.by_root(Method::PUT, "roles/drafter/permissions/pid.create", None).await.expect(201);
    let again = firm
        .by_root(Method::PUT, "roles/drafter/permissions/pid.create", None)
        .await
        .expect(200)
        .json();
    assert_eq!(again["granted_by"], firm.root["user"]["id"]);
    assert_eq!(
        firm.check(&ada, question.clone()).await["smallest_grant"],
        json!([{ "step": "assign_role", "code": "drafter" }])
    );
    let role = format!("{}/roles/drafter", Firm::at(&ada, "MY_COMPANY"));
    let assigned = firm.by_root(Method::PUT, &role, None).await.expect(201).json();
    assert_eq!(
        assigned,
        json!({ "role": "drafter", "is_primary": true, "starts_at": null, "expires_at": null })
    );
    let yes = firm.check(&ada, question.clone()).await;
    assert_eq!(
        yes,
        json!({ "allowed": true, "chain": { "membership": "MY_COMPANY", "role": "drafter",
            "permission": "pid.create" } })
    );
    let mine = firm.send(&ada, Method::GET, "me/permissions", None).await.expect(200).json();
    assert_eq!(mine["items"][0]["role"], "drafter");
    assert_eq!(
        firm.send(&ada, Method::GET, "me/modules", None).await.expect(200).json()["items"],
        json!([])
    );
    firm.by_root(Method::PUT, "roles/drafter/modules/PID", None).await.expect(201);
    assert_eq!(firm.check(&ada, json!({ "module": "PID" })).await, json!({ "allowed": true }));
    for (path, blocker) in [
        ("roles/drafter", "role_inactive"),
        ("permissions/pid.create", "permission_inactive"),
        ("modules/PID", "module_inactive"),
    ] {
        firm.by_root(Method::PATCH, path, Some(json!({ "is_active": false }))).await.expect(200);
        let no = firm.check(&ada, question.clone()).await;
        assert_eq!((&no["allowed"], &no["blockers"][0]["code"]), (&json!(false), &json!(blocker)));
        firm.by_root(Method::PATCH, path, Some(json!({ "is_active": true }))).await.expect(200);
        assert_eq!(firm.check(&ada, question.clone()).await["allowed"], true);
    }
    let changes = firm.app.activities("privilege_permissions_changed", 2).await;
    let details: Vec<Value> = changes
        .iter()
        .map(|one| serde_json::from_str(one["details"]["S"].as_str().unwrap()).unwrap())
        .collect();
    assert!(
        details.iter().any(|one| one["before"]["permissions"] == json!([])
            && one["after"]["permissions"] == json!(["pid.create"])),
        "{details:?}"
    );
    firm.by_root(Method::DELETE, &role, None).await.expect(204);
    assert_eq!(firm.check(&ada, question).await["allowed"], false);
}

#[tokio::test]
async fn a_role_begins_and_ends_at_its_instants_without_a_job() {
    let firm = Firm::new().await;
    firm.by_root(Method::PUT, "roles/drafter/permissions/pid.create", None).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let now: rolecall_domain::clock::Timestamp =
        firm.app.get("/_local/clock").await.json()["now"].as_str().unwrap().parse().unwrap();
    let at = |minutes: i64| {
        rolecall_domain::clock::rfc3339(
            now + rolecall_domain::clock::SignedDuration::from_mins(minutes),
        )
    };
    let role = format!("{}/roles/drafter", Firm::at(&ada, "MY_COMPANY"));
    let body = json!({ "starts_at": at(10), "expires_at": at(20) });
    firm.by_root(Method::PUT, &role, Some(body)).await.expect(201);
    let question = json!({ "permission": "pid.create", "explain": true });
    for (seconds, response) in [(0, "role_not_started"), (601, "yes"), (600, "role_expired")] {
        firm.app.advance(seconds).await;
        let told = firm.check(&ada, question.clone()).await;
        let said = if told["allowed"] == true {
            "yes"
        } else {
            told["blockers"][0]["code"].as_str().unwrap()
        };
        assert_eq!(said, response);
    }
}

#[tokio::test]
async fn an_invited_person_chooses_the_password_and_nobody_else_sees_one() {
    let firm = Firm::new().await;
    let admin = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let body = json!({ "username": "grace", "email": "grace@example.com", "role": "viewer" });
    let invited =
        firm.send(&admin, Method::POST, "users", Some(body.clone())).await.expect(201).json();
    assert_eq!(
        (&invited["status"], &invited["memberships"][0]["organization"]),
        (&json!("pending"), &json!("MY_COMPANY"))
    );
    firm.send(&admin, Method::POST, "users", Some(body)).await.expect_problem(409, "email_taken");
    let first = firm.app.mailed_token("grace@example.com", 1).await;
    let again = format!("users/{}/invitation", invited["id"].as_str().unwrap());
    firm.send(&admin, Method::POST, &again, None).await.expect(200);
    let mails = firm.app.mails("grace@example.com", 2).await;
    let token = token_of(&mails[0]);
    firm.app
        .post("/api/v1/auth/password-reset/verify", &json!({ "token": first }))
        .await
        .expect(400);
    firm.app.note(&token);
    assert!(mails[0]["text"].as_str().unwrap().contains("My Company"), "{mails:?}");
    let confirm = json!({ "token": token, "new_password": OTHER_PASSWORD });
    firm.app.post("/api/v1/auth/verify-email", &json!({ "token": token })).await.expect(400);
    firm.app
        .post("/api/v1/auth/password-reset/verify", &json!({ "token": token }))
        .await
        .expect(204);
    firm.app.post("/api/v1/auth/password-reset/confirm", &confirm).await.expect(204);
    firm.app
        .post("/api/v1/auth/password-reset/confirm", &confirm)
        .await
        .expect_problem(400, "invalid_token");
    firm.send(&admin, Method::POST, &again, None).await.expect_problem(409, "not_pending");
    let grace = firm.app.sign_in_with("grace", OTHER_PASSWORD).await.expect(200).json();
    let me = firm.app.me(&grace["access"]).await.expect(200).json();
    assert_eq!(
        me["memberships"],
        json!([{ "organization": "MY_COMPANY", "status": "active", "roles": ["viewer"] }])
    );
}

#[tokio::test]
async fn what_is_taken_or_in_use_is_told_and_stale_writes_change_nothing() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    firm.by_root(
        Method::POST,
        "roles",
        Some(json!({ "code": "DRAFTER", "name": "X", "level": 5 })),
    )
    .await
    .expect_problem(409, "code_taken");
    firm.by_root(Method::DELETE, "roles/drafter", None).await.expect_problem(409, "in_use");
    firm.by_root(Method::DELETE, "roles/viewer", None).await.expect_problem(409, "system_role");
    firm.by_root(Method::DELETE, "organizations/MY_COMPANY", None)
        .await
        .expect_problem(409, "in_use");
    firm.by_root(Method::DELETE, "organizations/PLATFORM", None)
        .await
        .expect_problem(409, "built_in");
    firm.by_root(Method::DELETE, "modules/PID", None).await.expect_problem(409, "in_use");
    let role = firm.by_root(Method::GET, "roles/drafter", None).await.expect(200);
    let stale = firm
        .app
        .request(Method::PATCH, "/api/v1/roles/drafter")
        .bearer_auth(firm.root["access"].as_str().unwrap());
    let patch = |etag: String| {
        stale.try_clone().unwrap().header("If-Match", etag).json(&json!({ "name": "Drafting" }))
    };
    firm.app.send(patch("\"99\"".to_owned())).await.expect_problem(412, "stale");
    firm.app.send(patch(role.header("etag").to_owned())).await.expect(200);
    firm.by_root(Method::DELETE, &Firm::at(&ada, "MY_COMPANY"), None).await.expect(204);
    firm.app.me(&ada["access"]).await.expect_problem(401, "unauthenticated");
    firm.by_root(Method::DELETE, "roles/drafter", None).await.expect(204);
    firm.by_root(Method::DELETE, "organizations/MY_COMPANY", None).await.expect(204);
    firm.by_root(Method::GET, "organizations/MY_COMPANY", None)
        .await
        .expect_problem(404, "not_found");
}

#[tokio::test]
async fn every_way_of_being_shut_out_bites_on_the_next_call_with_an_old_token() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let member = Firm::at(&ada, "MY_COMPANY");
    for (method, path, off, on) in [
        (
            Method::PUT,
            member.as_str(),
            json!({ "status": "suspended" }),
            json!({ "status": "active" }),
        ),
        (
            Method::PATCH,
            "organizations/MY_COMPANY",
            json!({ "is_active": false }),
            json!({ "is_active": true }),
        ),
    ] {
        firm.by_root(method.clone(), path, Some(off)).await.expect(200);
        firm.app.me(&ada["access"]).await.expect_problem(401, "unauthenticated");
        let body = json!({ "email": "ada@example.com", "password": PASSWORD,
            "organization": "MY_COMPANY" });
        firm.app.post("/api/v1/auth/token", &body).await.expect_problem(403, "forbidden");
        firm.by_root(method, path, Some(on)).await.expect(200);
        firm.app.me(&ada["access"]).await.expect(200);
    }
    let user = format!("users/{}", ada["user"]["id"].as_str().unwrap());
    firm.by_root(Method::PATCH, &user, Some(json!({ "status": "suspended" }))).await.expect(200);
    firm.app.me(&ada["access"]).await.expect_problem(401, "unauthenticated");
    firm.by_root(Method::PATCH, &user, Some(json!({ "status": "active" }))).await.expect(200);
    let again = firm.app.sign_in("ada").await.expect(200).json();
    firm.by_root(Method::DELETE, &user, None).await.expect(204);
    firm.app.me(&again["access"]).await.expect_problem(401, "unauthenticated");
    firm.app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    let restored =
        firm.by_root(Method::POST, &format!("{user}/restore"), None).await.expect(200).json();
    assert_eq!(restored["status"], "active");
    firm.app.sign_in("ada").await.expect(200);
}
