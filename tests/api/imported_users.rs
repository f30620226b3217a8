//! Users who come from another system with their hashes, and hashes whose parameters moved on.

use rolecall_domain::{
    account::User,
    clock::{Clock, SystemClock},
    ids::Id,
    ports::{AccountStore, NewAccount},
    rng::SystemRng,
};
use serde_json::{Value, json};

use crate::{
    contracts::{account, pending_events, store_of, user},
    support::{Json, OTHER_PASSWORD, PASSWORD, TestApp, items},
};

/// Hashes of `violet-anchor-mosaic-91`, made by the systems themselves.
pub(super) const HASHES: &[(&str, &str)] = &[
    (
        "pbkdf2",
        "pbkdf2_sha256$1200$77tIVxgGsi7wZDnq8qur7f$ogDD6xJDVnQbMTTymdpz34UuamcQe28gBpAa7LrLxhg=",
    ),
    ("bcrypt", "bcrypt$$2b$04$514hPgIU9Z2OvsQoqRzrLOqQkweR2P.8H27aE9Igd.io5fF.CQsl6"),
    ("bcryptsha", "bcrypt_sha256$$2b$04$CEEUbgUcYZ6hrD2oI818jOtTkeIs5IHTjRqURc7Qfa3f1vaQh5Llq"),
    ("htpasswd", "$2y$04$d3EHcWYlC5SBHkZmPtUlXuepZVoiXPvG3aup9RXSgDD9Dwb9O9w1i"),
    (
        "passlib",
        "$pbkdf2-sha256$1000$7Z0zZqxVaq0V4ry3lpJy7g$vOL867o2PrHslEBeUBwh9yw5Fk0oVqB0k3B3.WJoCAk",
    ),
    (
        "scryptphc",
        "$scrypt$ln=8,r=8,p=2$whhjTElJSWnNOQeglLIWAg$ziyCP+PgFASsIQ5EEk0h2gNsjaWoAAx0Uj/sAkBUuaQ",
    ),
    (
        "scryptdjango",
        "scrypt$1024$4128Ec5fVSJaPsllvARQOi$8$5$Ry8uLceiaaq8WhST8ebJccaD4AZpLGuw5YdbWEtjKYoEmhsn\
            R2a8YDQplkvaglxHRBtaMMgZpFrDLLTiPnE8iA==",
    ),
    (
        "argon2django",
        "argon2$argon2id$v=19$m=1024,t=2,p=8$aHgyQ2EybE9ia1BLTUI0NnNsNXBoeA$EJm1CHiMOV0nfPzT921n\
            4qnC6L0G3cTsR4dKI6x+XCk",
    ),
    (
        "argon2i",
        "$argon2i$v=19$m=512,t=2,p=2$LDKVhpoEIIipVkJHB3A+lg$iBF1p4wjHKbO73iYiSyG0UFjCU2eFqUDimjc\
            Ywojm0o",
    ),
    (
        "keycloak",
        "$pbkdf2-sha512$i=1000,l=64$YWJjZGVmZ2gxMjM0NTY3OA$jokoYNnbltgV6/PNJu02tV5aKFxnp\
        ogMUXcSjbWoY24qHz1eCz2Fc9UwNRG+DzkEMAuY5iXHCFTOyltH/a/mVQ",
    ),
    ("pbkdf2sha1", "pbkdf2_sha1$1000$abcdefgh12345678$FO6+9QMQVgTB6l8ktwB0Ww71eNM="),
    (
        "werkzeug",
        "scrypt:1024:8:1$LaPWJugbnqMaCGQK$e4b7c8e3883958ef9ec1a570b57b54921cd828fdb9a107dd3\
        1a3f6d877877004d06179530110512a49f69cf1d5f9677d04109b83798262f52386b1126f4ab0cd",
    ),
    ("aspnettwo", "AAABAgMEBQYHCAkKCwwNDg8girq9Vpk46NodeHggRxcLJdRHLSVguM5ucaVw7kYLyw=="),
    (
        "aspnetthree",
        "AQAAAAIAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg9Xds0i1JfGPsGJMCNiJTmCkXUKkA5iUgk9FWZLIO2qUQ==",
    ),
    (
        "shadow",
        "$6$rounds=1000$PEQC83xF6hs8rWdi$qhL/pbeRuXhwCbRfPpjNfl06lscNE5PVeeMN68jLA7dDVP5iTm6\
        L9lZTsJSUARXPAPz3wqSpWcJfV5aumvmEA.",
    ),
    ("ssha", "{SSHA}LgExjeo+0pxdPaUs+yIHpERFyUcAAXNhbHRzYWx0"),
    ("djangomd5", "md5$salt42$a8f339da3d28a21b91953043a2658183"),
    (
        "firebase",
        "$firebase-scrypt$ln=4,r=8$u4xZFYm4y7kyQ26eX32iRBpmI3SLSj8bHKWFFXAbcIgAh4O0ukW4yIVhDcUNe8a9\
        HAMnsXuQkDWK2eZ9KwMTZg$Bw$MDEyMzQ1Njc4OQ$yn5XeIxjEtA0+yNDyC7pj4EjtJNs/zH56j5ww0swMG6Nb66Ry\
        OwQOV5yqRK68Gzp56laLvNNidu7J4UumQGBOg",
    ),
    ("wordpress", "$P$6KllFZL00/QHv1rpu9PoJZ.G7jMpu71"),
    (
        "argon2id",
        "$argon2id$v=19$m=512,t=2,p=2$+sYmnBvCAvnyJhj28/gFSg$yLV94LXgMv2C4X6SqdaceFLbazh1rBqFtRS\
            sSI8Ft/w",
    ),
];

