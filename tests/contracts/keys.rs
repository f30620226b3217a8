use rolecall_domain::ports::KeyDirectory;

use super::{pending_events, table};

#[tokio::test]
async fn the_list_of_keys_changes_as_a_whole_under_its_version() {
    let (_app, store) = table().await;
    let list = store.public_keys().await.unwrap();
    assert_eq!((list.version, list.keys.len()), (1, 1), "the stack published its own");
    let mut next = list.without(&[]);
    next.keys.push(list.keys[0].clone());
    assert!(store.replace_keys(list.version, &next, &pending_events()).await.unwrap());
    assert!(
        !store.replace_keys(list.version, &next, &pending_events()).await.unwrap(),
        "it had moved"
    );
    assert!(!store.replace_keys(0, &next, &pending_events()).await.unwrap(), "there is one");
    assert_eq!(store.public_keys().await.unwrap(), next);
}
