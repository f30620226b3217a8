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
use crate::{
    keys::{self, Key},
    lists::Listing,
};

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
            invited_by: None,
            locked_until: None,
            epoch: 0,
            credential: 0,
            keys_ended_at: None,
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

/// Somebody in a list; the same in each of a place, but for its key.
#[derive(Serialize, Deserialize)]
pub(crate) struct PersonItem {
    entity: String,
    v: u8,
    #[serde(flatten)]
    card: Card,
}

impl PersonItem {
    pub(crate) fn new(card: Card) -> Self {
        Self { entity: "person".to_owned(), v: V, card }
    }

    pub(crate) fn read(self) -> Result<ListedPerson, StoreError> {
        let (person, mut members) = self.card.read()?;
        Ok(ListedPerson { person, member: members.pop() })
    }
}

/// What the lists have of a user, so that all of it is found and taken out again. It is written
/// with what it tells of; where that is more than a transaction has room for, it says what is
/// begun.
#[derive(Serialize, Deserialize, Default)]
pub(crate) struct ListedItem {
    #[serde(flatten)]
    key: Option<Key>,
    entity: String,
    v: u8,
    /// Counts whoever looked.
    pub(crate) version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) done: Option<Card>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) begun: Option<Card>,
}

impl ListedItem {
    pub(crate) fn new(
        user: UserId,
        version: u64,
        done: Option<&Listing>,
        begun: Option<&Listing>,
    ) -> Self {
        let (key, entity) = (Some(keys::listed(user)), "listed".to_owned());
        let [done, begun] = [done, begun].map(|one| one.map(Listing::card));
        Self { key, entity, v: V, version, done, begun }
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
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    again: bool,
}

impl FillingItem {
    pub(crate) fn new(filling: Filling) -> Self {
        let Filling { passes, began, after, again } = filling;
        let (key, entity) = (keys::filling(), "filling".to_owned());
        Self { key, entity, v: V, passes, began: Instant(began), after, again }
    }
}

impl From<FillingItem> for Filling {
    fn from(stored: FillingItem) -> Self {
        let FillingItem { passes, began, after, again, .. } = stored;
        Self { passes, began: began.0, after, again }
    }
}
