//! One converter a system: what its export says of a user, in our words.

mod auth0;
mod clerk;
mod cognito;
mod django;
mod firebase;
mod keycloak;
mod okta;
mod supabase;
#[cfg(test)]
mod tests;

use clap::ValueEnum;
pub(crate) use firebase::HashConfig;
use rolecall_domain::clock::Timestamp;
use serde_json::Value;

use super::{
    records::{Columns, Layout},
    source_user::SourceUser,
};

/// The system that an export comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// The JSON of a bulk import, or the NDJSON of an export.
    Auth0,
    /// The CSV of a user import, or the JSON of `list-users`.
    Cognito,
    /// The JSON of a realm, or one of its `users` files.
    Keycloak,
    /// The CSV of the dashboard, or JSON.
    Clerk,
    /// The JSON or CSV of `firebase auth:export`; its hashes need `--hash-config`.
    Firebase,
    /// The table `auth.users` as CSV or JSON.
    Supabase,
    /// The JSON of `dumpdata auth`.
    Django,
    /// The JSON of the users API.
    Okta,
    /// A user of `import_users` a line.
    Ndjson,
}

/// What a converter knows beside the record.
#[derive(Default)]
pub(crate) struct Context {
    pub(crate) now: Timestamp,
    pub(crate) hash_config: Option<HashConfig>,
    /// Django's groups, by their keys.
    pub(crate) groups: std::collections::HashMap<String, String>,
}

/// What a record is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Converted {
    User(Box<SourceUser>),
    /// A user of ours already, but for what is missing.
    Ours(serde_json::Map<String, Value>),
    /// A user that is not imported, and why.
    Skipped(&'static str),
    /// A user who cannot be imported as the command was given, and why.
    Refused(&'static str),
    /// No user at all.
    Nothing,
}

impl From<SourceUser> for Converted {
    fn from(user: SourceUser) -> Self {
        Self::User(Box::new(user))
    }
}

impl Source {
    pub(crate) fn layout(self) -> Layout {
        match self {
            Self::Cognito => Layout::ArrayIn("Users"),
            Self::Keycloak | Self::Firebase => Layout::ArrayIn("users"),
            _ => Layout::ArrayOrLines,
        }
    }

    pub(crate) fn columns(self) -> Columns {
        match self {
            Self::Firebase => Columns::Fixed(&firebase::COLUMNS),
            _ => Columns::Named,
        }
    }

    /// Whether the whole file has to be seen before the first user.
    pub(crate) fn is_read_twice(self) -> bool {
        self == Self::Django
    }

    /// Takes note of a record that others refer to.
    pub(crate) fn prepare(self, record: &Value, context: &mut Context) {
        if self == Self::Django {
            django::prepare(record, &mut context.groups);
        }
    }

    pub(crate) fn convert(self, record: Value, context: &Context) -> Converted {
        match self {
            Self::Auth0 => auth0::convert(&record).into(),
            Self::Cognito => cognito::convert(&record),
            Self::Keycloak => keycloak::convert(&record),
            Self::Clerk => clerk::convert(&record).into(),
            Self::Firebase => firebase::convert(&record, context.hash_config.as_ref()),
            Self::Supabase => supabase::convert(&record, context.now),
            Self::Django => django::convert(&record, &context.groups),
            Self::Okta => okta::convert(&record).into(),
            Self::Ndjson => match record {
                Value::Object(user) => Converted::Ours(user),
                _ => Converted::Skipped("not_an_object"),
            },
        }
    }
}

/// What the report says of a password whose hash no form of ours has.
const UNKNOWN_HASH: &str = "password_not_imported: unknown_hash";
/// What it says of a second factor.
const SECOND_FACTOR: &str = "second_factor_not_imported";