async fn import(app: &TestApp, users: &Value) -> Value {
    let body = json!({ "time": "2026-11-23T09:30:00Z", "users": users });
    app.post("/_local/schedule/import_users", &body).await.expect(200).json()
}

async fn bring(app: &TestApp, name: &str, hash: &str) {
    let user =
        json!({ "username": name, "email": format!("{name}@example.com"), "password_hash": hash });
    let response = import(app, &json!([user])).await;
    assert_eq!(response["created"], 1, "{response}");
}

/// An account with a hash that an import would refuse: only a hand in the table makes one.
pub(super) async fn plant(app: &TestApp, user: &User, hash: &str) {
    let account = NewAccount { password_hash: Some(hash.to_owned()), ..account(user) };
    let (now, write) = (SystemClock.now(), Id::new(&SystemClock, &SystemRng));
    store_of(app).create_account(&account, &pending_events(), None, now, write).await.unwrap();
}

async fn stored_hash(app: &TestApp, name: &str) -> String {
    let email = format!("{name}@example.com");
    let all = items(app).await;
    let is_theirs = |item: &&Value| {
        item["entity"]["S"] == "login" && item["account"]["M"]["email"]["S"] == email.as_str()
    };
    all.iter().find(is_theirs).unwrap().text_of("password_hash/S").to_owned()
}

#[tokio::test]
async fn a_hash_of_another_system_verifies_once_and_is_renewed() {
    let app = TestApp::with_dear_hashes().await;
    for (name, hash) in HASHES {
        bring(&app, name, hash).await;
        let brought = stored_hash(&app, name).await;
        assert!(brought.starts_with("sealed:"), "{name}: {brought}");
        app.sign_in_with(name, OTHER_PASSWORD).await.expect_problem(401, "invalid_credentials");
        assert_eq!(
            app.cost_of("POST /api/v1/auth/token").await["argon2"],
            1.0,
            "{name}: as for everybody"
        );
        assert_eq!(stored_hash(&app, name).await, brought);
        app.sign_in_with(name, PASSWORD).await.expect(200);
        // Checking one of ours, or one that is wrapped in it, is an Argon2 of its own, before the
        // one that makes the new hash.
        let hashes = if ["argon2id", "ssha", "djangomd5"].contains(name) { 2.0 } else { 1.0 };
        assert_eq!(
            app.cost_of("POST /api/v1/auth/token").await["argon2"],
            hashes,
            "{name}: the new hash"
        );
        let renewed = stored_hash(&app, name).await;
        assert!(renewed.starts_with("sealed:") && renewed != brought, "{name}: {renewed}");
        app.sign_in_with(name, PASSWORD).await.expect(200);
        app.expect_cost("POST /api/v1/auth/token", "argon2", 1.0).await;
        assert_eq!(stored_hash(&app, name).await, renewed, "{name}: once");
    }
}

#[tokio::test]
async fn a_hash_of_ours_with_other_parameters_is_renewed_at_the_next_login() {
    let app = TestApp::with_dear_hashes().await;
    // m = 512 KiB, two lanes: made by argon2-cffi.
    let weak = HASHES.iter().find(|(name, _)| *name == "argon2id").unwrap().1;
    bring(&app, "ada", weak).await;
    let brought = stored_hash(&app, "ada").await;
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(401);
    assert_eq!(stored_hash(&app, "ada").await, brought);
    app.sign_in("ada").await.expect(200);
    let renewed = stored_hash(&app, "ada").await;
    assert!(renewed.starts_with("sealed:") && renewed != brought, "{renewed}");
    app.sign_in("ada").await.expect(200);
    assert_eq!(stored_hash(&app, "ada").await, renewed, "it is as good as a new one");
}

