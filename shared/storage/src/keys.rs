//! Every key of the table: patterns, builders, and the escaping of what users typed. No key is
//! built anywhere else.

mod appearance;
mod log;
mod patterns;
mod people;

use aws_sdk_dynamodb::types::AttributeValue;
use rolecall_domain::{
    account::DueErasure,
    api_key::DueReminder,
    clock::{Timestamp, from_millis},
    ids::{ApiKeyId, Id, InvitationId, MailId, SessionId, UserId},
    mail::{DueMail, Purpose, TokenHash},
    permission::Kind,
    session::Network,
};

pub use appearance::{appearance, logo};
pub use patterns::PATTERNS;
pub use people::{
    away_before, beginning, filling, found_prefix, listed, people_partition, person, person_away,
    person_found, word_of,
};

pub use log::{
    BEHIND, BY_TYPE, BY_USER, LOG_HOURS, activity, activity_entry, activity_partition,
    activity_stream_entry, activity_stream_group, activity_stream_head, activity_stream_partition,
    activity_stream_templates, activity_type, by_type, by_user, category_partition, first_id_at,
    hour_of, instant_of, log_hour, organization_of_activity_stream, organization_of_entry, pending,
    place_of_activity, shard, statistics, statistics_behind, statistics_users, tag_partition,
    type_of, types_partition, user_log_entry, user_log_partition, user_log_prefix, watermark,
};

/// Partition key of every item.
pub const PK: &str = "PK";
/// Sort key of every item.
pub const SK: &str = "SK";

/// The key of one item.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Key {
    #[serde(rename = "PK")]
    pub pk: String,
    #[serde(rename = "SK")]
    pub sk: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    /// As DynamoDB takes it.
    #[must_use]
    pub fn attributes(&self) -> std::collections::HashMap<String, AttributeValue> {
        [(PK, &self.pk), (SK, &self.sk)]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.clone())))
            .collect()
    }
}

/// An invitation into an organization.
#[must_use]
pub fn invitation(id: InvitationId) -> Key {
    Key::new(format!("INVITATION#{id}"), "INVITATION")
}

/// The one invitation of an address into an organization.
#[must_use]
pub fn invitation_to(email: &str, organization: &str) -> Key {
    Key::new(invitations_to(email), escape(organization))
}

/// The invitations of an address.
#[must_use]
pub fn invitations_to(email: &str) -> String {
    format!("INVITED#{}", escape(email))
}

/// One of an organization's invitations.
#[must_use]
pub fn invitation_of(organization: &str, id: InvitationId) -> Key {
    Key::new(invitations_of(organization), id.to_string())
}

/// The invitations of an organization.
#[must_use]
pub fn invitations_of(organization: &str) -> String {
    format!("INVITATIONS#{}", escape(organization))
}

#[must_use]
pub fn user(id: UserId) -> Key {
    Key::new(user_partition(id), "USER")
}

/// One session of a user.
#[must_use]
pub fn session(user: UserId, session: SessionId) -> Key {
    Key::new(user_partition(user), format!("{SESSIONS}{session}"))
}

/// Which sessions of a user may be alive.
#[must_use]
pub fn living_sessions(user: UserId) -> Key {
    Key::new(user_partition(user), "SESSIONS")
}

/// What the keys of a user's sessions begin with.
pub const SESSIONS: &str = "SESSION#";

/// A key of a user's.
#[must_use]
pub fn api_key(user: UserId, key: ApiKeyId) -> Key {
    Key::new(user_partition(user), format!("{API_KEYS}{key}"))
}

/// How often a user's list of keys changed.
#[must_use]
pub fn api_keys(user: UserId) -> Key {
    Key::new(user_partition(user), "KEYS")
}

/// What the keys of a user's API keys begin with.
pub const API_KEYS: &str = "KEY#";

/// The partition of an account, its sessions and its API keys.
#[must_use]
pub fn user_partition(id: UserId) -> String {
    format!("USER#{id}")
}

/// The one living token of a user and purpose.
#[must_use]
pub fn one_time_token(user: UserId, purpose: Purpose) -> Key {
    Key::new(user_partition(user), format!("TICKET#{}", purpose.label()))
}

/// The login record of an address, by [`Email::key`](rolecall_domain::account::Email::key).
#[must_use]
pub fn login(email: &str) -> Key {
    Key::new(email_partition(email), "LOGIN")
}

