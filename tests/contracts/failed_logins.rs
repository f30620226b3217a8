use rolecall_domain::{
    clock::SignedDuration,
    mail::{Purpose, TokenHash},
    ports::AccountStore,
    session::{FailedLogins, SourceFailures},
};

use super::{account, id, now, pending_events, table, user};

fn failed_logins(version: u64) -> FailedLogins {
    FailedLogins {
        version,
        failures: 20,
        device_failures: 1,
        locked_until: Some(now() + SignedDuration::from_mins(15)),
        unlock: Some(TokenHash::of(Purpose::Unlock, "t")),
        unlock_made_at: Some(now()),
        sources: vec![SourceFailures { name: "n".to_owned(), failures: 20, last: now() }],
    }
}

#[tokio::test]
async fn failures_change_only_on_the_version_that_was_read_and_a_refusal_tells_what_is_there() {
    let (_app, store) = table().await;
    let email = user("nobody").email;
    let first = failed_logins(1);
    assert_eq!(store.put_failed_logins(&email, 0, &first, &pending_events()).await.unwrap(), None);
    assert_eq!(
        store.put_failed_logins(&email, 0, &first, &pending_events()).await.unwrap(),
        Some(first.clone())
    );
    let record = store.login_record(&email).await.unwrap();
    assert!(record.owner.is_none());
    assert_eq!(record.failed_logins, first);
    let nothing = FailedLogins::default();
    let now = now();
    let settle = async |read: &FailedLogins, next: Option<&FailedLogins>| {
        store.settle_failed_logins(&email, read, next, now).await.unwrap()
    };
    assert_eq!(settle(&nothing, None).await, Some(first.clone()), "there were none");
    assert_eq!(settle(&first, None).await, None, "as it was read");
    let forgiven = first.forgiven();
    assert_eq!(settle(&first, Some(&forgiven)).await, None);
    assert_eq!(
        store.login_record(&email).await.unwrap().failed_logins,
        FailedLogins { version: 2, ..FailedLogins::default() }
    );
    assert_eq!(
        settle(&first, Some(&forgiven)).await,
        None,
        "the same write again, after a lost answer"
    );
    assert_eq!(
        settle(&first, Some(&FailedLogins { failures: 1, ..forgiven.clone() })).await,
        Some(forgiven),
        "it changed meanwhile"
    );
    assert_eq!(
        store.settle_failed_logins(&user("other").email, &nothing, None, now).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_failure_that_is_sent_twice_after_a_lost_answer_counts_once() {
    let (_app, store) = table().await;
    let (email, first, pending_events) = (user("nobody").email, failed_logins(1), pending_events());
    for _ in 0..2 {
        assert_eq!(
            store.put_failed_logins(&email, 0, &first, &pending_events).await.unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn whoever_gets_an_address_gets_it_without_the_failures_of_before() {
    let (_app, store) = table().await;
    let made = user("made");
    store.put_failed_logins(&made.email, 0, &failed_logins(1), &pending_events()).await.unwrap();
    store.create_account(&account(&made), &pending_events(), None, now(), id()).await.unwrap();
    let record = store.login_record(&made.email).await.unwrap();
    assert_eq!(record.failed_logins, FailedLogins::default());
}

#[tokio::test]
async fn a_lock_ends_once_by_its_own_token_and_only_while_it_lasts() {
    let (_app, store) = table().await;
    let email = user("ada").email;
    let locked = failed_logins(1);
    store.put_failed_logins(&email, 0, &locked, &pending_events()).await.unwrap();
    let (right, wrong) = (TokenHash::of(Purpose::Unlock, "t"), TokenHash::of(Purpose::Unlock, "x"));
    assert!(!store.unlock_account(&email, &wrong, None, &pending_events(), now()).await.unwrap());
    assert!(
        !store
            .unlock_account(&email, &right, None, &pending_events(), locked.locked_until.unwrap())
            .await
            .unwrap()
    );
    assert!(store.unlock_account(&email, &right, None, &pending_events(), now()).await.unwrap());
    assert!(!store.unlock_account(&email, &right, None, &pending_events(), now()).await.unwrap());
    let left = store.login_record(&email).await.unwrap().failed_logins;
    assert_eq!(left, locked.forgiven());
}
