//! `setup`: what a file wants is made so, and again changes nothing.

use serde_json::{Value, json};

use crate::support::{Firm, Json, OTHER_PASSWORD, TestApp, binaries::root, token_of};

fn firm() -> String {
    std::fs::read_to_string(root().join("infra/setup/engineering-firm.yaml")).unwrap()
}

async fn run(app: &TestApp, mut event: Value) -> Value {
    event["time"] = json!("2026-11-23T09:30:00Z");
    app.post("/_local/schedule/setup", &event).await.expect(200).json()
}

fn told(response: &Value) -> Vec<String> {
    let text = |one: &Value, name: &str| one.text_of(name).to_owned();
    let line =
        |one: &Value| format!("{} {} {}", text(one, "do"), text(one, "what"), text(one, "code"));
    response.list_of("changes").iter().map(line).collect()
}

const ALL: [&str; 9] = [
    "create organization MY_COMPANY",
    "create module PID",
    "create module PFD",
    "create module QHSE",
    "create permission pid.create",
    "update role engineer",
    "create user grace@example.com",
    "create member grace@example.com in PLATFORM",
    "create member grace@example.com in MY_COMPANY",
];

#[tokio::test]
async fn the_engineering_firm_is_set_up_once_and_its_super_admin_is_invited() {
    let app = TestApp::new().await;
    let dry = run(&app, json!({ "yaml": firm(), "dry_run": true })).await;
    assert_eq!((told(&dry), &dry["dry_run"]), (ALL.map(str::to_owned).to_vec(), &json!(true)));
    assert_eq!(told(&run(&app, json!({ "yaml": firm() })).await), ALL);
    for event in [json!({ "yaml": firm() }), json!({ "yaml": firm(), "dry_run": true })] {
        assert_eq!(told(&run(&app, event).await), Vec::<String>::new(), "again nothing changes");
    }
    let token = token_of(&app.mails("grace@example.com", 1).await[0]);
    app.note(&token);
    app.post(
        "/auth/password-reset/confirm",
        json!({ "token": token, "new_password": OTHER_PASSWORD }),
    )
    .await
    .expect(204);
    assert_eq!(told(&run(&app, json!({ "yaml": firm() })).await), Vec::<String>::new());
    let grace = app.sign_in_with("grace", OTHER_PASSWORD).actor().await;
    let organization = grace.get("/organizations/MY_COMPANY").await.expect(200).json();
    assert_eq!(
        organization["settings"],
        json!({ "theme": "dark", "features": ["analytics", "reporting"] })
    );
    let member = grace.get(&grace.at("MY_COMPANY")).await.expect(200).json();
    assert_eq!(
        (&member["employee_id"], &member["metadata"]["department"]),
        (&json!("E-1"), &json!("Process engineering"))
    );
    let me = grace.get("/me").await.json();
    assert_eq!(me["memberships"][0]["roles"], json!(["super_admin"]));
}

#[tokio::test]
async fn a_changed_file_changes_what_changed_and_a_dry_run_tells_it_first() {
    let app = TestApp::new().await;
    run(&app, json!({ "yaml": firm() })).await;
    let changed = firm()
        .replace("permissions: [pid.create]", "permissions: []")
        .replace("theme: dark", "theme: light")
        .replace("name: Process flow diagrams", "name: Flow diagrams")
        .replace("employee_id: E-1\n", "employee_id: E-2\n");
    for dry_run in [true, false] {
        let response = run(&app, json!({ "yaml": changed, "dry_run": dry_run })).await;
        let lines = [
            "update organization MY_COMPANY",
            "update module PFD",
            "update role engineer",
            "update member grace@example.com in MY_COMPANY",
        ];
        assert_eq!(told(&response), lines);
        let role = &response["changes"][2];
        assert_eq!(
            (&role["before"]["permissions"], &role["after"]["permissions"]),
            (&json!(["pid.create"]), &json!([]))
        );
        assert_eq!(response["changes"][1]["after"]["name"], "Flow diagrams");
    }
    assert_eq!(told(&run(&app, json!({ "yaml": changed })).await), Vec::<String>::new());
    app.activities("privilege_permissions_changed", 2).await;
}

