use serde_json::json;

use super::*;
use crate::import::{mapping::Mapping, source_user::Status};

fn convert(source: Source, record: Value) -> SourceUser {
    with(source, record, &Context::default())
}

fn with(source: Source, record: Value, context: &Context) -> SourceUser {
    match source.convert(record, context) {
        Converted::User(person) => *person,
        other => panic!("{other:?}"),
    }
}

fn hash(source: Source, record: Value) -> Option<String> {
    let person = convert(source, record);
    let noted = person.notes.iter().any(|note| note.starts_with("password_not_imported"));
    assert_eq!(noted, person.password_hash.is_none(), "{person:?}");
    person.password_hash
}

#[test]
fn what_an_address_a_name_and_a_status_are_in_each_system() {
    let born: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
    let ada = SourceUser {
        id: Some("1".to_owned()),
        email: Some("ada@example.com".to_owned()),
        email_verified: Some(true),
        username: Some("ada".to_owned()),
        first_name: Some("Ada".to_owned()),
        last_name: Some("L".to_owned()),
        phone_number: Some("+12025550142".to_owned()),
        status: Status::Suspended,
        created_at: Some(born),
        roles: vec!["dev".to_owned()],
        groups: vec!["acme".to_owned()],
        ..SourceUser::default()
    };
    let auth0 = json!({ "user_id": "1", "email": "ada@example.com", "email_verified": true,
        "username": "ada", "given_name": "Ada", "family_name": "L", "blocked": true,
        "name": "ada@example.com", "phone_number": "+12025550142",
        "created_at": "2025-01-01T00:00:00.000Z",
        "app_metadata": { "roles": ["dev"], "organization": "acme" } });
    assert_eq!(convert(Source::Auth0, auth0), ada);
    let keycloak = json!({ "id": "1", "email": "ada@example.com", "emailVerified": true,
        "username": "ada", "firstName": "Ada", "lastName": "L", "enabled": false,
        "attributes": { "phoneNumber": ["+12025550142"] }, "realmRoles": ["dev"],
        "groups": ["acme"], "createdTimestamp": 1_735_689_600_000_i64,
        "requiredActions": ["UPDATE_PASSWORD"] });
    let inactive = SourceUser { status: Status::Inactive, ..ada.clone() };
    assert_eq!(
        convert(Source::Keycloak, keycloak),
        SourceUser { must_change_password: true, ..inactive.clone() }
    );
    let supabase = json!({ "id": "1", "email": "ada@example.com", "phone": "12025550142",
        "email_confirmed_at": "2025-01-01 00:00:00+00", "created_at": "2025-01-01 00:00:00+00",
        "banned_until": "2999-01-01 00:00:00+00", "is_sso_user": "false", "is_anonymous": "false",
        "raw_app_meta_data": "{\"roles\":[\"dev\"],\"organization\":\"acme\"}",
        "raw_user_meta_data": { "username": "ada", "first_name": "Ada", "last_name": "L" } });
    assert_eq!(convert(Source::Supabase, supabase), ada);
    let of_nobody = SourceUser { roles: Vec::new(), groups: Vec::new(), ..ada.clone() };
    let unsaid = SourceUser { email_verified: None, ..of_nobody.clone() };
    let okta = json!({ "id": "1", "status": "SUSPENDED", "created": "2025-01-01T00:00:00.000Z",
        "profile": { "login": "ada", "email": "ada@example.com", "firstName": "Ada",
            "lastName": "L", "mobilePhone": "+12025550142" } });
    assert_eq!(convert(Source::Okta, okta), unsaid);
    let clerk = json!({ "id": "1", "username": "ada", "first_name": "Ada", "last_name": "L",
        "primary_email_address": "ada@example.com", "verified_email_addresses": "ada@example.com",
        "primary_phone_number": "+12025550142", "created_at": 1_735_689_600_000_i64,
        "banned": true });
    assert_eq!(convert(Source::Clerk, clerk), of_nobody);
    let names = SourceUser {
        username: None,
        first_name: None,
        last_name: None,
        full_name: Some("Ada L".to_owned()),
        ..of_nobody.clone()
    };
    let firebase = json!({ "localId": "1", "email": "ada@example.com", "emailVerified": "true",
        "displayName": "Ada L", "createdAt": "1735689600000", "phoneNumber": "+12025550142",
        "disabled": "true", "customAttributes": "{\"role\":\"dev\"}" });
    assert_eq!(
        convert(Source::Firebase, firebase),
        SourceUser { roles: ada.roles.clone(), ..names }
    );
    let cognito = json!({ "cognito:username": "1", "preferred_username": "ada",
        "given_name": "Ada", "family_name": "L", "email": "ada@example.com",
        "email_verified": "TRUE", "phone_number": "+12025550142" });
    let active = SourceUser { status: Status::Active, created_at: None, ..of_nobody.clone() };
    assert_eq!(convert(Source::Cognito, cognito), active);
    let attribute = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    for at in [json!(1_735_689_600.0), json!("2025-01-01T02:00:00+02:00")] {
        let listed = json!({ "Username": "ada", "Enabled": false, "UserCreateDate": at,
            "Attributes": [attribute("sub", "1"), attribute("email", "ada@example.com"),
                attribute("email_verified", "true"), attribute("given_name", "Ada"),
                attribute("family_name", "L"), attribute("phone_number", "+12025550142")] });
        let expected = SourceUser { status: Status::Inactive, ..of_nobody.clone() };
        assert_eq!(convert(Source::Cognito, listed), expected);
    }
    let mut context = Context::default();
    let group = json!({ "model": "auth.group", "pk": 7, "fields": { "name": "dev" } });
    Source::Django.prepare(&group, &mut context);
    assert_eq!(Source::Django.convert(group, &context), Converted::Nothing);
    for (model, groups) in [("auth.user", json!([7])), ("shop.user", json!([["dev"]]))] {
        let django = json!({ "model": model, "pk": 1, "fields": { "email": "ada@example.com",
            "username": "ada", "first_name": "Ada", "last_name": "L", "is_active": false,
            "date_joined": "2025-01-01T00:00:00Z", "password": "!unusable", "groups": groups } });
        let expected = SourceUser {
            id: Some(format!("{model}:1")),
            email_verified: None,
            phone_number: None,
            groups: Vec::new(),
            ..inactive.clone()
        };
        assert_eq!(with(Source::Django, django, &context), expected);
    }
}

