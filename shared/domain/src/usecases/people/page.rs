use crate::{
    model::{
        organization::LogKey,
        people::{ListedPerson, PeopleList},
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// One request looks at so many to fill a page; if few of them are asked for, it answers few and a
/// cursor.
const MOST_EXAMINED: usize = 400;

/// One request reads so often, also where nobody is found: what that costs has an end.
const MOST_READS: usize = 6;

/// What is read at once where few of many are asked for: about half of what DynamoDB answers.
const MOST_AT_ONCE: usize = 800;

/// A page of those of a list that `pick` takes, at most `limit`, behind a position; and where the
/// next page begins. A list without another filter is one read.
pub(crate) async fn page<T>(
    ports: &Ports<impl Store, impl Crypto>,
    organization: Option<&LogKey>,
    list: &PeopleList,
    mut after: Option<String>,
    limit: usize,
    pick: impl Fn(ListedPerson) -> Option<T>,
) -> Result<(Vec<T>, Option<String>), StoreError> {
    let (mut page, mut end, mut examined, mut reads) = (Vec::new(), None, 0, 0);
    // One more than the page tells whether another page follows.
    let mut batch = limit.saturating_add(1);
    loop {
        let found = ports.store.listed(organization, list, after.as_deref(), batch).await?;
        examined += found.people.len();
        reads += 1;
        for (position, one) in found.people {
            if let Some(one) = pick(one) {
                if page.len() == limit {
                    return Ok((page, end));
                }
                page.push(one);
                end = Some(position);
            }
        }
        after = found.next;
        let is_enough = reads == MOST_READS || (!page.is_empty() && examined >= MOST_EXAMINED);
        if after.is_none() || is_enough {
            return Ok((page, after));
        }
        batch = (batch * 4).min(MOST_AT_ONCE);
    }
}
