//! `import FILE --from SYSTEM`: whoever has a hash in the file signs in, everybody else by a reset.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rolecall_local::{ImportArguments, ImportError, ImportSummary, Options, Source, import};
use serde_json::{Value, json};

use super::imported_users::HASHES;
use crate::support::{
    Firm, Json, OTHER_PASSWORD, PASSWORD, TestApp, credentials, items, options, person,
};

/// The parameters of a Firebase project, and a hash and salt of `PASSWORD` by them.
const PROJECT: &str = "{ \"algorithm\": \"SCRYPT\", \"rounds\": 8, \"mem_cost\": 4,
    \"base64_salt_separator\": \"Bw==\",
    \"base64_signer_key\": \"u4xZFYm4y7kyQ26eX32iRBpmI3SLSj8bHKWFFXAbcIgAh4O0ukW4yIVhDcUNe8a9HAMnsX\
        uQkDWK2eZ9KwMTZg==\" }";
const FIREBASE_HASH: &str = "yn5XeIxjEtA0+yNDyC7pj4EjtJNs/zH56j5ww0swMG6Nb66RyOwQOV5yqRK68Gzp56laLv\
    NNidu7J4UumQGBOg==";
const FIREBASE_SALT: &str = "MDEyMzQ1Njc4OQ==";
/// scrypt of `PASSWORD`, n = 16, r = 8, p = 1, and its salt.
const SCRYPT: [&str; 2] = [
    "ecede135266a52858b0a2701ec8868dfb261fac8ef6ac12e75aaf5afde5797bf49ace5ddd1ec19ac0e3cf2f4625e\
    b91a2cd9581e04de0d4ec2a517cb45529e82",
    "0123456789abcdef",
];
/// SHA-256 of `PASSWORD` and `pepper`.
const SHA256: &str = "08b1435162503120719aa3ed49b8737b30a54edda4c2904b97b758a46667a342";

fn hash(name: &str) -> &'static str {
    HASHES.iter().find(|(one, _)| *one == name).unwrap().1
}

fn of_file(file: PathBuf, from: Source) -> ImportArguments {
    let (map, hash_config, stack) = (None, None, None);
    ImportArguments { file, from, map, hash_config, dry_run: false, start_at: 1, stack }
}

type Report = BTreeMap<String, Value>;

/// Imports a file into the stack; the report by address, or by line where there is none.
async fn try_run(
    app: &TestApp,
    from: Source,
    content: &str,
    change: impl FnOnce(&Path, &mut ImportArguments),
) -> Result<(Report, ImportSummary), ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export");
    fs::write(&file, content).unwrap();
    let mut arguments = of_file(file, from);
    change(folder.path(), &mut arguments);
    let port = app.stack.url().rsplit(':').next().unwrap().parse().unwrap();
    let mut report = Report::new();
    let sum = import(Options { port, ..options() }, &arguments, |line| {
        let email = line["email"].as_str().map(str::to_owned);
        report.insert(email.unwrap_or_else(|| line["line"].to_string()), line.clone());
    });
    let sum = sum.await?;
    Ok((report, sum))
}

async fn run(
    app: &TestApp,
    from: Source,
    content: &str,
    change: impl FnOnce(&Path, &mut ImportArguments),
) -> (Report, ImportSummary) {
    try_run(app, from, content, change).await.unwrap()
}

/// Beside the export.
pub(super) fn beside(folder: &Path, name: &str, content: &str) -> PathBuf {
    fs::write(folder.join(name), content).unwrap();
    folder.join(name)
}

fn project(folder: &Path, arguments: &mut ImportArguments) {
    arguments.hash_config = Some(beside(folder, "hash_config", PROJECT));
}

fn nothing(_: &Path, _: &mut ImportArguments) {}

fn keycloak(name: &str, algorithm: &str, iterations: u32, stored: &str) -> Value {
    let [.., salt, value] = *stored.split('$').collect::<Vec<_>>() else { unreachable!() };
    json!({ "id": name, "username": name, "email": format!("{name}@example.com"),
        "emailVerified": true, "enabled": true, "realmRoles": ["engineer"], "groups": ["/acme"],
        "credentials": [{ "type": "password",
            "secretData": json!({ "value": value, "salt": salt }).to_string(),
            "credentialData": json!({ "hashIterations": iterations, "algorithm": algorithm,
                "additionalParameters": { "memory": ["512"], "type": ["id"], "version": ["1.3"],
                    "parallelism": ["2"] } }).to_string() }] })
}

