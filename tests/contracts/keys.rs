use rolecall_domain::ports::{KeyDirectory, Refused};

use super::{pending_events, refusal, table};

#[tokio::test]
async fn the_list_of_keys_changes_as_a_whole_under_its_version() {
    let (_app, store) = table().await;
    let list = store.public_keys().await.unwrap();
    assert_eq!((list.version, list.keys.len()), (1, 1), "the stack published its own");
    let mut next = list.without(&[]);
    next.keys.push(list.keys[0].clone());
    assert_eq!(refusal(store.replace_keys(list.version, &next, &pending_events()).await), None);
    assert_eq!(
        refusal(store.replace_keys(list.version, &next, &pending_events()).await),
        Some(Refused::Stale),
        "it had moved"
    );
    assert_eq!(
        refusal(store.replace_keys(0, &next, &pending_events()).await),
        Some(Refused::Stale),
        "there is one"
    );
    assert_eq!(store.public_keys().await.unwrap(), next);
}
