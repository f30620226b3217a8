//! Values that clients write: how each type is read, and what the document says of it.

use rolecall_domain::{
    Violation,
    account::{Email, NewEmail, NewPassword, PhoneNumber, PlainPassword, Username},
    appearance::{AccentColor, Link, Logo},
    clock::Timestamp,
    code::{Code, RoleCode},
    ids::Id,
    organization::Document,
    role::Level,
    words::{Line, Paragraph},
};
use serde_json::{Value as Json, json};

use crate::{
    extract::Fields,
    fields::{Components, Value},
    words::JsonObject,
};

/// Types that are a string in JSON: what reads them, and what their schema has beside that.
#[macro_export]
macro_rules! texts {
    ($($type:ty $(where {$($generics:tt)*})?: $parse:expr, $schema:tt;)*) => {$(
        impl$(<$($generics)*>)? $crate::fields::Value for $type {
            const IS_TEXT: bool = $crate::is_text!($schema);

            fn read(
                fields: &mut $crate::extract::Fields,
                name: &str,
                json: $crate::fields::Json,
            ) -> Option<Self> {
                fields.text(name, &json, $parse)
            }

            fn schema(_: &mut $crate::fields::Components) -> $crate::fields::Json {
                $crate::values::string(serde_json::json!($schema))
            }
        }
    )*};
}

// Patterns in what the regular expressions of Rust, JavaScript, Java and Python have in common.

/// No control character, and something that is no blank.
const ONE_LINE: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*\
    [^\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]\
    [^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$";
/// No control character but line feeds.
const LINES: &str = "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$";
/// `+`, a country code and a number, with blanks, dots, hyphens and brackets between the digits.
const PHONE_NUMBER: &str = "^\\+[ .()-]*[1-9](?:[ .()-]*[0-9]){6,14}[ .()-]*$";

/// Whether a string with this schema is a text: no word of a set, no instant, and nothing that
/// names something.
#[doc(hidden)]
#[macro_export]
macro_rules! is_text {
    ({}) => {
        false
    };
    ({ "enum": $values:expr }) => {
        false
    };
    ({ "pattern": $pattern:expr }) => {
        false
    };
    ({ "format": "uuid" }) => {
        false
    };
    ({ "format": "date-time" }) => {
        false
    };
    ($schema:tt) => {
        true
    };
}

texts! {
    AccentColor: Self::parse, { "minLength": 7, "maxLength": 7, "pattern": "^#[0-9A-Fa-f]{6}$" };
    Code: Self::parse,
        { "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$" };
    Email: Self::parse, { "format": "email", "maxLength": 254 };
    Id<Kind> where {Kind}: id, { "format": "uuid" };
    Line<MAX> where {const MAX: usize}: Self::parse,
        { "minLength": 1, "maxLength": MAX, "pattern": ONE_LINE };
    Link: Self::parse, { "minLength": 8, "maxLength": 300, "format": "uri" };
    Logo: Self::parse, { "contentEncoding": "base64", "contentMediaType": "image/png" };
    NewEmail: Self::parse, { "format": "email", "maxLength": 254 };
    NewPassword: Self::parse, { "format": "password", "minLength": 8, "maxLength": 128 };
    Paragraph: Self::parse, { "maxLength": 500, "pattern": LINES };
    PhoneNumber: Self::parse, { "maxLength": 40, "pattern": PHONE_NUMBER };
    PlainPassword: Self::parse, { "format": "password", "maxLength": 128 };
    RoleCode: Self::parse, { "minLength": 1, "maxLength": 129,
        "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}(?::[A-Za-z0-9][A-Za-z0-9_.-]{0,63})?$" };
    String: |text| Ok(text.to_owned()), {};
    Timestamp: instant, { "format": "date-time" };
    Username: Self::parse, { "minLength": 3, "maxLength": 50 };
}

fn id<Kind>(text: &str) -> Result<Id<Kind>, Violation> {
    text.parse().map_err(|_| Violation::new("invalid_id", "An id is a UUID."))
}

fn instant(text: &str) -> Result<Timestamp, Violation> {
    text.parse().map_err(|_| {
        Violation::new("invalid_instant", "An instant in RFC 3339: 2027-01-01T00:00:00.000Z.")
    })
}

/// The schema of a string.
#[doc(hidden)]
#[must_use]
pub fn string(mut schema: Json) -> Json {
    if let Json::Object(map) = &mut schema {
        map.insert("type".to_owned(), "string".into());
    }
    schema
}

impl Value for bool {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        let wrong = || Violation::new("wrong_type", "This field is true or false.");
        json.as_bool().or_else(|| fields.refuse(name, wrong()))
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "boolean" })
    }
}

impl Value for i32 {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        let wrong = || Violation::new("out_of_range", "A whole number of at most nine digits.");
        fields.whole_number(name, &json, |number| Self::try_from(number).map_err(|_| wrong()))
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "integer", "format": "int32" })
    }
}

impl Value for Level {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.whole_number(name, &json, Self::parse)
    }

    fn schema(_: &mut Components) -> Json {
        json!({ "type": "integer", "minimum": 1, "maximum": 6 })
    }
}

impl Value for Document {
    fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
        fields.object(name, json, Self::parse)
    }

    fn schema(components: &mut Components) -> Json {
        JsonObject::referred(components)
    }
}