/// A file of each system: in each the first people have hashes of `PASSWORD`, and the last one has
/// none.
fn files() -> Vec<(Source, String, Vec<&'static str>, &'static str)> {
    let auth0 = json!([
        { "user_id": "a", "email": "aone@example.com", "password_hash": hash("htpasswd") },
        { "email": "atwo@example.com", "custom_password_hash": { "algorithm": "scrypt",
            "hash": { "value": SCRYPT[0], "encoding": "hex" }, "cost": 16, "blockSize": 8,
            "parallelization": 1, "salt": { "value": SCRYPT[1], "encoding": "utf8" } } },
        { "email": "athree@example.com", "custom_password_hash": { "algorithm": "sha256",
            "hash": { "value": SHA256, "encoding": "hex" },
            "salt": { "value": "pepper", "encoding": "utf8", "position": "suffix" } } },
        { "email": "afour@example.com", "custom_password_hash": { "algorithm": "pbkdf2",
            "hash": { "value": hash("keycloak"), "encoding": "utf8" } } },
        { "email": "afive@example.com" },
    ]);
    let export = json!({ "user_id": "x", "email": "xone@example.com",
        "passwordHash": hash("htpasswd") });
    let export = format!("{export}\n{}\n", json!({ "email": "xtwo@example.com" }));
    let sha512 = hash("keycloak");
    let realm = json!({ "realm": "acme", "groups": [], "users": [
        keycloak("kone", "pbkdf2-sha512", 1000, sha512),
        keycloak("ktwo", "argon2", 2, hash("argon2id")),
        keycloak("kthree", "own", 1, sha512),
    ] });
    let django = json!([
        { "model": "auth.group", "pk": 1, "fields": { "name": "engineer" } },
        { "model": "auth.user", "pk": 1, "fields": { "username": "done", "groups": [1],
            "email": "done@example.com", "password": hash("pbkdf2"), "is_active": true } },
        { "model": "auth.user", "pk": 2, "fields": { "username": "dtwo",
            "email": "dtwo@example.com", "password": "!none", "is_active": true } },
    ]);
    let firebase = json!({ "users": [
        { "localId": "f", "email": "fone@example.com", "passwordHash": FIREBASE_HASH,
            "salt": FIREBASE_SALT },
        { "localId": "g", "email": "ftwo@example.com" },
    ] });
    let row = format!("h,hone@example.com,true,{FIREBASE_HASH},{FIREBASE_SALT},\"H, One\",");
    let rows = format!("{row}{0}\ni,htwo@example.com,false,,,{0}\n", ",".repeat(22));
    let cognito = format!(
        "cognito:username,email,email_verified,password_hash\n\
         c1,cone@example.com,TRUE,{}\nc2,ctwo@example.com,TRUE,\n",
        hash("htpasswd")
    );
    let clerk = format!(
        "id,primary_email_address,verified_email_addresses,password_digest,password_hasher\n\
         1,lone@example.com,lone@example.com,{},bcrypt\n2,ltwo@example.com,,{SHA256},unheard_of\n",
        hash("htpasswd")
    );
    let supabase = format!(
        "id,email,encrypted_password,email_confirmed_at\n\
         1,sone@example.com,{},2025-01-01 00:00:00+00\n\
         2,stwo@example.com,,2025-01-01 00:00:00+00\n",
        hash("htpasswd")
    );
    let okta = json!([{ "id": "o", "status": "ACTIVE",
        "profile": { "login": "oone@example.com", "email": "oone@example.com" } }]);
    let ndjson = json!({ "email": "none@example.com", "password_hash": hash("ssha") });
    let ndjson = format!("{ndjson}\n{}\n", json!({ "email": "ntwo@example.com" }));
    vec![
        (Source::Auth0, auth0.to_string(), vec!["aone", "atwo", "athree", "afour"], "afive"),
        (Source::Auth0, export, vec!["xone"], "xtwo"),
        (Source::Keycloak, realm.to_string(), vec!["kone", "ktwo"], "kthree"),
        (Source::Django, django.to_string(), vec!["done"], "dtwo"),
        (Source::Firebase, firebase.to_string(), vec!["fone"], "ftwo"),
        (Source::Firebase, rows, vec!["hone"], "htwo"),
        (Source::Cognito, cognito, vec!["cone"], "ctwo"),
        (Source::Clerk, clerk, vec!["lone"], "ltwo"),
        (Source::Supabase, supabase, vec!["sone"], "stwo"),
        (Source::Okta, okta.to_string(), vec![], "oone"),
        (Source::Ndjson, ndjson, vec!["none"], "ntwo"),
    ]
}

