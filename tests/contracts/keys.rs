use rolecall_domain::ports::{KeyDirectory, PublicKey};

use super::table;

#[tokio::test]
async fn published_keys_are_all_there_and_again_changes_nothing() {
    let (_app, store) = table().await;
    let own = store.public_keys().await.unwrap();
    assert_eq!(own.len(), 1, "the stack published its own");
    let next = PublicKey { kid: "a#b".to_owned(), n: "other".to_owned(), ..own[0].clone() };
    store.publish(&next).await.unwrap();
    store.publish(&PublicKey { n: "changed".to_owned(), ..next.clone() }).await.unwrap();
    let mut all = store.public_keys().await.unwrap();
    all.sort_by(|one, other| one.kid.cmp(&other.kid));
    let mut expected = vec![own[0].clone(), next];
    expected.sort_by(|one, other| one.kid.cmp(&other.kid));
    assert_eq!(all, expected);
}
