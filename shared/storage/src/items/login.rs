use rolecall_domain::{
    account::{DeliveryStatus, EmailDelivery, FormerEmail, User},
    clock::Timestamp,
    ids::UserId,
    organization::Memberships,
    ports::{Credentials, Occupant, StoreError},
};
use serde::{Deserialize, Serialize};

use super::{Account, StoredMembership, V, id, instant, parsed};
use crate::{
    keys::{self, Key},
    store::{Item, from_item},
};

/// The account under its address, with the credential.
#[derive(Serialize, Deserialize)]
pub(crate) struct Login {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    account: Account,
    /// Where the account belongs, without roles.
    #[serde(default)]
    #[serde(rename = "seats")]
    memberships: Vec<StoredMembership>,
    #[serde(default)]
    #[serde(rename = "seats_version")]
    memberships_version: u64,
    /// Written by itself alone: no copy of the account brings an old one back.
    #[serde(default, skip_serializing)]
    delivery: Option<StoredDelivery>,
}

/// What came back from an address.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDelivery {
    status: String,
    at: i64,
    reason: String,
}

impl From<&EmailDelivery> for StoredDelivery {
    fn from(delivery: &EmailDelivery) -> Self {
        Self {
            status: delivery.status.as_str().to_owned(),
            at: delivery.at.as_millisecond(),
            reason: delivery.reason.clone(),
        }
    }
}

impl TryFrom<StoredDelivery> for EmailDelivery {
    type Error = StoreError;

    fn try_from(stored: StoredDelivery) -> Result<Self, StoreError> {
        let status = parsed(DeliveryStatus::parse(&stored.status))?;
        Ok(Self { status, at: instant(stored.at)?, reason: stored.reason })
    }
}

impl Login {
    /// The same for another address.
    pub(crate) fn moved(self, user: &User) -> Self {
        Self { key: keys::login(user.email.key()), account: user.into(), ..self }
    }

    /// The same with memberships of that version.
    pub(crate) fn at(self, memberships_version: u64) -> Self {
        Self { memberships_version, ..self }
    }

    /// The version of its memberships.
    pub(crate) fn memberships_version(&self) -> u64 {
        self.memberships_version
    }

    /// The account of a login item.
    pub(crate) fn account(self) -> User {
        self.account.into()
    }

    pub(crate) fn new(user: &User, password_hash: Option<&str>, memberships: &Memberships) -> Self {
        Self {
            key: keys::login(user.email.key()),
            entity: "login".to_owned(),
            v: V,
            password_hash: password_hash.map(str::to_owned),
            account: user.into(),
            memberships: StoredMembership::bare(memberships),
            memberships_version: 0,
            delivery: None,
        }
    }
}

impl TryFrom<Login> for Credentials {
    type Error = StoreError;

    fn try_from(stored: Login) -> Result<Self, StoreError> {
        let memberships = StoredMembership::read(stored.memberships)?;
        let delivery = stored.delivery.map(TryInto::try_into).transpose()?;
        let (user, password_hash) = (stored.account.into(), stored.password_hash);
        Ok(Self { user, memberships, password_hash, delivery })
    }
}

/// That an address was an account's, which may take it back until then. It stands where the login
/// record was, so that nobody else takes the address, and has no account to sign in to.
#[derive(Serialize, Deserialize)]
pub(crate) struct FormerEmailItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    former_owner: String,
    kept_until: i64,
    expires_at: i64,
}

impl FormerEmailItem {
    pub(crate) fn new(former: &FormerEmail, owner: UserId) -> Self {
        Self {
            key: keys::login(former.email.key()),
            entity: "former email".to_owned(),
            v: V,
            former_owner: owner.to_string(),
            kept_until: former.until.as_millisecond(),
            // Never before `kept_until`.
            expires_at: former.until.as_second().saturating_add(1),
        }
    }
}

/// The login record of an item under an address, unless it is that of a former one.
pub(crate) fn login_of(item: Item) -> Result<Option<Login>, StoreError> {
    if item.contains_key("former_owner") { Ok(None) } else { from_item(item).map(Some) }
}

/// Who an address is taken by.
pub(crate) fn occupant_of(item: Item, now: Timestamp) -> Result<Occupant, StoreError> {
    if let Some(login) = login_of(item.clone())? {
        return Ok(Occupant::Owner(Box::new(login.account())));
    }
    let former: FormerEmailItem = from_item(item)?;
    let is_kept = instant(former.kept_until)? > now;
    Ok(if is_kept { Occupant::Former(id(&former.former_owner)?) } else { Occupant::Nobody })
}