#[tokio::test]
async fn whoever_has_a_hash_in_the_file_signs_in_and_everybody_else_by_a_reset() {
    let app = TestApp::new().await;
    for (source, content, with_hash, without) in files() {
        let (report, sum) = run(&app, source, &content, project).await;
        let (created, without_password) = (with_hash.len() as u64 + 1, 1);
        let expected = ImportSummary { created, without_password, ..ImportSummary::default() };
        assert_eq!(sum, expected, "{source:?}: {report:?}");
        for name in with_hash {
            app.sign_in_with(name, OTHER_PASSWORD).await.expect(401);
            app.sign_in_with(name, PASSWORD).await.expect(200);
        }
        app.sign_in_with(without, PASSWORD).await.expect_problem(401, "invalid_credentials");
        let token = app.reset_token(without, 1).await;
        let chosen = json!({ "token": token, "new_password": OTHER_PASSWORD });
        app.post("/auth/password-reset/confirm", chosen).await.expect(204);
        app.sign_in_with(without, OTHER_PASSWORD).await.expect(200);
        let (report, sum) = run(&app, source, &content, project).await;
        let expected = ImportSummary { already_imported: created, ..ImportSummary::default() };
        assert_eq!(sum, expected, "{source:?}, again: {report:?}");
    }
    let table = format!("{:?}", items(&app).await);
    for secret in ["u4xZFYm4y7", "$digest", "$firebase", SHA256, &FIREBASE_HASH[..20]] {
        assert!(!table.contains(secret), "{secret} is in the table");
    }
}

#[tokio::test]
async fn groups_and_roles_go_by_the_map_and_what_it_does_not_have_is_told() {
    let firm = Firm::new().await;
    let users = json!({ "users": [
        keycloak("kone", "pbkdf2-sha512", 1000, hash("keycloak")),
        { "username": "ktwo", "email": "ktwo@example.com", "realmRoles": ["engineer", "x"] },
        { "username": "kthree", "email": "kthree@example.com", "groups": ["/none"] },
    ] });
    let map = "organization: OTHER\norganizations: { /acme: MY_COMPANY, /none: NOWHERE }\n\
        roles: { engineer: [viewer, engineer] }\n";
    let mapped = |folder: &Path, arguments: &mut ImportArguments| {
        arguments.map = Some(beside(folder, "roles.yaml", map));
    };
    for dry_run in [true, false] {
        let (report, sum) = run(&firm.app, Source::Keycloak, &users.to_string(), |folder, all| {
            mapped(folder, all);
            all.dry_run = dry_run;
        })
        .await;
        let notes = |name: &str| report[&format!("{name}@example.com")]["notes"].clone();
        assert_eq!(notes("ktwo"), json!(["role_not_imported: x"]));
        assert_eq!(notes("kone"), Value::Null);
        let third = &report["kthree@example.com"];
        assert_eq!(
            (&third["outcome"], &third["errors"][0]["code"]),
            (&json!("invalid"), &json!("unknown_organization"))
        );
        let expected =
            ImportSummary { created: 2, failed: 1, without_password: 1, ..Default::default() };
        assert_eq!(sum, expected);
        let outcome = if dry_run { "would_create" } else { "created" };
        assert_eq!(report["kone@example.com"]["outcome"], outcome);
    }
    let kone = firm.app.post("/auth/token", credentials("kone", "MY_COMPANY")).actor().await;
    let rights = kone.get("/me").await.expect(200).json();
    let expected = json!([{ "organization": "MY_COMPANY", "status": "active",
        "roles": ["viewer", "engineer"] }]);
    let roles = |of: &Value| {
        let mut roles: Vec<_> = of[0]["roles"].as_array().unwrap().clone();
        roles.sort_by_key(ToString::to_string);
        roles
    };
    assert_eq!(roles(&rights["memberships"]), roles(&expected), "{rights}");
    let (report, _) = run(&firm.app, Source::Django, "[]", mapped).await;
    assert!(report.is_empty());
    for (source, map) in [(Source::Django, "role: {}"), (Source::Ndjson, map)] {
        let wrong = try_run(&firm.app, source, "[]", |folder, all| {
            all.map = Some(beside(folder, "roles.yaml", map));
        });
        assert!(wrong.await.unwrap_err().to_string().contains("roles.yaml"));
    }
}

