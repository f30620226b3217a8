//! Service accounts: programs that belong to an organization.

use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, PASSWORD};

async fn made(by: &Actor, fields: Value) -> Value {
    let body = json!({ "kind": "service", "name": "Nightly backup", "organization": "MY_COMPANY" });
    by.post("/users", body.with(fields)).await.expect(201).json()
}

#[tokio::test]
async fn an_organization_makes_lists_changes_suspends_and_deletes_its_programs() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let made = made(&boss, json!({ "roles": ["drafter", "viewer"] })).await;
    let id = made.text_of("id");
    assert_eq!(
        (&made["kind"], &made["email"], &made["status"], &made["first_name"]),
        (&json!("service"), &Value::Null, &json!("active"), &json!("Nightly backup"))
    );
    assert!(made.text_of("username").starts_with("nightly-backup-"), "{made}");
    let membership = json!([{ "organization": "MY_COMPANY", "status": "active",
        "roles": ["drafter", "viewer"] }]);
    assert_eq!(made["memberships"], membership);
    let user = format!("/users/{id}");
    let seen = boss.get(&user).await.expect(200).json();
    assert_eq!((&seen["email"], &seen["memberships"]), (&Value::Null, &membership));
    let member = format!("/organizations/MY_COMPANY/members/{id}");
    assert_eq!(boss.get(&member).await.expect(200).json()["email"], Value::Null);
    for list in ["/users?q=nightly", "/organizations/MY_COMPANY/members?q=nightly"] {
        let found = boss.all(list).await;
        assert_eq!((found.len(), &found[0]["email"]), (1, &Value::Null), "{list}");
    }
    let address = id.replace('-', "");
    assert!(boss.all(&format!("/users?q={address}")).await.is_empty());
    let csv = boss.get("/users.csv?q=nightly").await.expect(200).text;
    assert!(csv.contains(id) && !csv.contains(".invalid"), "{csv}");
    let renamed = boss.patch(&user, json!({ "first_name": "Backup" })).await.expect(200).json();
    assert_eq!(renamed["first_name"], "Backup");
    for status in ["suspended", "active"] {
        let body = json!({ "status": status });
        assert_eq!(boss.patch(&user, body).await.expect(200).json()["status"], status);
    }
    boss.delete(&user).await.expect(204);
    assert_eq!(boss.get(&user).await.expect(200).json()["status"], "deleted");
    assert_eq!(
        boss.post(&format!("{user}/restore"), ()).await.expect(200).json()["status"],
        "active"
    );
    firm.app.activities("service_account_created", 1).await;
    let record = &boss.all("/activities?activity_type=service_account_created").await[0];
    assert_eq!((record.text_of("user_id"), record.text_of("subject_id")), (&*boss.id, id));
    assert_eq!(record["details"]["roles"], json!(["drafter", "viewer"]));
}

#[tokio::test]
async fn nobody_makes_a_program_that_may_more_than_they_may_or_elsewhere() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let body = json!({ "kind": "service", "name": "x", "organization": "MY_COMPANY" });
    let with = |fields: Value| body.clone().with(fields);
    firm.root
        .post(
            "/permissions",
            json!({ "code": "pid.seal", "module": "PID", "name": "Seal",
            "action": "approve" }),
        )
        .await
        .expect(201);
    let role = json!({ "code": "sealer", "name": "Sealer", "level": 5 });
    firm.root.post("/roles", role).await.expect(201);
    firm.root.put("/roles/sealer/permissions/pid.seal", ()).await.expect(201);
    let above = boss.post("/users", with(json!({ "roles": ["sealer"] }))).await;
    above.expect_problem(403, "above_your_level");
    for role in ["super_admin", "nothing"] {
        let refused = boss.post("/users", with(json!({ "roles": [role] }))).await;
        assert_eq!(refused.expect(422).wrong_fields(), ["roles: unknown_role"]);
    }
    for organization in ["OTHER", "PLATFORM", "NOWHERE"] {
        let elsewhere = boss.post("/users", with(json!({ "organization": organization }))).await;
        elsewhere.expect_problem(404, "not_found");
    }
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    ada.post("/users", &body).await.expect_problem(403, "forbidden");
    for (fields, wrong) in [
        (json!({ "kind": "robot" }), "kind: unknown_kind"),
        (json!({ "email": "x@example.com" }), "email: not_possible"),
        (json!({ "name": null }), "name: required"),
    ] {
        let refused = boss.post("/users", with(fields)).await.expect(422);
        assert!(refused.wrong_fields().contains(&wrong.to_owned()), "{refused:?}");
    }
    let made = made(&boss, json!({})).await;
    let eve = firm.member("eve", "OTHER", &["admin"]).await;
    let user = format!("/users/{}", made.text_of("id"));
    eve.get(&user).await.expect_problem(404, "not_found");
    eve.delete(&user).await.expect_problem(404, "not_found");
    // Not even a super admin has it belong to two.
    let elsewhere = format!("/organizations/OTHER/members/{}", made.text_of("id"));
    firm.root.put(&elsewhere, json!({})).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_program_has_no_password_no_mailbox_and_no_address_that_others_could_take() {
    let firm = Firm::new().await;
    let made = made(&firm.root, json!({})).await;
    let address = format!("{}@service.invalid", made.text_of("id").replace('-', ""));
    let login = json!({ "email": address, "password": PASSWORD });
    firm.app.post("/auth/token", login).await.expect_problem(401, "invalid_credentials");
    let wish = json!({ "email": address });
    firm.app.post("/auth/password-reset", &wish).await.expect(202);
    firm.app.post("/auth/verify-email/resend", &wish).await.expect(202);
    let user = json!({ "username": "mallory", "email": "m@service.invalid", "password": PASSWORD });
    let refused = firm.app.post("/auth/register", user).await.expect(422);
    assert_eq!(refused.wrong_fields(), ["email: email_not_deliverable"]);
    // What was asked for later is there.
    firm.app
        .post("/auth/password-reset", json!({ "email": "admin@example.com" }))
        .await
        .expect(202);
    firm.app.mail_to("admin@example.com", "Choose a new password for Rolecall").await;
    let mails = firm.app.all_mails().await;
    assert!(!mails.iter().any(|mail| mail.to_string().contains(".invalid")), "{mails:?}");
    let again = format!("/users/{}/invitation", made.text_of("id"));
    firm.root.post(&again, ()).await.expect_problem(409, "not_pending");
}
