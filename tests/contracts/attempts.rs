use rolecall_domain::{
    clock::SignedDuration,
    mail::{Purpose, TokenHash},
    ports::{AccountStore, Owner},
    session::{Attempts, SourceFailures},
};

use super::{enclosed, now, table, user};

fn attempts(version: u64) -> Attempts {
    Attempts {
        version,
        failures: 20,
        locked_until: Some(now() + SignedDuration::from_mins(15)),
        unlock: Some(TokenHash::of(Purpose::Unlock, "t")),
        sources: vec![SourceFailures { name: "n".to_owned(), failures: 20, last: now() }],
    }
}

#[tokio::test]
async fn failures_change_only_on_the_version_that_was_read_and_a_refusal_tells_what_is_there() {
    let (_app, store) = table().await;
    let email = user("nobody").email;
    let first = attempts(1);
    assert_eq!(store.put_attempts(&email, 0, &first, &enclosed()).await.unwrap(), None);
    assert_eq!(store.put_attempts(&email, 0, &first, &enclosed()).await.unwrap(), Some(first.clone()));
    let record = store.login_record(&email).await.unwrap();
    assert!(matches!(record.owner, Owner::Nobody));
    assert_eq!(record.attempts, first);
    let nothing = Attempts::default();
    assert_eq!(store.clear_attempts(&email, &nothing, now()).await.unwrap(), Some(first.clone()), "there were none");
    assert_eq!(store.clear_attempts(&email, &first, now()).await.unwrap(), None);
    let cleared = Attempts { version: 2, ..Attempts::default() };
    assert_eq!(store.login_record(&email).await.unwrap().attempts, cleared);
    assert_eq!(store.clear_attempts(&email, &cleared, now()).await.unwrap(), None, "as it was read");
    assert_eq!(store.clear_attempts(&email, &first, now()).await.unwrap(), Some(cleared), "it changed meanwhile");
    let other = user("other").email;
    assert_eq!(store.clear_attempts(&other, &nothing, now()).await.unwrap(), None);
}

#[tokio::test]
async fn a_lock_ends_once_by_its_own_token_and_only_while_it_lasts() {
    let (_app, store) = table().await;
    let email = user("ada").email;
    let locked = attempts(1);
    store.put_attempts(&email, 0, &locked, &enclosed()).await.unwrap();
    let (right, wrong) = (TokenHash::of(Purpose::Unlock, "t"), TokenHash::of(Purpose::Unlock, "x"));
    assert!(!store.unlock(&email, &wrong, &enclosed(), now()).await.unwrap());
    assert!(!store.unlock(&email, &right, &enclosed(), locked.locked_until.unwrap()).await.unwrap());
    assert!(store.unlock(&email, &right, &enclosed(), now()).await.unwrap());
    assert!(!store.unlock(&email, &right, &enclosed(), now()).await.unwrap());
    let left = store.login_record(&email).await.unwrap().attempts;
    assert_eq!((left.version, left.failures, left.locked_until, left.sources.len()), (2, 0, None, 0));
}