/// The failed sign-ins to an address.
#[must_use]
pub fn failed_logins(email: &str) -> Key {
    Key::new(email_partition(email), "ATTEMPTS")
}

/// The partition with the login record and the failed sign-ins of an address.
#[must_use]
pub fn email_partition(email: &str) -> String {
    format!("EMAIL#{}", escape(email))
}

/// The sign-up of an address that came from a network.
#[must_use]
pub fn sign_up(email: &str, network: &Network) -> Key {
    Key::new(sign_ups(email), escape(network.as_str()))
}

/// The partition of the sign-ups of an address.
#[must_use]
pub fn sign_ups(email: &str) -> String {
    format!("SIGNUPS#{}", escape(email))
}

/// The use of what was handed out sealed.
#[must_use]
pub fn spent(hash: &TokenHash) -> Key {
    Key::new(format!("SPENT#{}", hash.as_str()), "SPENT")
}

/// A username's marker, by [`Username::key`](rolecall_domain::account::Username::key).
#[must_use]
pub fn username(name: &str) -> Key {
    Key::new(format!("USERNAME#{}", escape(name)), "USERNAME")
}

/// A mail in the outbox.
#[must_use]
pub fn outbox(id: MailId) -> Key {
    Key::new(format!("OUTBOX#{id}"), "OUTBOX")
}

/// The partition of the mails that are to be tried again. There are few: those that the mail
/// service did not take, and it takes fewer a second than a partition does.
pub const DUE_MAILS: &str = "OUTBOX_DUE";

/// That a mail is to be tried from an instant on.
#[must_use]
pub fn due_mail(due: DueMail) -> Key {
    Key::new(DUE_MAILS.to_owned(), format!("{}#{}", ordered(due.at), due.id))
}

/// An instant as keys order it: thirteen digits order as numbers do, to the year 2286.
#[must_use]
pub fn ordered(at: Timestamp) -> String {
    format!("{:013}", at.as_millisecond().max(0))
}

/// Instant and mail of such a key.
#[must_use]
pub fn due_mail_of(sort_key: &str) -> Option<DueMail> {
    let (at, id) = instant_and_id(sort_key)?;
    Some(DueMail { at, id })
}

/// The partition of the accounts that are to be erased.
pub const ERASURES: &str = "ERASURES";

/// That an account is to be erased from an instant on.
#[must_use]
pub fn erasure(due: DueErasure) -> Key {
    Key::new(ERASURES.to_owned(), format!("{}#{}", ordered(due.at), due.user))
}

/// Instant and account of such a key.
#[must_use]
pub fn erasure_of(sort_key: &str) -> Option<DueErasure> {
    let (at, user) = instant_and_id(sort_key)?;
    Some(DueErasure { at, user })
}

/// The partition of the API keys whose owners are to be told that they end.
pub const REMINDERS: &str = "KEY_REMINDERS";

/// That the owner of a key is to be told from an instant on.
#[must_use]
pub fn reminder(due: DueReminder) -> Key {
    let DueReminder { at, owner, key } = due;
    Key::new(REMINDERS.to_owned(), format!("{}#{owner}#{key}", ordered(at)))
}

/// Instant, owner and key of such a key.
#[must_use]
pub fn reminder_of(sort_key: &str) -> Option<DueReminder> {
    let (due, key) = sort_key.rsplit_once('#')?;
    let (at, owner) = instant_and_id(due)?;
    Some(DueReminder { at, owner, key: key.parse().ok()? })
}

/// What the key of something that is due is made of.
fn instant_and_id<K>(sort_key: &str) -> Option<(Timestamp, Id<K>)> {
    let (at, id) = sort_key.split_once('#')?;
    Some((from_millis(at.parse().ok()?)?, id.parse().ok()?))
}

/// Pending events that nobody could file, by the number of their record in the stream.
#[must_use]
pub fn set_aside(record: &str) -> Key {
    Key::new("SET_ASIDE".to_owned(), escape(record))
}

/// An idempotency key, by the hash of its scope and itself, in hexadecimal.
#[must_use]
pub fn idempotency(hash: &str) -> Key {
    Key::new(format!("ONCE#{hash}"), "ONCE")
}

