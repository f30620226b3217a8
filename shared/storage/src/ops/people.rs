use std::{collections::BTreeSet, sync::atomic::Ordering};

use futures::future::try_join_all;
use rolecall_domain::{
    ids::UserId,
    organization::UserWithMemberships,
    people::{Filling, ListedPeople, ListedPerson, PeopleList, search_text},
    ports::{PeopleStore, StoreError},
};

use super::{members::member_of, update::Updated};
use crate::{
    items::{FillingItem, ListedItem, PersonItem, user_with_memberships_of},
    keys::{self, Key, SK},
    lists::{LONGEST_ANCHOR, Listing, Rows, is_first_found},
    query::Page,
    store::{CONFLICT_ATTEMPTS, Item, Store, from_item, to_item},
};

/// So many attempts that stopped are known at once.
const MOST_BEGUN: usize = 3;

/// What came of bringing the lists up to date.
enum Turn {
    Done,
    /// Somebody else did the same meanwhile: what this one wrote is to be looked after once more.
    Overtaken(Option<Box<Listing>>),
}

impl PeopleStore for Store {
    async fn list_person(&self, user: UserId) -> Result<(), StoreError> {
        let mut written = Vec::new();
        for attempt in 0..CONFLICT_ATTEMPTS {
            match self.list_once(user, &written).await? {
                Turn::Done => return Ok(()),
                Turn::Overtaken(person) => written.extend(person.map(|person| *person)),
            }
            self.back_off(attempt).await;
        }
        Err(StoreError::Unavailable("the lists of a user changed too often".into()))
    }

    async fn listed(
        &self,
        organization: Option<&str>,
        list: &PeopleList,
        after: Option<&str>,
        limit: usize,
    ) -> Result<ListedPeople, StoreError> {
        if let PeopleList::Found(text) = list {
            return self.found(organization, &search_text(text), after, limit).await;
        }
        let partition = keys::people_partition(organization, list);
        let behind = after.map(|sk| Key { pk: partition.clone(), sk: sk.to_owned() });
        let query = self.query(partition).behind(behind.as_ref()).limit(limit);
        let page = match list {
            PeopleList::AwaySince(since) => query.before(keys::away_before(*since)).page().await?,
            _ => query.page().await?,
        };
        let next = page.next.as_ref().and_then(sort_key);
        let people = page.items.into_iter().map(|item| {
            let (sk, person) = listed_of(item)?;
            Ok((sk, person))
        });
        Ok(ListedPeople { people: people.collect::<Result<_, StoreError>>()?, next })
    }

    async fn has_everybody(&self) -> Result<bool, StoreError> {
        if self.lists_have_everybody.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let is_done = self.filling().await?.is_some_and(|filling| filling.is_done());
        self.lists_have_everybody.store(is_done, Ordering::Relaxed);
        Ok(is_done)
    }

    async fn filling(&self) -> Result<Option<Filling>, StoreError> {
        self.get_eventually(&keys::filling()).await?.map(filling_of).transpose()
    }

    async fn note_filling(&self, filling: Filling) -> Result<(), StoreError> {
        self.put_over(&FillingItem::new(filling)).await
    }
}

fn filling_of(item: Item) -> Result<Filling, StoreError> {
    from_item::<FillingItem>(item).map(Filling::from)
}

impl Store {
    /// Reads what a user is and what the lists have of them, and writes the difference. `written`:
    /// what an attempt before may have left.
    async fn list_once(&self, user: UserId, written: &[Listing]) -> Result<Turn, StoreError> {
        let mut found = self.get_all(&[keys::user(user), keys::listed(user)]).await?;
        let place = found.iter().position(|item| sort_key(item) == Some(keys::listed(user).sk));
        let listed = place.map(|place| from_item::<ListedItem>(found.swap_remove(place)));
        let Some(account) = found.pop() else {
            // No account is ever removed: this one is not there yet.
            return Ok(Turn::Done);
        };
        let person = self.with_members(user_with_memberships_of(account)?).await?;
        let (version, done, begun) = match listed.transpose()? {
            Some(ListedItem { version, done, begun, .. }) => (version, done, begun),
            None => (0, None, Vec::new()),
        };
        let is_settled = begun.is_empty() && written.is_empty();
        let card = to_item(&person.card())?;
        if is_settled && done.as_ref().map(to_item).transpose()?.as_ref() == Some(&card) {
            return Ok(Turn::Done);
        }
        let mut stale = Rows::new();
        for one in written {
            stale.extend(one.rows()?);
        }
        let mut all_begun = Vec::new();
        for one in begun {
            let one = Listing::of(one)?;
            stale.extend(one.rows()?);
            all_begun.push(one.card());
        }
        let before = done.map(Listing::of).transpose()?;
        let known = before.as_ref().map(Listing::rows).transpose()?.unwrap_or_default();
        if all_begun.len() >= MOST_BEGUN {
            // What stopped again and again is taken out first, and need not be known any more.
            let left = stale.keys().filter(|at| !known.contains_key(*at));
            self.delete_all(&left.map(key_of).collect::<Vec<_>>()).await?;
            all_begun.clear();
        }
        all_begun.push(person.card());
        let done = before.as_ref().map(Listing::card);
        let begins = ListedItem::new(user, version + 1, done, all_begun);
        if matches!(self.put_version(&begins, version).await?, Updated::Refused(_)) {
            return Ok(Turn::Overtaken(None));
        }
        let rows = person.rows()?;
        let is_new = |at: &(String, String), row: &Item| !is_settled || known.get(at) != Some(row);
        let new = rows.iter().filter(|(at, row)| is_new(at, row)).map(|(_, row)| row.clone());
        if !self.put_all(new.collect()).await?.is_empty() {
            return Err(StoreError::Unavailable("a batch stayed incomplete".into()));
        }
        let gone: BTreeSet<&(String, String)> = known.keys().chain(stale.keys()).collect();
        let gone = gone.into_iter().filter(|at| !rows.contains_key(*at));
        self.delete_all(&gone.map(key_of).collect::<Vec<_>>()).await?;
        let ends = ListedItem::new(user, version + 2, Some(person.card()), Vec::new());
        Ok(match self.put_version(&ends, version + 1).await? {
            Updated::Done(_) => Turn::Done,
            Updated::Refused(_) => Turn::Overtaken(Some(Box::new(person))),
        })
    }