#[tokio::test]
async fn json_does_what_yaml_does_and_what_is_wrong_changes_nothing() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let wanted = json!({ "modules": [{ "code": "HR", "name": "People" }], "roles": [{ "code": "hr",
        "modules": ["HR"] }] });
    assert_eq!(told(&run(app, wanted).await), ["create module HR", "create role hr"]);
    for (wrong, why) in [
        (json!({ "modules": [{ "code": "*" }] }), "modules[0].code: invalid_code"),
        (json!({ "nothing": [] }), "nothing: unknown_field"),
        (json!({ "yaml": "[1" }), "not YAML"),
        (json!({ "dry_run": 1 }), "`dry_run` is true or false"),
        (json!({ "roles": [{ "code": "x", "permissions": ["no.such"] }] }), "permissions is wrong"),
        (json!({ "modules": [{ "code": "RBAC", "is_active": false }] }), "built in"),
        (json!({ "roles": [{ "code": "super_admin", "level": 2 }] }), "system role"),
    ] {
        let mut event = wrong.clone();
        event["time"] = json!("2026-11-23T09:30:00Z");
        let response = app.post("/_local/schedule/setup", &event).await.expect(502);
        assert!(response.text.contains(why), "{why}: {}", response.text);
    }
    firm.root.get("/roles/x").await.expect(404);
}

#[tokio::test]
async fn a_service_user_tells_of_what_nobody_did_and_the_feed_shows_it_by_its_template() {
    let firm = Firm::new().await;
    let app = &firm.app;
    let office = std::fs::read_to_string(root().join("infra/setup/drawing-office.yaml")).unwrap();
    let lines = [
        "create user backup@example.com",
        "create member backup@example.com in MY_COMPANY",
        "create feed template document_uploaded",
        "create feed template backup_created",
    ];
    for dry_run in [true, false] {
        assert_eq!(told(&run(app, json!({ "yaml": office, "dry_run": dry_run })).await), lines);
    }
    assert_eq!(
        told(&run(app, json!({ "yaml": office })).await),
        Vec::<String>::new(),
        "again nothing changes"
    );
    let token = app.mailed_token("backup@example.com", 1).await;
    app.post(
        "/auth/password-reset/confirm",
        json!({ "token": token, "new_password": OTHER_PASSWORD }),
    )
    .await
    .expect(204);
    let backup = app.sign_in_with("backup", OTHER_PASSWORD).actor().await;
    let told_of = json!({
        "activity_type": "backup_created", "description": "The nightly backup was made.",
            "category": "system_operation",
        "details": { "target": "s3://backups/2026-11-23" },
    });
    let made = backup.track(told_of).await;
    assert_eq!((&made["user_id"], &made["session_id"]), (&Value::Null, &json!(backup.session_id)));
    let entry = backup.entry_of(&made).await;
    assert_eq!(
        (&entry["user_id"], &entry["group_key"]),
        (&Value::Null, &json!("backup_created:system"))
    );
    assert_eq!(
        (&entry["display_title"], &entry["icon"]),
        (&json!("A backup was made"), &json!("database-backup"))
    );
    assert_eq!(
        (&entry["display_subtitle"], &entry["color"]),
        (&json!("s3://backups/2026-11-23"), &json!("gray"))
    );
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let upload =
        ada.track(json!({ "details": { "file_name": "pid-101.dwg", "file_size": 482_133 } })).await;
    let entry = ada.entry_of(&upload).await;
    assert_eq!(
        (&entry["display_title"], &entry["display_subtitle"]),
        (&json!("ada uploaded a document"), &json!("pid-101.dwg"))
    );
    let listed =
        firm.root.all("/activities?organization=MY_COMPANY&activity_type=backup_created").await;
    assert_eq!(listed, [made]);
    let person = json!({ "service_users": [{ "username": "ada2", "email": "ada@example.com" }],
        "time": "2026-11-23T09:30:00Z" });
    let refused = app.post("/_local/schedule/setup", &person).await.expect(502);
    assert!(
        refused.text.contains("email is taken"),
        "a person's account stays a person's: {}",
        refused.text
    );
}

#[tokio::test]
async fn built_in_module_permissions_and_roles_are_always_there() {
    let app = TestApp::with_admin("verified").await;
    let admin = app.admin().await;
    let roles = admin.get("/roles").await.expect(200).json();
    let levels: Vec<(String, u64)> = roles
        .items()
        .iter()
        .map(|one| (one.text_of("code").to_owned(), one.count_of("level")))
        .collect();
    let expected = [
        ("admin", 2),
        ("engineer", 4),
        ("manager", 3),
        ("reviewer", 5),
        ("super_admin", 1),
        ("viewer", 6),
    ];
    assert_eq!(levels, expected.map(|(code, level)| (code.to_owned(), level)));
    assert!(roles.items().iter().all(|one| one["is_system"] == true));
    assert_eq!(admin.get("/permissions").await.items().len(), 11);
    admin.get("/modules/RBAC").await.expect(200);
    admin.get("/organizations/PLATFORM").await.expect(200);
}
