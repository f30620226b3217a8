use std::collections::BTreeMap;

use futures::{StreamExt, stream};
use rolecall_domain::{
    ids::UserId,
    ports::{PeopleStore, StoreError},
};

use crate::{Ports, jobs::batch::cause};

/// So many people are listed at the same time.
const AT_ONCE: usize = 8;

/// Brings the lists of people up to date, for those who changed and the place of the record that
/// first told so; the first place that is to come again.
pub(super) async fn update(ports: &Ports, changed: BTreeMap<UserId, usize>) -> Option<usize> {
    let list = |(user, place)| async move { (place, ports.store.list_person(user).await) };
    let listed: Vec<(usize, Result<(), StoreError>)> =
        stream::iter(changed).map(list).buffer_unordered(AT_ONCE).collect().await;
    let failed = listed.into_iter().filter_map(|(place, listed)| Some((place, listed.err()?)));
    failed.filter(|(_, error)| is_to_come_again(error)).map(|(place, _)| place).min()
}

fn is_to_come_again(error: &StoreError) -> bool {
    if error.is_for_good() {
        tracing::error!(entity = "person in a list", reason = error.to_string(), "given up");
        return false;
    }
    tracing::warn!(error = %error, cause = cause(error), "somebody was not listed; it will be \
        tried again");
    true
}
