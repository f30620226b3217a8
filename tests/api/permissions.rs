use serde_json::{Value, json};

use crate::support::{Firm, Json, TestApp, at_once, document};

#[tokio::test]
async fn set_up_assign_check_explain_revoke_check() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let question = json!({ "permission": "pid.create", "explain": true });
    let no = ada.check(question.clone()).await;
    assert_eq!(
        (&no["allowed"], &no["blockers"]),
        (&json!(false), &json!([{ "code": "no_grant" }]))
    );
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let again = firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(200).json();
    assert_eq!(again["granted_by"], firm.root.id);
    assert_eq!(
        ada.check(question.clone()).await["smallest_grant"],
        json!([{ "step": "assign_role", "code": "drafter" }])
    );
    let role = format!("{}/roles/drafter", ada.at("MY_COMPANY"));
    let assigned = firm.root.put(&role, ()).await.expect(201).json();
    assert_eq!(
        assigned,
        json!({ "role": "drafter", "is_primary": true, "starts_at": null, "expires_at": null })
    );
    let yes = ada.check(question.clone()).await;
    assert_eq!(
        yes,
        json!({ "allowed": true, "chain": { "membership": "MY_COMPANY", "role": "drafter",
            "permission": "pid.create" } })
    );
    let mine = ada.get("/me/permissions").await.expect(200).json();
    assert_eq!(mine["items"][0]["role"], "drafter");
    assert_eq!(ada.get("/me/modules").await.expect(200).json()["items"], json!([]));
    firm.root.put("/roles/drafter/modules/PID", ()).await.expect(201);
    assert_eq!(ada.check(json!({ "module": "PID" })).await, json!({ "allowed": true }));
    for (path, blocker) in [
        ("/roles/drafter", "role_inactive"),
        ("/permissions/pid.create", "permission_inactive"),
        ("/modules/PID", "module_inactive"),
    ] {
        firm.root.patch(path, json!({ "is_active": false })).await.expect(200);
        let no = ada.check(question.clone()).await;
        assert_eq!((&no["allowed"], &no["blockers"][0]["code"]), (&json!(false), &json!(blocker)));
        firm.root.patch(path, json!({ "is_active": true })).await.expect(200);
        assert_eq!(ada.check(question.clone()).await["allowed"], true);
    }
    let changes = firm.app.activities("privilege_permissions_changed", 2).await;
    let details: Vec<Value> =
        changes.iter().map(|one| serde_json::from_str(one.text_of("details/S")).unwrap()).collect();
    assert!(
        details.iter().any(|one| one["before"]["permissions"] == json!([])
            && one["after"]["permissions"] == json!(["pid.create"])),
        "{details:?}"
    );
    firm.root.delete(&role).await.expect(204);
    assert_eq!(ada.check(question).await["allowed"], false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_four_permissions_at_once_are_all_made() {
    let firm = Firm::new().await;
    let made = at_once((0..24).map(|n| {
        let body = json!({ "code": format!("pid.{n}"), "module": "PID", "name": "One",
            "action": "read" });
        firm.root.post("/permissions", body)
    }));
    let statuses: Vec<u16> = made.await.iter().map(|response| response.status).collect();
    assert_eq!(statuses, [201; 24]);
    let listed = firm.root.all("/permissions?limit=200").await;
    let of_module = listed.iter().filter(|one| one["module"] == "PID").count();
    assert_eq!(of_module, 25);
}

#[tokio::test]
async fn checks_are_not_counted_and_the_document_says_which_calls_are() {
    let app = TestApp::with_settings(&[("ROLECALL_USER_WRITES", "10")]).await;
    let ada = app.signed_in("ada").await;
    for _ in 0..40 {
        ada.check(json!({ "permission": "pid.create" })).await;
    }
    // The minute may end between them.
    let changes = (0..40).map(|n| ada.patch("/me", json!({ "first_name": format!("Ada{n}") })));
    let refused = at_once(changes).await.into_iter().filter(|one| one.status == 429).count();
    assert!((20..=30).contains(&refused), "{refused}");
    let is_counted = |method: &str, path: &str| {
        document()["paths"][format!("/api/v1{path}")][method]["responses"]["429"].is_object()
    };
    assert!(!is_counted("post", "/permissions/check") && !is_counted("get", "/me"));
    for path in ["/activities", "/activities/batch", "/permissions", "/auth/token"] {
        assert!(is_counted("post", path), "{path}");
    }
    assert!(is_counted("patch", "/me"));
}
