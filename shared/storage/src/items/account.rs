use rolecall_domain::{
    account::{
        AccountStatus, Bio, Email, Erasure, PersonName, PhoneNumber, Profile, SignUp, Spent, User,
        Username,
    },
    appearance::Language,
    ids::UserId,
    organization::{LogKey, Memberships, UserWithMemberships},
    ports::StoreError,
    session::Network,
    words::Line,
};
use serde::{Deserialize, Serialize};

use super::{
    Instant, StoredMembership, V,
    email_change::{StoredFormerEmail, StoredPendingEmail},
    instant_of_seconds,
};
use crate::{
    keys::{self, Key},
    store::{Item, from_item, to_item},
};

/// What every copy of an account has.
#[derive(Serialize, Deserialize)]
pub(crate) struct Account {
    id: UserId,
    username: Username,
    email: Email,
    email_verified: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pending_email: Option<StoredPendingEmail>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    former_emails: Vec<StoredFormerEmail>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone_number: Option<PhoneNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bio: Option<Bio>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    status: AccountStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restores_to: Option<AccountStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erase_at: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nameless_since: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erased_at: Option<Instant>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    must_change_password: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not", rename = "service")]
    is_service: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    external_id: Option<Line<200>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    invited_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locked_until: Option<Instant>,
    epoch: u64,
    #[serde(default)]
    credential: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keys_ended_at: Option<Instant>,
    version: u64,
    created_at: Instant,
    updated_at: Instant,
}

impl From<&User> for Account {
    fn from(user: &User) -> Self {
        let User {
            id,
            username,
            email,
            email_verified,
            pending_email,
            former_emails,
            profile: Profile { first_name, last_name, phone_number, bio, language },
            status,
            restores_to,
            erasure,
            must_change_password,
            is_service,
            external_id,
            invited_by,
            locked_until,
            epoch,
            credential,
            keys_ended_at,
            version,
            created_at,
            updated_at,
        } = user.clone();
        let [erase_at, nameless_since, erased_at] = match erasure {
            None => [None; 3],
            Some(Erasure::Due(at)) => [Some(at), None, None],
            Some(Erasure::Begun(at)) => [None, Some(at), None],
            Some(Erasure::Done(at)) => [None, None, Some(at)],
        };
        Self {
            id,
            username,
            email,
            email_verified,
            pending_email: pending_email.map(Into::into),
            former_emails: former_emails.into_iter().map(Into::into).collect(),
            first_name,
            last_name,
            phone_number,
            bio,
            language,
            status,
            restores_to,
            erase_at: erase_at.map(Instant),
            nameless_since: nameless_since.map(Instant),
            erased_at: erased_at.map(Instant),
            must_change_password,
            is_service,
            external_id,
            invited_by: invited_by.map(|log| log.as_str().to_owned()),
            locked_until: locked_until.map(Instant),
            epoch,
            credential,
            keys_ended_at: keys_ended_at.map(Instant),
            version,
            created_at: Instant(created_at),
            updated_at: Instant(updated_at),
        }
    }
}

impl From<Account> for User {
    fn from(stored: Account) -> Self {
        let Account { first_name, last_name, phone_number, bio, language, .. } = stored;
        Self {
            id: stored.id,
            username: stored.username,
            email: stored.email,
            email_verified: stored.email_verified,
            pending_email: stored.pending_email.map(Into::into),
            former_emails: stored.former_emails.into_iter().map(Into::into).collect(),
            profile: Profile { first_name, last_name, phone_number, bio, language },
            status: stored.status,
            restores_to: stored.restores_to,
            erasure: stored
                .erased_at
                .map(|at| Erasure::Done(at.0))
                .or(stored.nameless_since.map(|at| Erasure::Begun(at.0)))
                .or(stored.erase_at.map(|at| Erasure::Due(at.0))),
            must_change_password: stored.must_change_password,
            is_service: stored.is_service,
            external_id: stored.external_id,
            invited_by: stored.invited_by.map(LogKey::from_stored),
            locked_until: stored.locked_until.map(|at| at.0),
            epoch: stored.epoch,
            credential: stored.credential,
            keys_ended_at: stored.keys_ended_at.map(|at| at.0),
            version: stored.version,
            created_at: stored.created_at.0,
            updated_at: stored.updated_at.0,
        }
    }
}

