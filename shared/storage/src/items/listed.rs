//! What lists show of people.

use rolecall_domain::{
    account::User,
    ids::UserId,
    organization::{Member, UserWithMemberships},
    people::{Filling, ListedPerson},
    ports::StoreError,
};
use serde::{Deserialize, Serialize};

use super::{Instant, StoredMembership, V, account::Account, organization::StoredMember};
use crate::keys::{self, Key};

/// What lists show of somebody.
#[derive(Serialize, Deserialize)]
pub(crate) struct Card {
    #[serde(flatten)]
    account: Account,
    #[serde(rename = "seats")]
    memberships: Vec<StoredMembership>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_login: Option<Instant>,
    /// In the record of the lists all memberships, in a list the one of its organization.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    members: Vec<StoredMember>,
}

impl Card {
    pub(crate) fn new(
        person: &UserWithMemberships,
        members: &[&Member],
        memberships: Vec<StoredMembership>,
    ) -> Self {
        // What no list shows is no reason to write them again.
        let shown = User {
            pending_email: None,
            former_emails: Vec::new(),
            restores_to: None,
            erasure: None,
            external_id: None,
            locked_until: None,
            epoch: 0,
            credential: 0,
            version: 0,
            ..person.user.clone()
        };
        Self {
            account: (&shown).into(),
            memberships,
            last_login: person.last_login_at.map(Instant),
            members: members.iter().map(|member| StoredMember::from(*member)).collect(),
        }
    }

    pub(crate) fn read(self) -> Result<(UserWithMemberships, Vec<Member>), StoreError> {
        let person = UserWithMemberships {
            user: self.account.into(),
            memberships: StoredMembership::read(self.memberships)?,
            memberships_version: 0,
            last_login_at: self.last_login.map(|at| at.0),
        };
        Ok((person, self.members.into_iter().map(Member::from).collect()))
    }
}

/// Somebody in a list.
#[derive(Serialize, Deserialize)]
pub(crate) struct PersonItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    #[serde(flatten)]
    card: Card,
}

impl PersonItem {
    pub(crate) fn new(key: Key, card: Card) -> Self {
        Self { key, entity: "person".to_owned(), v: V, card }
    }

    pub(crate) fn read(self) -> Result<ListedPerson, StoreError> {
        let (person, mut members) = self.card.read()?;
        Ok(ListedPerson { person, member: members.pop() })
    }
}

/// What the lists have of a user, and what is being brought into them: so that whatever is in them
/// is found and taken out again, wherever that stopped.
#[derive(Serialize, Deserialize)]
pub(crate) struct ListedItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    /// Counts the writes of this record.
    pub(crate) version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) done: Option<Card>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) begun: Vec<Card>,
}

impl ListedItem {
    pub(crate) fn new(user: UserId, version: u64, done: Option<Card>, begun: Vec<Card>) -> Self {
        Self { key: keys::listed(user), entity: "listed".to_owned(), v: V, version, done, begun }
    }
}

/// How far the lists are filled.
#[derive(Serialize, Deserialize)]
pub(crate) struct FillingItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    passes: u32,
    began: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<UserId>,
}

impl FillingItem {
    pub(crate) fn new(filling: Filling) -> Self {
        let Filling { passes, began, after } = filling;
        let (key, entity) = (keys::filling(), "filling".to_owned());
        Self { key, entity, v: V, passes, began: Instant(began), after }
    }
}

impl From<FillingItem> for Filling {
    fn from(stored: FillingItem) -> Self {
        Self { passes: stored.passes, began: stored.began.0, after: stored.after }
    }
}
