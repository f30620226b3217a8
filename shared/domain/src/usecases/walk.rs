//! Pages of what few of many are: lists with filters that no index has.

use crate::model::ids::UserId;

/// How many accounts are read at once: what a batch of DynamoDB takes.
pub(crate) const BATCH: usize = 100;

/// A request looks at so many at most; if few of them are asked for, it answers few and a cursor.
const MOST_EXAMINED: usize = 400;

/// What was read of a list by user id.
pub(crate) struct Walked<T> {
    /// Those that are asked for, by id.
    pub(crate) found: Vec<(UserId, T)>,
    /// How many there were.
    pub(crate) examined: usize,
    pub(crate) last: Option<UserId>,
}

/// A page of at most `limit` behind `after`, and where the next page begins. `read` reads so many
/// behind an id.
pub(crate) async fn walk<T, E, Read, Walking>(
    mut after: Option<UserId>,
    limit: usize,
    read: Read,
) -> Result<(Vec<T>, Option<UserId>), E>
where
    Read: Fn(Option<UserId>, usize) -> Walking,
    Walking: Future<Output = Result<Walked<T>, E>>,
{
    let (mut page, mut end, mut examined) = (Vec::new(), None, 0);
    // Mostly everybody is asked for: the first batch is the page and one more, which tells whether
    // another page follows.
    let mut batch = limit.saturating_add(1);
    loop {
        let walked = read(after, batch).await?;
        for (id, one) in walked.found {
            if page.len() == limit {
                return Ok((page, end));
            }
            page.push(one);
            end = Some(id);
        }
        if walked.examined < batch {
            return Ok((page, None));
        }
        after = walked.last;
        examined += walked.examined;
        if examined >= MOST_EXAMINED {
            return Ok((page, after));
        }
        batch = BATCH;
    }
}