#[tokio::test]
async fn what_an_account_can_do_without_keeps_nobody_out() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("taken")).await.expect(201);
    let lines = [
        json!({ "user_id": "1", "email": "one@example.com", "username": "taken",
            "phone_number": "call me", "given_name": "x".repeat(101), "password_hash": "$9$x" }),
        json!({ "user_id": "2", "email": "taken@example.com" }),
        json!({ "user_id": "3" }),
        json!({ "user_id": "4", "email": "nobody" }),
    ];
    let mut lines: Vec<_> = lines.iter().map(Value::to_string).collect();
    lines.insert(1, "{".to_owned());
    let (report, sum) = run(&app, Source::Auth0, &lines.join("\n"), nothing).await;
    let expected = ImportSummary {
        created: 1,
        skipped: 1,
        failed: 3,
        without_password: 1,
        ..ImportSummary::default()
    };
    assert_eq!(sum, expected, "{report:?}");
    let one = &report["one@example.com"];
    assert!(one.text_of("username").starts_with("taken-"), "{one}");
    assert_eq!(
        one["notes"],
        json!([
            "first_name_not_imported",
            "password_not_imported: unknown_hash",
            "phone_number_not_imported",
            "username_changed"
        ])
    );
    assert_eq!(report["2"]["outcome"], "unreadable");
    assert_eq!(
        (
            report["taken@example.com"]["line"].as_u64(),
            report["taken@example.com"].text_of("outcome")
        ),
        (Some(3), "email_taken")
    );
    assert_eq!(report["4"]["reason"], "no_email");
    assert_eq!(report["nobody"]["outcome"], "invalid");
    let (report, _) = run(&app, Source::Auth0, &lines.join("\n"), |_, all| all.start_at = 4).await;
    assert_eq!(report.keys().collect::<Vec<_>>(), ["4", "nobody"]);
}

#[tokio::test]
async fn a_dry_run_tells_what_the_run_will() {
    let app = TestApp::open().await;
    let lines = [("1", "ada@a.org"), ("2", "ada@b.org"), ("3", "ada@a.org"), ("4", "ADA@b.org")];
    let line = |(id, email): (&str, &str)| json!({ "user_id": id, "email": email }).to_string();
    let content = lines.map(line).join("\n");
    let mut seen = Vec::new();
    for dry_run in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let file = beside(folder.path(), "export", &content);
        let arguments = ImportArguments { dry_run, ..of_file(file, Source::Auth0) };
        let port = app.stack.url().rsplit(':').next().unwrap().parse().unwrap();
        let mut report = Vec::new();
        let told = |line: &Value| {
            let outcome = line["outcome"].as_str().unwrap().replace("would_create", "created");
            report
                .push(format!("{} {outcome} {} {}", line["line"], line["username"], line["notes"]));
        };
        let sum = import(Options { port, ..options() }, &arguments, told).await.unwrap();
        report.sort();
        seen.push((report, sum));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!((seen[0].1.created, seen[0].1.failed), (2, 2), "{seen:?}");
}

#[tokio::test]
async fn whose_hash_cannot_be_read_yet_is_not_made_without_a_password() {
    let app = TestApp::open().await;
    let users = json!({ "users": [{ "localId": "f", "email": "fone@example.com",
        "passwordHash": FIREBASE_HASH, "salt": FIREBASE_SALT }] })
    .to_string();
    let (report, sum) = run(&app, Source::Firebase, &users, nothing).await;
    assert_eq!((sum.failed, report["1"]["reason"].as_str()), (1, Some("no_hash_config")));
    let (_, sum) = run(&app, Source::Firebase, &users, project).await;
    assert_eq!((sum.created, sum.without_password), (1, 0));
    app.sign_in_with("fone", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_file_that_ends_in_the_middle_is_told_and_what_was_read_is_imported() {
    let app = TestApp::open().await;
    let cut = r#"{ "users": [{ "email": "one@example.com", "username": "one" }, { "em"#;
    let error = try_run(&app, Source::Keycloak, cut, nothing).await.unwrap_err();
    assert!(error.to_string().contains("export cannot be read: EOF"), "{error}");
    let whole = format!("{cut}ail\": \"two@example.com\" }}] }}");
    let (_, sum) = run(&app, Source::Keycloak, &whole, nothing).await;
    assert_eq!((sum.created, sum.already_imported), (1, 1));
}

/// More than one call of the job takes.
#[tokio::test]
async fn hundreds_are_imported_and_a_second_run_makes_those_who_are_missing() {
    let app = TestApp::open().await;
    let line = |n: u32| json!({ "user_id": n, "email": format!("u{n}@example.com") }).to_string();
    let lines: Vec<_> = (1..=250).map(line).collect();
    let (_, sum) = run(&app, Source::Auth0, &lines[..120].join("\n"), nothing).await;
    assert_eq!((sum.created, sum.already_imported), (120, 0));
    let (report, sum) = run(&app, Source::Auth0, &lines.join("\n"), nothing).await;
    assert_eq!((sum.created, sum.already_imported), (130, 120));
    assert_eq!(report.len(), 250);
}
