//! Closed sets of words: each is an `enum` of the document under one name, for what clients write
//! and for what they read.

use std::borrow::Cow;

use rolecall_domain::{
    account::{self, AccountStatus},
    activity, activity_stats, appearance, organization, permission, session, settings, signing,
};
use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::ObjectBuilder},
};

use crate::{
    extract::Fields,
    fields::{Components, Json, Value, named},
};

/// Names sets of words: for each a type that stands for it in answers
/// (`#[schema(value_type = words::Severity)]`).
macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident: $words:expr $(, written as $type:ty)?;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let description = [$($doc),*].map(str::trim).join(" ");
                let words = Some($words.to_vec());
                let string = utoipa::openapi::schema::Type::String;
                let set = ObjectBuilder::new().schema_type(string).description(Some(description));
                set.enum_values(words).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }

        $(impl Value for $type {
            fn read(fields: &mut Fields, name: &str, json: Json) -> Option<Self> {
                fields.text(name, &json, Self::parse)
            }

            fn schema(components: &mut Components) -> Json {
                let schema = <$name as PartialSchema>::schema();
                named(components, stringify!($name), json!(schema))
            }
        })?
    )*};
}

words! {
    /// What may be done with a permission.
    Action: permission::Action::ALL.map(permission::Action::as_str), written as permission::Action;
    /// Why something is not allowed.
    BlockerCode: permission::Blocker::ALL.map(permission::Blocker::as_str);
    /// What an activity is about.
    Category: activity::Category::ALL.map(activity::Category::as_str),
        written as activity::Category;
    /// What became of a mail to an address.
    DeliveryStatus: account::DeliveryStatus::ALL.map(account::DeliveryStatus::as_str);
    /// The kind of thing that somebody calls from.
    DeviceType: session::DeviceType::ALL.map(session::DeviceType::as_str);
    /// What a change that helps to allow something is.
    GrantStep: permission::Step::NAMES;
    /// Where a signing key is on its way.
    KeyState: signing::KeyState::ALL.map(signing::KeyState::as_str);
    /// A language that pages and mails speak (BCP 47).
    Language: appearance::Language::ALL.map(appearance::Language::as_str),
        written as appearance::Language;
    /// Whether a member may act in the organization.
    MembershipStatus: organization::MembershipStatus::ALL
        .map(organization::MembershipStatus::as_str), written as organization::MembershipStatus;
    /// The length of a period of the statistics.
    PeriodType: activity_stats::Period::ALL.map(activity_stats::Period::as_str),
        written as activity_stats::Period;
    /// Who may sign up.
    RegistrationMode: settings::RegistrationMode::ALL.map(settings::RegistrationMode::as_str);
    /// How grave an activity is.
    Severity: activity::Severity::ALL.map(activity::Severity::as_str),
        written as activity::Severity;
    /// Whose account it is: a person's, or a program's.
    UserKind: account::UserKind::ALL.map(account::UserKind::as_str),
        written as account::UserKind;
    /// Whether an account may sign in.
    UserStatus: AccountStatus::ALL.map(AccountStatus::as_str), written as AccountStatus;
}

/// A JSON object that the client makes up.
#[derive(Debug)]
pub struct JsonObject;

impl PartialSchema for JsonObject {
    fn schema() -> RefOr<Schema> {
        let any = utoipa::openapi::schema::AdditionalProperties::FreeForm(true);
        let object = ObjectBuilder::new().description(Some("Any JSON object."));
        object.additional_properties(Some(any)).into()
    }
}

impl ToSchema for JsonObject {
    fn name() -> Cow<'static, str> {
        "JsonObject".into()
    }
}

impl JsonObject {
    /// A reference to it.
    pub fn referred(components: &mut Components) -> Json {
        named(components, "JsonObject", json!(<Self as PartialSchema>::schema()))
    }
}
