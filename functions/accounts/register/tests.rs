use bytes::Bytes;
use rolecall_domain::account::Email;
use rolecall_http::extract;

use super::Input;

/// The fields that every sign-up has, and one more.
fn with(field: &str) -> String {
    let fields = r#""username":"ada","email":"A@example.com","password":"violet-anchor-mosaic""#;
    format!("{{{fields},{field}}}")
}

fn read(body: &str) -> Result<Input, u16> {
    let request = http::Request::post("/")
        .header("content-type", "application/json")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    extract::body(&request).map_err(|problem| problem.code().status())
}

#[test]
fn optional_fields_may_be_missing_or_null() {
    let input = read(&with(r#""first_name":null"#)).unwrap();
    assert!(input.profile.first_name.is_none() && input.profile.last_name.is_none());
    assert_eq!(Email::from(input.email).key(), "a@example.com");
}

#[test]
fn rights_and_states_are_no_fields_of_a_registration() {
    for field in [
        "role",
        "status",
        "level",
        "is_superuser",
        "email_verified",
        "password_hash",
        "organization",
    ] {
        let body = with(&format!(r#""{field}":"x""#));
        assert_eq!(read(&body).map(|_| ()), Err(422), "{field}");
    }
}

#[test]
fn several_addresses_are_none() {
    for email in [r#"["a@example.com","b@example.com"]"#, r#"{"a":"b"}"#, "7", "true"] {
        let body =
            format!(r#"{{"username":"ada","email":{email},"password":"violet-anchor-mosaic"}}"#);
        assert_eq!(read(body.leak()).map(|_| ()), Err(422), "{email}");
    }
}
