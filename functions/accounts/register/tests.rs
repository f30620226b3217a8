use bytes::Bytes;
use rolecall_http::extract;

use super::Input;

fn read(body: &'static str) -> Result<Input, u16> {
    let request = http::Request::post("/")
        .header("content-type", "application/json")
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap();
    extract::body(&request).map_err(|problem| problem.code().status())
}

#[test]
fn optional_fields_may_be_missing_or_null() {
    let input =
        read(r#"{"username":"ada","email":"A@example.com","password":"violet-anchor-mosaic","first_name":null}"#).unwrap();
    assert!(input.first_name.is_none() && input.last_name.is_none());
    assert_eq!(input.email.key(), "a@example.com");
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
        let body = format!(
            r#"{{"username":"ada","email":"a@example.com","password":"violet-anchor-mosaic","{field}":"x"}}"#
        );
        assert_eq!(read(body.leak()).map(|_| ()), Err(422), "{field}");
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
