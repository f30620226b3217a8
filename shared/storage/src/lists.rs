//! In which lists people are.

use std::collections::BTreeMap;

use rolecall_domain::{
    account::{AccountStatus, User},
    organization::{Document, Member, Membership, UserWithMemberships},
    people::PeopleList,
    ports::StoreError,
};

use crate::{
    items::{Card, PersonItem, StoredMembership},
    keys,
    store::{Item, to_item},
};

/// Somebody's items in all lists, by their keys.
pub(crate) type Rows = BTreeMap<(String, String), Item>;

/// Somebody as the lists are to have them.
pub(crate) struct Listing {
    user: UserWithMemberships,
    members: Vec<Member>,
}

impl Listing {
    pub(crate) fn new(user: UserWithMemberships, members: Vec<Member>) -> Self {
        Self { user, members }
    }

    pub(crate) fn of(card: Card) -> Result<Self, StoreError> {
        card.read().map(|(user, members)| Self { user, members })
    }

    /// The same with the documents of members that have not changed since: a card has none.
    pub(crate) fn with_documents_of(mut self, now: &Self) -> Self {
        for member in &mut self.members {
            let is_it = |one: &&Member| {
                (&one.organization, one.version) == (&member.organization, member.version)
            };
            if let Some(same) = now.members.iter().find(is_it) {
                member.metadata = same.metadata.clone();
            }
        }
        self
    }

    /// All that the lists depend on. Of fifty memberships the documents would fill an item: the
    /// version of a membership tells whether its own is another one.
    pub(crate) fn card(&self) -> Card {
        let bare = |one: &Member| Member { metadata: Document::default(), ..one.clone() };
        let members: Vec<Member> = self.members.iter().map(bare).collect();
        let members: Vec<&Member> = members.iter().collect();
        Card::new(&self.user, &members, StoredMembership::all(&self.user.memberships))
    }

    /// Their items in the lists.
    pub(crate) fn rows(&self) -> Result<Rows, StoreError> {
        let mut rows = Rows::new();
        self.add(None, &mut rows)?;
        for member in &self.members {
            let membership = self.user.memberships.of(member.organization.as_str());
            if let Some(membership) = membership {
                self.add(Some((membership, member)), &mut rows)?;
            }
        }
        Ok(rows)
    }

    /// The items in the lists of everybody, or of the organization of a membership.
    fn add(
        &self,
        place: Option<(&Membership, &Member)>,
        rows: &mut Rows,
    ) -> Result<(), StoreError> {
        let user = &self.user.user;
        let organization = place.map(|(membership, _)| membership.log_key());
        let scope = organization.as_ref();
        let is_deleted = user.status == AccountStatus::Deleted;
        let mut lists = vec![PeopleList::Accounts(user.status)];
        let code = place.map(|(membership, _)| membership.organization.as_str());
        let here = self.user.memberships.within(code);
        let roles = here.iter().flat_map(|one| &one.roles);
        if !is_deleted || scope.is_some() {
            lists.extend(roles.map(|one| PeopleList::Role(one.role.clone())));
        }
        if let Some((_, member)) = place {
            let department = member.department.as_ref();
            lists.push(PeopleList::Members(member.status));
            lists.extend(department.map(|one| PeopleList::Department(one.as_str().to_owned())));
        }
        let mut keys = Vec::new();
        // Nobody looks for those who are gone but by their status.
        if !is_deleted || scope.is_some() {
            lists.push(PeopleList::Everybody);
            let words = found_by(user);
            let key = |(anchor, word): &(String, String)| {
                keys::person_found(scope, anchor, word, user.id)
            };
            keys.extend(words.iter().map(key));
        }
        if !is_deleted {
            let since = self.user.last_login_at.unwrap_or(user.created_at);
            keys.push(keys::person_away(scope, since, user.id));
        }
        let name = user.sort_name();
        keys.extend(lists.iter().map(|list| keys::person(scope, list, &name, user.id)));
        let members: Vec<&Member> = place.iter().map(|(_, member)| *member).collect();
        // A role more is one item more, and what happens elsewhere changes nothing here.
        let card = Card::new(&self.user, &members, StoredMembership::bare(&here));
        let item = to_item(&PersonItem::new(card))?;
        for key in keys {
            let row = item.clone().into_iter().chain(key.attributes()).collect();
            rows.insert((key.pk, key.sk), row);
        }
        Ok(())
    }
}

/// A word is found under so many of its first characters at most.
pub(crate) const LONGEST_ANCHOR: usize = 8;

/// The words by which a search finds somebody whom it does not find by the name that they are
/// sorted by; each under its anchor, which is as much of its beginning as no word before it has:
/// whoever looks for less finds the other one. So a search finds nobody twice.
fn found_by(user: &User) -> Vec<(String, String)> {
    let words = user.search_words();
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate().skip(1) {
        let before = words.iter().take(place);
        let shared = before.map(|other| common(word, other)).max().unwrap_or_default();
        if shared < word.chars().count() {
            let anchor = word.chars().take((shared + 1).min(LONGEST_ANCHOR)).collect();
            found.push((anchor, word.clone()));
        }
    }
    found
}

/// How many characters two words begin with alike.
fn common(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// Whether a word is the first of somebody's words that begins so.
pub(crate) fn is_first_found(user: &User, word: &str, prefix: &str) -> bool {
    let words = user.search_words();
    words.iter().find(|one| one.starts_with(prefix)).is_some_and(|one| keys::beginning(one) == word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rolecall_domain::{
        account::{Email, PersonName, Profile, Username},
        clock::{Clock, SystemClock},
        ids::Id,
        rng::SystemRng,
    };

    use super::*;

    fn user(first: &str, last: &str, username: &str, address: &str) -> User {
        let name = |text: &str| PersonName::parse(text).ok();
        let profile =
            Profile { first_name: name(first), last_name: name(last), ..Profile::default() };
        let username = Username::parse(&format!("{username}xyz")).unwrap();
        let email = Email::parse(&format!("{address}@example.com")).unwrap();
        let id = Id::new(&SystemClock, &SystemRng);
        User { profile, ..User::new(id, username, email, SystemClock.now()) }
    }

    /// How often a search comes upon somebody: under the name, and under each anchor that the text
    /// begins with.
    fn times_found(user: &User, text: &str) -> usize {
        let by_name = usize::from(user.sort_name().starts_with(text));
        let under = |anchor: usize| {
            let start: String = text.chars().take(anchor).collect();
            let words = found_by(user);
            let here = words.iter().filter(|(at, word)| *at == start && word.starts_with(text));
            let is_new = |word: &str| anchor < LONGEST_ANCHOR || is_first_found(user, word, text);
            here.filter(|(_, word)| is_new(word)).count()
        };
        by_name + (1..=LONGEST_ANCHOR.min(text.chars().count())).map(under).sum::<usize>()
    }

    proptest! {
        #[test]
        fn a_search_comes_upon_everybody_once(
            first in "[ab]{0,11}", last in "[ab]{0,11}", username in "[ab]{1,11}",
            address in "[ab]{1,11}", text in "[ab]{1,12}",
        ) {
            let user = user(&first, &last, &username, &address);
            prop_assert_eq!(times_found(&user, &text), usize::from(user.is_found_by(&text)));
        }
    }
}