/// What a network did, or an address was sent, under a rule, in the period that begins at `start`.
#[must_use]
pub fn limit(rule: &str, whose: &str, start: Timestamp) -> Key {
    Key::new(format!("LIMIT#{rule}#{}", escape(whose)), start.as_second().to_string())
}

/// Seconds of a window of presence: as long as somebody counts as active.
const PRESENCE_WINDOW: i64 = 300;

/// Somebody who was seen, with the sessions in which they were.
#[must_use]
pub fn presence(organization: &str, at: Timestamp, user: UserId, shards: u8) -> Key {
    let [.., last] = *user.as_bytes();
    Key::new(presence_partition(organization, at, last % shards.max(1)), user.to_string())
}

/// One shard of those who were seen around an instant.
#[must_use]
pub fn presence_partition(organization: &str, at: Timestamp, shard: u8) -> String {
    format!("SEEN#{}#{}#{shard}", escape(organization), at.as_second().div_euclid(PRESENCE_WINDOW))
}

/// The published public keys.
#[must_use]
pub fn key_directory() -> Key {
    Key::new("KEYS".to_owned(), "DIRECTORY")
}

/// The partition of all accounts.
pub const USERS: &str = "USERS";

/// That an account is there.
#[must_use]
pub fn directory(id: UserId) -> Key {
    Key::new(USERS.to_owned(), id.to_string())
}

/// The active super admins.
#[must_use]
pub fn super_admins() -> Key {
    Key::new("PLATFORM".to_owned(), "SUPER_ADMINS")
}

/// The partition of all organizations.
pub const ORGANIZATIONS: &str = "ORGANIZATIONS";

/// An organization, by its code in whatever case.
#[must_use]
pub fn organization(code: &str) -> Key {
    Key::new(ORGANIZATIONS.to_owned(), fold(code))
}

/// One member of an organization.
#[must_use]
pub fn member(organization: &str, user: UserId) -> Key {
    Key::new(members_partition(organization), user.to_string())
}

/// The members of an organization, which has one spelling.
#[must_use]
pub fn members_partition(organization: &str) -> String {
    format!("MEMBERS#{}", escape(organization))
}

/// The marker of an employee id.
#[must_use]
pub fn employee(organization: &str, employee_id: &str) -> Key {
    Key::new(format!("EMPLOYEE#{}#{}", escape(organization), escape(employee_id)), "EMPLOYEE")
}

/// The partition of all definitions.
pub const CATALOGUE: &str = "CATALOGUE";

/// A definition, by its kind and its code in whatever case.
#[must_use]
pub fn definition(kind: Kind, code: &str) -> Key {
    let kind = match kind {
        Kind::Module => "MODULE",
        Kind::Permission => "PERMISSION",
        Kind::Role => "ROLE",
    };
    Key::new(CATALOGUE.to_owned(), format!("{kind}#{}", fold(code)))
}

/// An organization's own role, by its code in whatever case.
#[must_use]
pub fn own_role(organization: &str, code: &str) -> Key {
    Key::new(own_roles(organization), fold(code))
}

/// The partition of an organization's own roles.
#[must_use]
pub fn own_roles(organization: &str) -> String {
    format!("ROLES#{}", escape(organization))
}

/// A role's version and how many have it.
#[must_use]
pub fn role_use(role: &str) -> Key {
    Key::new(format!("ROLE#{}", fold(role)), "USE")
}

/// What the gate reads of an organization.
#[must_use]
pub fn organization_state(code: &str) -> Key {
    Key::new(format!("ORG#{}", fold(code)), "STATE")
}

/// Copies of what the gate reads: each takes its part of all callers.
pub const CATALOGUE_STATE_COPIES: u8 = 4;

/// One copy of what the gate reads.
#[must_use]
pub fn catalogue_state(copy: u8) -> Key {
    Key::new(format!("GATE#{}", copy % CATALOGUE_STATE_COPIES), "GATE")
}

/// A code in the one form of all its spellings.
fn fold(code: &str) -> String {
    escape(&code.to_ascii_lowercase())
}

/// Makes text that a user typed harmless inside a key: `#` and `%` become `%23` and `%25`.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('#', "%23")
}

/// The inverse of [`escape`].
#[must_use]
pub fn unescape(text: &str) -> String {
    text.replace("%23", "#").replace("%25", "%")
}

#[cfg(test)]
mod tests;