#[test]
fn whoever_is_no_user_of_a_password_is_skipped() {
    let context = Context::default();
    for (source, record, why) in [
        (Source::Supabase, json!({ "is_anonymous": true }), "anonymous"),
        (Source::Supabase, json!({ "is_sso_user": "true" }), "single_sign_on"),
        (Source::Supabase, json!({ "deleted_at": "2025-01-01 00:00:00+00" }), "deleted"),
        (Source::Supabase, json!({ "encrypted_password": "$2a$10$x" }), "unconfirmed"),
        (Source::Cognito, json!({ "UserStatus": "UNCONFIRMED", "Attributes": [] }), "unconfirmed"),
        (Source::Keycloak, json!({ "serviceAccountClientId": "shop" }), "service_account"),
        (Source::Django, json!({ "email": "ada@example.com" }), "not_a_model"),
        (Source::Ndjson, json!(["ada"]), "not_an_object"),
    ] {
        assert_eq!(source.convert(record, &context), Converted::Skipped(why));
    }
}

#[test]
fn hashes_of_auth0_are_spelled_as_the_stack_reads_them() {
    let custom = |custom: Value| hash(Source::Auth0, json!({ "custom_password_hash": custom }));
    let salt = json!({ "value": "7361", "encoding": "hex", "position": "suffix" });
    let of = |name: &str, hash: Value| json!({ "algorithm": name, "hash": hash, "salt": salt });
    let hex = json!({ "value": "6869", "encoding": "hex" });
    let mut scrypt = of("scrypt", json!({ "value": "aGk=", "encoding": "base64" }));
    for (name, value) in [("cost", 16384), ("blockSize", 8), ("parallelization", 1), ("keylen", 2)]
    {
        scrypt[name] = json!(value);
    }
    assert_eq!(custom(scrypt.clone()).as_deref(), Some("$scrypt$ln=14,r=8,p=1$c2E$aGk"));
    scrypt["cost"] = json!(1000);
    assert_eq!(custom(scrypt), None, "no power of two");
    assert_eq!(custom(of("sha256", hex.clone())).as_deref(), Some("$digest-sha256$suffix$c2E$aGk"));
    let plain = json!({ "algorithm": "md5", "hash": hex.clone() });
    assert_eq!(custom(plain).as_deref(), Some("$digest-md5$prefix$$aGk"));
    let hmac = json!({ "value": "6869", "encoding": "hex", "digest": "sha1",
        "key": { "value": "k", "encoding": "utf8" } });
    assert_eq!(custom(of("hmac", hmac.clone())), None, "where would the salt go?");
    let hmac = json!({ "algorithm": "hmac", "hash": hmac });
    assert_eq!(custom(hmac).as_deref(), Some("$digest-sha1$key$aw$aGk"));
    let ldap = json!({ "algorithm": "ldap", "hash": { "value": "{SSHA}aGk=" } });
    assert_eq!(custom(ldap.clone()).as_deref(), Some("{SSHA}aGk="));
    let mut wide = ldap;
    wide["password"] = json!({ "encoding": "utf16le" });
    assert_eq!(custom(wide), None);
    assert_eq!(custom(of("md4", json!({ "value": "6869", "encoding": "hex" }))), None);
    let unreadable = json!({ "algorithm": "md5", "hash": hex,
        "salt": { "value": "abc", "encoding": "hex" } });
    assert_eq!(custom(unreadable), None, "no other salt than the one it was made with");
    let of_blanks = json!({ "algorithm": "md5", "hash": hex, "salt": { "value": " a " } });
    assert_eq!(custom(of_blanks).as_deref(), Some("$digest-md5$prefix$IGEg$aGk"));
    let usual = json!({ "algorithm": "scrypt", "salt": salt,
        "hash": { "value": "-_8", "encoding": "base64" } });
    assert_eq!(custom(usual).as_deref(), Some("$scrypt$ln=14,r=8,p=1$c2E$+/8"));
    let of_support = json!({ "_id": { "$oid": "5dea" }, "passwordHash": "$2b$10$x", "identifiers":
        [{ "type": "phone" }, { "type": "email", "value": "ada@example.com", "verified": true }] });
    let person = convert(Source::Auth0, of_support);
    assert_eq!(
        (person.id.as_deref(), person.email.as_deref(), person.email_verified),
        (Some("auth0|5dea"), Some("ada@example.com"), Some(true))
    );
    for name in ["password_hash", "passwordHash"] {
        assert_eq!(hash(Source::Auth0, json!({ name: "$2b$10$x" })).as_deref(), Some("$2b$10$x"));
    }
}

