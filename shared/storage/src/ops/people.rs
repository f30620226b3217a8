use std::sync::atomic::Ordering;

use futures::future::try_join_all;
use rolecall_domain::{
    ids::UserId,
    organization::{LogKey, UserWithMemberships},
    people::{Filling, ListedPeople, ListedPerson, PeopleList, search_text},
    ports::{PeopleStore, Refused, StoreError},
};

use super::{members::member_of, update::Updated};
use crate::{
    items::{FillingItem, ListedItem, PersonItem, user_with_memberships_of},
    keys::{self, Key, SK},
    lists::{LONGEST_ANCHOR, Listing, is_first_found},
    query::Page,
    store::{CONFLICT_ATTEMPTS, Item, Store, from_item, number, to_item},
    transaction::{ABSENT, IntoWrite},
};

/// A transaction has a hundred writes, and one of them is the record.
const MOST_AT_ONCE: usize = 99;

impl PeopleStore for Store {
    async fn list_person(&self, user: UserId, again: bool) -> Result<(), StoreError> {
        for attempt in 0..CONFLICT_ATTEMPTS {
            match self.list_once(user, again).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                // Somebody else listed the same user meanwhile.
                Err(StoreError::Refused(Refused::Stale)) => self.back_off(attempt).await,
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Unavailable("the lists of a user changed too often".into()))
    }

    async fn listed(
        &self,
        organization: Option<&LogKey>,
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
        let people = page.items.into_iter().map(listed_of).collect::<Result<_, StoreError>>()?;
        Ok(ListedPeople { people, next })
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
    /// Brings the lists up to what a user is now, or to what was begun before; whether they are.
    /// Each write is conditioned on the record that was read, and counts it: of two at once one is
    /// refused, also where it read an older state and the other one found nothing to write.
    async fn list_once(&self, user: UserId, again: bool) -> Result<bool, StoreError> {
        // In this order: what is read of the account is not older than the record.
        let listed = self.get(&keys::listed(user)).await?;
        let listed = listed.map(from_item::<ListedItem>).transpose()?.unwrap_or_default();
        let Some(account) = self.get(&keys::user(user)).await? else {
            // No account is ever removed: this one is not there yet.
            return Ok(true);
        };
        let now = self.with_members(user_with_memberships_of(account)?).await?;
        let ListedItem { version, done, begun, .. } = listed;
        let done = done.map(Listing::of).transpose()?;
        let is_done = match &done {
            Some(done) => to_item(&done.card())? == to_item(&now.card())?,
            None => false,
        };
        if is_done && begun.is_none() && !again {
            let seen = ListedItem::new(user, version + 1, done.as_ref(), None);
            return match self.put_version(&seen, version).await? {
                Updated::Done(_) => Ok(true),
                Updated::Refused(_) => Err(Refused::Stale.into()),
            };
        }
        // What was begun is ended first: some of its items are there.
        let was_begun = begun.is_some();
        let target = match begun {
            Some(begun) => Listing::of(begun)?.with_documents_of(&now),
            None => now,
        };
        let changes = changes(done.as_ref(), &target, was_begun || again)?;
        self.write_listing(user, version, (done.as_ref(), &target), changes).await?;
        Ok(!was_begun)
    }

    /// Writes changes of lists, as many at once as a transaction has room for; the record says what
    /// is begun until all are there.
    async fn write_listing(
        &self,
        user: UserId,
        mut version: u64,
        (done, target): (Option<&Listing>, &Listing),
        changes: Vec<Change>,
    ) -> Result<(), StoreError> {
        let mut left = changes.into_iter().peekable();
        loop {
            let some: Vec<Change> = left.by_ref().take(MOST_AT_ONCE).collect();
            let is_last = left.peek().is_none();
            let record = if is_last {
                ListedItem::new(user, version + 1, Some(target), None)
            } else {
                ListedItem::new(user, version + 1, done, Some(target))
            };
            let record = self.put(&record)?;
            let record = match version {
                0 => record.condition_expression(ABSENT),
                before => record
                    .condition_expression("version = :before")
                    .expression_attribute_values(":before", number(before)),
            };
            let mut writes = vec![record.write()?];
            for change in some {
                writes.push(match change {
                    Change::Put(row) => self.put_item_write(row)?,
                    Change::Delete(key) => self.delete(&key).write()?,
                });
            }
            self.transact(writes, self.write_id()).await?;
            version += 1;
            if is_last {
                return Ok(());
            }
        }
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
        organization: Option<&LogKey>,
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
        organization: Option<&LogKey>,
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

/// A change of a list.
enum Change {
    Put(Item),
    Delete(Key),
}

/// What brings the lists from one state to another: what differs, or all of it.
fn changes(
    before: Option<&Listing>,
    after: &Listing,
    all: bool,
) -> Result<Vec<Change>, StoreError> {
    let known = before.map(Listing::rows).transpose()?.unwrap_or_default();
    let rows = after.rows()?;
    // As the record has them: of a document it knows by the version of its membership.
    let comparable = Listing::of(after.card())?.rows()?;
    let gone: Vec<Key> = known
        .keys()
        .filter(|at| !rows.contains_key(*at))
        .map(|(pk, sk)| Key { pk: pk.clone(), sk: sk.clone() })
        .collect();
    let new = rows.into_iter().filter(|(at, _)| all || known.get(at) != comparable.get(at));
    Ok(new.map(|(_, row)| Change::Put(row)).chain(gone.into_iter().map(Change::Delete)).collect())
}

fn sort_key(item: &Item) -> Option<String> {
    item.get(SK)?.as_s().ok().cloned()
}

fn listed_of(item: Item) -> Result<(String, ListedPerson), StoreError> {
    let sk = sort_key(&item).ok_or_else(|| StoreError::Broken("an item has no key".to_owned()))?;
    Ok((sk, from_item::<PersonItem>(item)?.read()?))
}