#[tokio::test]
async fn a_hash_that_nobody_can_read_lets_nobody_in() {
    let app = TestApp::with_dear_hashes().await;
    let greedy = "$argon2id$v=19$m=4000000,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$iXxw2+6M+HpYZ1PGvtSVVK\
        JxQ1YvW0f5uqU5k9pU5wI";
    // A form that is known, with a salt that no system makes.
    let long = HASHES[0].1.replace("77tIVxgGsi7wZDnq8qur7f", &"s".repeat(600));
    for (name, hash) in [
        ("lou", "md5$x$0123456789abcdef"),
        ("max", "pbkdf2_sha256$99999999999$salt$aGFzaA=="),
        ("gus", greedy),
        ("ann", long.as_str()),
    ] {
        let wanted = json!({ "username": name, "email": format!("{name}@example.com"),
            "password_hash": hash });
        assert_eq!(
            import(&app, &json!([wanted])).await["results"][0]["outcome"],
            "unknown_hash",
            "{name}"
        );
        plant(&app, &user(name), hash).await;
        app.sign_in_with(name, PASSWORD).await.expect_problem(401, "invalid_credentials");
        assert_eq!(app.cost_of("POST /api/v1/auth/token").await["argon2"], 1.0, "{name}");
    }
    plant(&app, &user("una"), "!").await;
    let body = json!({ "email": "una@example.com", "password": "!" });
    app.post("/auth/token", &body).await.expect(401);
}