#[test]
fn hashes_of_keycloak_are_spelled_as_the_stack_reads_them() {
    let user = |algorithm: &str, more: &str| {
        let secret = r#"{"value":"aGk=","salt":"c2E="}"#;
        let data = format!(r#"{{"hashIterations":5,"algorithm":"{algorithm}"{more}}}"#);
        json!({ "credentials": [
            { "type": "password", "secretData": secret, "credentialData": data } ] })
    };
    let parameters = |version: &str| {
        format!(
            r#","additionalParameters":{{"memory":["7168"],"type":["id"],"version":["{version}"],
               "parallelism":["1"]}}"#
        )
    };
    for (algorithm, more, expected) in [
        ("argon2", parameters("1.3"), Some("$argon2id$v=19$m=7168,t=5,p=1$c2E$aGk")),
        ("argon2", parameters("1.0"), Some("$argon2id$v=16$m=7168,t=5,p=1$c2E$aGk")),
        ("argon2", String::new(), None),
        ("pbkdf2", String::new(), Some("$pbkdf2-sha1$i=5$c2E$aGk")),
        ("pbkdf2-sha256", String::new(), Some("$pbkdf2-sha256$i=5$c2E$aGk")),
        ("pbkdf2-sha512", String::new(), Some("$pbkdf2-sha512$i=5$c2E$aGk")),
        ("own", String::new(), None),
    ] {
        assert_eq!(hash(Source::Keycloak, user(algorithm, &more)).as_deref(), expected);
    }
    let before_8 = json!({ "clientRoles": { "shop": ["boss"] }, "credentials": [
        { "type": "password-history" }, { "type": "password", "hashedSaltedValue": "aGk=",
            "salt": "c2E=", "hashIterations": 27500, "algorithm": "pbkdf2-sha256" }] });
    let person = convert(Source::Keycloak, before_8);
    assert_eq!(person.password_hash.as_deref(), Some("$pbkdf2-sha256$i=27500$c2E$aGk"));
    assert_eq!((person.roles, person.notes.len()), (vec!["shop:boss".to_owned()], 0));
    let otp = json!({ "credentials": [{ "type": "otp" }] });
    assert!(convert(Source::Keycloak, otp).notes.contains(SECOND_FACTOR));
}