    async fn with_members(&self, person: UserWithMemberships) -> Result<Listing, StoreError> {
        let id = person.user.id;
        let memberships = person.memberships.iter();
        let keys: Vec<Key> =
            memberships.map(|one| keys::member(one.organization.as_str(), id)).collect();
        let members = self.get_all(&keys).await?.into_iter().map(member_of);
        let mut members = members.collect::<Result<Vec<_>, StoreError>>()?;
        members.sort_by(|one, other| one.organization.as_str().cmp(other.organization.as_str()));
        Ok(Listing::new(person, members))
    }

    /// Whoever a search finds: under no anchor those whose name begins so, and then under each
    /// anchor that the text begins with those who have another word that does.
    async fn found(
        &self,
        organization: Option<&str>,
        text: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<ListedPeople, StoreError> {
        let text = keys::beginning(text);
        let (from, behind) = match after.and_then(|after| after.split_once(' ')) {
            Some((anchor, sk)) => (anchor.parse().unwrap_or(0), Some(sk.to_owned())),
            None => (0, None),
        };
        let mut found = Found { text, limit, people: Vec::new(), next: None };
        let page = |anchor: usize, limit: usize| {
            let sk = behind.clone().filter(|_| anchor == from);
            self.under(organization, text, anchor, sk, limit)
        };
        if from == 0 {
            found.take(0, page(0, limit).await?)?;
        }
        let left = limit.saturating_sub(found.people.len());
        if found.next.is_none() && left == 0 {
            found.next = found.people.last().map(|(position, _)| position.clone());
        }
        if found.next.is_none() {
            let anchors = from.max(1)..=LONGEST_ANCHOR.min(text.chars().count());
            let pages = try_join_all(anchors.clone().map(|anchor| page(anchor, left))).await?;
            for (anchor, page) in anchors.zip(pages) {
                if !found.take(anchor, page)? {
                    break;
                }
            }
        }
        let Found { people, next, .. } = found;
        Ok(ListedPeople { people, next })
    }
}

impl Store {
    /// Those under an anchor of so many characters whose word begins so, or whose name does.
    async fn under(
        &self,
        organization: Option<&str>,
        text: &str,
        anchor: usize,
        sk: Option<String>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let (list, prefix) = if anchor == 0 {
            (PeopleList::Everybody, text.to_owned())
        } else {
            let anchor: String = text.chars().take(anchor).collect();
            (PeopleList::Found(String::new()), keys::found_prefix(&anchor, text))
        };
        let partition = keys::people_partition(organization, &list);
        let behind = sk.map(|sk| Key { pk: partition.clone(), sk });
        let query = self.query(partition).behind(behind.as_ref()).limit(limit);
        // Of characters that nobody sees nothing is left, and no key begins with that.
        if prefix.is_empty() { query } else { query.begins_with(&prefix) }.page().await
    }
}

/// What a search found so far.
struct Found<'a> {
    text: &'a str,
    limit: usize,
    people: Vec<(String, ListedPerson)>,
    next: Option<String>,
}

impl Found<'_> {
    /// Takes those of an anchor; whether there is room for those of the next one.
    fn take(&mut self, anchor: usize, page: Page) -> Result<bool, StoreError> {
        let mut last = None;
        for item in page.items {
            if self.people.len() == self.limit {
                // What was read too much is read again.
                let end = last.or_else(|| self.people.last().map(|(position, _)| position.clone()));
                self.next = end;
                return Ok(false);
            }
            let (sk, person) = listed_of(item)?;
            let position = format!("{anchor} {sk}");
            let word = keys::word_of(&sk).unwrap_or_default();
            // Under the longest anchor may be somebody whom another word finds as well.
            let is_new =
                anchor < LONGEST_ANCHOR || is_first_found(&person.person.user, word, self.text);
            if is_new {
                self.people.push((position.clone(), person));
            }
            last = Some(position);
        }
        if page.next.is_some() {
            self.next = last;
            return Ok(false);
        }
        Ok(true)
    }
}

fn key_of((pk, sk): &(String, String)) -> Key {
    Key { pk: pk.clone(), sk: sk.clone() }
}

fn sort_key(item: &Item) -> Option<String> {
    item.get(SK)?.as_s().ok().cloned()
}

fn listed_of(item: Item) -> Result<(String, ListedPerson), StoreError> {
    let sk = sort_key(&item).ok_or_else(|| StoreError::Broken("an item has no key".to_owned()))?;
    Ok((sk, from_item::<PersonItem>(item)?.read()?))
}
