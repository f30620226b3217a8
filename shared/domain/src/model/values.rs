//! Values in JSON and in the table, each a text that its own parser reads back; and in patches.

/// Writes a value as its text, and reads it back through its parser: what is not valid never
/// becomes one.
macro_rules! written_as_text {
    ($($type:ty $(where {$($generics:tt)*})?: $write:ident, $read:ident;)*) => {$(
        impl$(<$($generics)*>)? serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.$write().serialize(serializer)
            }
        }

        impl<'de, $($($generics)*)?> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                <$type>::$read(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

use std::str::FromStr;

use crate::model::{
    account::{AccountStatus, Email, PhoneNumber, Username},
    appearance::{AccentColor, Language, Link},
    code::Code,
    fields::always_there,
    ids::Id,
    organization::{Document, MembershipStatus},
    permission::Action,
    role::Level,
    words::{Line, Paragraph},
};

written_as_text! {
    AccentColor: to_string, parse;
    AccountStatus: as_str, parse;
    Action: as_str, parse;
    Code: as_str, parse_role;
    Email: address, parse;
    Language: as_str, parse;
    Link: as_str, parse;
    MembershipStatus: as_str, parse;
    Paragraph: as_str, parse;
    PhoneNumber: as_str, parse;
    Username: as_str, stored;
    Line<MAX> where {const MAX: usize}: as_str, parse;
    Id<Kind> where {Kind}: to_string, from_str;
}

always_there!(Action, Document, Level, Line<MAX> where {const MAX: usize});