#[test]
fn hashes_of_clerk_and_firebase_are_spelled_as_the_stack_reads_them() {
    for (hasher, digest, expected) in [
        ("bcrypt", "$2b$10$x", Some("$2b$10$x")),
        ("pbkdf2_sha256", "pbkdf2_sha256$5$c2E=$aGk=", Some("$pbkdf2-sha256$i=5$c2E=$aGk=")),
        ("pbkdf2_sha256_django", "pbkdf2_sha256$5$sa$aGk=", Some("pbkdf2_sha256$5$sa$aGk=")),
        ("pbkdf2_sha1", "pbkdf2_sha1$5$sa$6869", Some("pbkdf2:sha1:5$sa$6869")),
        (
            "scrypt_firebase",
            "aGk=$c2E=$c2ln$Bw==$8$14",
            Some("$firebase-scrypt$ln=14,r=8$c2ln$Bw==$c2E=$aGk="),
        ),
        ("sha512_symfony", "x", None),
        ("awscognito", "awscognito#a#b#c", None),
    ] {
        let user = json!({ "password_digest": digest, "password_hasher": hasher });
        assert_eq!(hash(Source::Clerk, user).as_deref(), expected, "{hasher}");
    }
    let console = "hash_config {\n  algorithm: SCRYPT,\n  base64_signer_key: c2-_,\n  \
        base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 14,\n}\n";
    let file = r#"{"algorithm":"SCRYPT","base64_signer_key":"c2+/","base64_salt_separator":"Bw==",
        "rounds":8,"mem_cost":14}"#;
    let user = json!({ "passwordHash": "aG-_", "salt": "c2E=" });
    for text in [console, file] {
        let hash_config = Some(HashConfig::parse(text).unwrap());
        let person =
            with(Source::Firebase, user.clone(), &Context { hash_config, ..Context::default() });
        let expected = "$firebase-scrypt$ln=14,r=8$c2+/$Bw==$c2E=$aG+/";
        assert_eq!(person.password_hash.as_deref(), Some(expected));
    }
    let refused = Source::Firebase.convert(user, &Context::default());
    assert_eq!(refused, Converted::Refused("no_hash_config"));
    let wrong = file.replace("14", "\"x\"");
    assert!(!HashConfig::parse(&wrong).unwrap_err().contains("c2+/"), "it shows no key");
    let moved = json!({ "email_confirmed_at": "2025-01-01 00:00:00+00",
        "encrypted_password": "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=c2ln$c2E=$aGk=" });
    let expected = Some("$firebase-scrypt$ln=14,r=8$c2ln$Bw==$c2E=$aGk=");
    assert_eq!(hash(Source::Supabase, moved).as_deref(), expected);
}

#[test]
fn several_addresses_are_one_and_the_others_are_noted() {
    let user = json!({ "verified_email_addresses": "b@example.com, c@example.com",
        "unverified_email_addresses": ["a@example.com"] });
    let person = convert(Source::Clerk, user);
    assert_eq!(person.email.as_deref(), Some("b@example.com"));
    assert_eq!(person.email_verified, Some(true));
    assert_eq!(person.notes.len(), 2);
    let user = json!({ "primary_email_address": "a@example.com",
        "verified_email_addresses": "b@example.com" });
    assert_eq!(convert(Source::Clerk, user).email_verified, Some(false));
}

#[test]
fn a_person_becomes_a_user_of_the_job() {
    let mut person = convert(
        Source::Firebase,
        json!({ "localId": "1", "email": "bo@example.com", "displayName": " Bo van M " }),
    );
    let user = Value::Object(person.user(&Mapping::default()));
    let expected = json!({ "username": "bo-c828d6", "email": "bo@example.com", "external_id": "1",
        "email_verified": false, "first_name": "Bo", "last_name": "van M", "status": "active" });
    assert_eq!(user, expected);
}