#[tokio::test]
async fn an_unusable_hash_is_no_password_and_a_reset_lets_its_owner_in() {
    let app = TestApp::with_dear_hashes().await;
    let users = json!([
        { "username": "una", "email": "una@example.com", "password_hash": "!Xn0vLZjYqJ" },
        { "username": "ulf", "email": "ulf@example.com", "password_hash": "*" },
    ]);
    assert_eq!(import(&app, &users).await["created"], 2);
    for password in ["!Xn0vLZjYqJ", "Xn0vLZjYqJ", "*"] {
        app.sign_in_with("una", password).await.expect_problem(401, "invalid_credentials");
    }
    let token = app.reset_token("una", 1).await;
    let chosen = json!({ "token": token, "new_password": OTHER_PASSWORD });
    app.post("/auth/password-reset/confirm", chosen).await.expect(204);
    app.sign_in_with("una", OTHER_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn an_import_brings_status_place_roles_and_age() {
    let app = TestApp::with_admin("open").await;
    let root = app.admin().await;
    let made = json!({ "code": "MY_COMPANY", "name": "My Company" });
    root.post("/organizations", made).await.expect(201);
    let role = json!({ "code": "drafter", "name": "Drafter", "level": 5 });
    root.post("/roles", role).await.expect(201);
    let hash = HASHES[0].1;
    let of = |name: &str, more: Value| {
        json!({ "username": name, "email": format!("{name}@example.com"), "password_hash": hash })
            .with(more)
    };
    let place = json!({ "organization": "MY_COMPANY", "roles": ["drafter", "viewer", "drafter"] });
    let born = "2020-02-29T12:00:00.000Z";
    let users = json!([
        of("ada", place.clone().with(json!({ "created_at": born, "external_id": "auth0|1" }))),
        of("bob", json!({ "status": "suspended", "email_verified": false })),
        of("cyd", json!({ "organization": "MY_COMPANY" })),
        of("una", json!({ "roles": ["drafter"] })),
        of("uwe", json!({ "organization": "MY_COMPANY", "roles": ["nothing"] })),
        of("udo", json!({ "organization": "PLATFORM", "roles": ["super_admin"] })),
        of("ulf", json!({ "organization": "NOWHERE" })),
        of("ute", json!({ "status": "deleted" })),
        of("uli", json!({ "created_at": "2999-01-01T00:00:00Z" })),
    ]);
    let response = import(&app, &users).await;
    let told: Vec<String> = response
        .list_of("results")
        .iter()
        .map(|one| {
            let error = &one["errors"][0];
            let field = error["field"].as_str().unwrap_or_default();
            format!("{} {field} {}", one.text_of("outcome"), error["code"].as_str().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        told,
        [
            "created  -",
            "created  -",
            "created  -",
            "invalid organization required",
            "invalid roles unknown_role",
            "invalid roles unknown_role",
            "invalid organization unknown_organization",
            "invalid status unknown_status",
            "invalid created_at out_of_range",
        ]
    );
    let seen = async |name: &str| {
        let list = root.get(&format!("/users?username={name}")).await.expect(200).json();
        let id = list.items()[0].text_of("id").to_owned();
        root.get(&format!("/users/{id}")).await.expect(200).json()
    };
    let ada = seen("ada").await;
    assert_eq!(
        (&ada["created_at"], &ada["external_id"], &ada["email_verified"], &ada["memberships"]),
        (
            &json!(born),
            &json!("auth0|1"),
            &json!(true),
            &json!([{ "organization": "MY_COMPANY", "status": "active",
                "roles": ["drafter", "viewer"] }])
        )
    );
    let bob = seen("bob").await;
    assert_eq!(
        (&bob["status"], &bob["email_verified"], &bob["external_id"]),
        (&json!("suspended"), &json!(false), &json!(null))
    );
    app.sign_in("bob").await.expect_problem(403, "account_not_active");
    app.sign_in("ada").await.expect(200);
    root.delete("/roles/drafter").await.expect_problem(409, "in_use");
    root.delete("/organizations/MY_COMPANY").await.expect_problem(409, "in_use");
}

#[tokio::test]
async fn an_import_tells_of_each_user_and_makes_nobody_twice() {
    let app = TestApp::with_dear_hashes().await;
    let pbkdf2 = HASHES[0].1;
    let users = json!([
        { "username": "ada", "email": "ada@example.com", "password_hash": pbkdf2,
            "first_name": "Ada", "must_change_password": true },
        { "username": "ADA", "email": "other@example.com" },
        { "username": "ivy", "email": "ivy@example.com" },
        { "username": "x", "email": "nobody", "password": "no" },
    ]);
    let response = import(&app, &users).await;
    let outcomes = |response: &Value| -> Vec<String> {
        response.list_of("results").iter().map(|one| one.text_of("outcome").to_owned()).collect()
    };
    assert_eq!(
        (response["created"].as_u64(), outcomes(&response)),
        (Some(2), ["created", "username_taken", "created", "invalid"].map(str::to_owned).to_vec())
    );
    let wrong: Vec<&str> =
        response.list_of("results/3/errors").iter().map(|one| one.text_of("field")).collect();
    assert_eq!(wrong, ["username", "email", "password"]);
    let again = import(&app, &users).await;
    assert_eq!((again["created"].as_u64(), outcomes(&again)[0].as_str()), (Some(0), "email_taken"));
    app.activities("user_imported", 2).await;
    // Whoever was imported with an old password changes it first; whoever has none gets in by a
    // reset.
    let ada = app.sign_in("ada").actor().await;
    assert_eq!(
        (&ada.pair["user"]["email_verified"], &ada.pair["user"]["must_change_password"]),
        (&json!(true), &json!(true))
    );
    ada.get("/me").await.expect_problem(403, "password_change_required");
    app.sign_in("ivy").await.expect_problem(401, "invalid_credentials");
    let token = app.reset_token("ivy", 1).await;
    let body = json!({ "token": token, "new_password": OTHER_PASSWORD });
    app.post("/auth/password-reset/confirm", &body).await.expect(204);
    app.sign_in_with("ivy", OTHER_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn attack_71_a_wrong_sign_in_is_refused_no_sooner_for_nobody_than_for_the_slowest_hash() {
    let app = TestApp::with_dear_hashes().await;
    // A hash that nobody's password has, of as much work as Django's own.
    let slow = "pbkdf2_sha256$1000000$77tIVxgGsi7wZDnq8qur7f$ogDD6xJDVnQbMTTymdpz34UuamcQe28gBpA\
        a7LrLxhA=";
    let time = async |name: &str| {
        let started = std::time::Instant::now();
        app.sign_in_with(name, OTHER_PASSWORD).await.expect(401);
        started.elapsed()
    };
    time("nobody").await;
    let before = time("nobody").await;
    bring(&app, "slow", slow).await;
    // An instance goes by what it read within ten seconds.
    app.advance(11).await;
    time("slow").await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        known.push(time("slow").await);
        unknown.push(time("nobody").await);
        app.advance(3600).await;
    }
    let fastest = |times: &[std::time::Duration]| *times.iter().min().unwrap();
    let (known, unknown) = (fastest(&known), fastest(&unknown));
    assert!(unknown > before + before / 2, "{unknown:?} after, {before:?} before");
    let (less, more) = (known.min(unknown), known.max(unknown));
    assert!(more < less + less / 5, "{known:?} known, {unknown:?} unknown");
}