/// The account under its id.
#[derive(Serialize)]
pub(crate) struct UserItem {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    v: u8,
    #[serde(flatten)]
    account: Account,
    #[serde(rename = "seats")]
    memberships: Vec<StoredMembership>,
    #[serde(rename = "seats_version")]
    memberships_version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "enclosed")]
    pending_events: Option<String>,
}

impl UserItem {
    /// A new account with the memberships that it comes with.
    pub(crate) fn new(
        user: &User,
        memberships: &Memberships,
        pending_events: Option<String>,
    ) -> Self {
        let memberships = StoredMembership::all(memberships);
        Self {
            key: keys::user(user.id),
            entity: "user",
            v: V,
            account: user.into(),
            memberships,
            memberships_version: 0,
            pending_events,
        }
    }
}

/// The attributes of an account, without those of its memberships.
pub(crate) fn account_attributes(user: &User) -> Result<Item, StoreError> {
    to_item(&Account::from(user))
}

#[derive(Deserialize)]
struct StoredUserWithMemberships {
    #[serde(flatten)]
    account: Account,
    #[serde(default)]
    #[serde(rename = "seats")]
    memberships: Vec<StoredMembership>,
    #[serde(default)]
    #[serde(rename = "seats_version")]
    memberships_version: u64,
    #[serde(default)]
    last_login: Option<Instant>,
}

/// Account and memberships of a user item.
pub(crate) fn user_with_memberships_of(item: Item) -> Result<UserWithMemberships, StoreError> {
    let StoredUserWithMemberships { account, memberships, memberships_version, last_login } =
        from_item(item)?;
    Ok(UserWithMemberships {
        user: account.into(),
        memberships: StoredMembership::read(memberships)?,
        memberships_version,
        last_login_at: last_login.map(|at| at.0),
    })
}

/// That an account is there.
#[derive(Serialize)]
pub(crate) struct DirectoryItem {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    v: u8,
}

impl DirectoryItem {
    pub(crate) fn new(user: UserId) -> Self {
        Self { key: keys::directory(user), entity: "directory", v: V }
    }
}

/// The account of a user item.
pub(crate) fn account_of(item: Item) -> Result<User, StoreError> {
    from_item::<Account>(item).map(User::from)
}

/// A sign-up that waits.
#[derive(Serialize, Deserialize)]
pub(crate) struct SignUpItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    password_hash: String,
    network: String,
    expires_at: i64,
    #[serde(flatten)]
    account: Account,
}

impl From<&SignUp> for SignUpItem {
    fn from(sign_up: &SignUp) -> Self {
        Self {
            key: keys::sign_up(sign_up.user.email.key(), &sign_up.network),
            entity: "signup".to_owned(),
            v: V,
            password_hash: sign_up.password_hash.clone(),
            network: sign_up.network.as_str().to_owned(),
            expires_at: sign_up.expires_at.as_second(),
            account: (&sign_up.user).into(),
        }
    }
}

impl TryFrom<SignUpItem> for SignUp {
    type Error = StoreError;

    fn try_from(stored: SignUpItem) -> Result<Self, StoreError> {
        Ok(Self {
            user: stored.account.into(),
            password_hash: stored.password_hash,
            network: Network::from_stored(stored.network),
            expires_at: instant_of_seconds(stored.expires_at)?,
        })
    }
}

/// A link that was used, and the account that it made or proved.
#[derive(Serialize, Deserialize)]
pub(crate) struct SpentItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    pub(crate) user_id: UserId,
    expires_at: i64,
}

impl SpentItem {
    pub(crate) fn new(spent: &Spent, user: UserId) -> Self {
        Self {
            key: keys::spent(&spent.hash),
            entity: "spent".to_owned(),
            v: V,
            user_id: user,
            expires_at: spent.ends_at.as_second(),
        }
    }
}

/// That a username is taken. One with `expires_at` was leased by a sign-up, when those held names:
/// it counts for nothing.
#[derive(Serialize, Deserialize)]
pub(crate) struct UsernameMarker {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    user_id: String,
    email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

impl UsernameMarker {
    /// The id of the account that has it.
    pub(crate) fn owner(self) -> Option<String> {
        self.expires_at.is_none().then_some(self.user_id)
    }

    pub(crate) fn taken(user: &User) -> Self {
        Self {
            key: keys::username(user.username.key()),
            entity: "username".to_owned(),
            v: V,
            user_id: user.id.to_string(),
            email: user.email.key().to_owned(),
            expires_at: None,
        }
    }
}
