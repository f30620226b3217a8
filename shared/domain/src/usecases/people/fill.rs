use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    model::{
        clock::{SignedDuration, after},
        people::Filling,
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// So many accounts are read at once, and so many are listed at the same time.
const PAGE: usize = 100;
const AT_ONCE: usize = 8;

/// A function of before is at work for so long at most while a stack is updated.
const UPDATED_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// How many accounts were gone through.
    pub listed: usize,
    /// How many of them can never be listed.
    pub failed: usize,
    /// Whether the lists have everybody else.
    pub is_done: bool,
}

/// Brings accounts that were there before the lists into them, at most so many. The next run goes
/// on. All are gone through twice: in the first pass a function of before may still change them.
///
/// `again` begins anew, and writes everything: the lists do not know of what a version from before
/// them changed, nor of what was on its way into them when the table was copied.
pub async fn fill_lists(
    ports: &Ports<impl Store, impl Crypto>,
    most: usize,
    again: bool,
) -> Result<Filled, StoreError> {
    let now = ports.clock.now();
    let known = if again { None } else { ports.store.filling().await? };
    let mut filling = known.unwrap_or(Filling { passes: 0, began: now, after: None, again });
    let is_early =
        filling.passes > 0 && filling.after.is_none() && now < after(filling.began, UPDATED_AFTER);
    let (mut listed, mut failed) = (0, 0);
    while !filling.is_done() && !is_early && listed < most {
        let ids = ports.store.directory(filling.after, PAGE).await?;
        let is_empty = ids.is_empty() && filling.after.is_none();
        listed += ids.len();
        filling.after = ids.last().copied();
        let is_last = ids.len() < PAGE;
        let again = filling.again;
        let list = |id| async move {
            match ports.store.list_person(id, again).await {
                // Whoever can never be listed keeps nobody else from it.
                Err(error) if error.is_for_good() => Ok(1),
                listed => listed.map(|()| 0),
            }
        };
        let each: Vec<usize> =
            stream::iter(ids).map(list).buffer_unordered(AT_ONCE).try_collect().await?;
        failed += each.iter().sum::<usize>();
        if is_empty {
            filling = Filling::done(now);
        } else if is_last {
            filling = Filling { passes: filling.passes + 1, began: now, after: None, again };
        }
        ports.store.note_filling(filling).await?;
        if is_last {
            break;
        }
    }
    Ok(Filled { listed, failed, is_done: filling.is_done() })
}
