use rolecall_domain::{
    clock::SignedDuration,
    mail::{Purpose, TokenHash},
    ports::{AccountStore, Owner},
    session::{Attempts, SourceFailures},
};

use super::{account, enclosed, id, mail, now, sign_up, table, user};

fn attempts(version: u64) -> Attempts {
    Attempts {
        version,
        failures: 20,
        device_failures: 1,
        locked_until: Some(now() + SignedDuration::from_mins(15)),
        unlock: Some(TokenHash::of(Purpose::Unlock, "t")),
        sources: vec![SourceFailures {
            name: "n".to_owned(),
            failures: 20,
            last: now(),
        }],
    }
}

#[tokio::test]
async fn failures_change_only_on_the_version_that_was_read_and_a_refusal_tells_what_is_there() {
    let (_app, store) = table().await;
    let email = user("nobody").email;
    let first = attempts(1);
    assert_eq!(
        store
            .put_attempts(&email, 0, &first, &enclosed())
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .put_attempts(&email, 0, &first, &enclosed())
            .await
            .unwrap(),
        Some(first.clone())
    );
    let record = store.login_record(&email).await.unwrap();
    assert!(matches!(record.owner, Owner::Nobody));
    assert_eq!(record.attempts, first);
    let nothing = Attempts::default();
    let now = now();
    let settle = async |read: &Attempts, next: Option<&Attempts>| {
        store
            .settle_attempts(&email, read, next, now)
            .await
            .unwrap()
    };
    assert_eq!(
        settle(&nothing, None).await,
        Some(first.clone()),
        "there were none"
    );
    assert_eq!(settle(&first, None).await, None, "as it was read");
    let forgiven = first.forgiven();
    assert_eq!(settle(&first, Some(&forgiven)).await, None);
    assert_eq!(
        store.login_record(&email).await.unwrap().attempts,
        Attempts {
            version: 2,
            ..Attempts::default()
        }
    );
    assert_eq!(
        settle(&first, Some(&forgiven)).await,
        None,
        "the same write again, after a lost answer"
    );
    assert_eq!(
        settle(
            &first,
            Some(&Attempts {
                failures: 1,
                ..forgiven.clone()
            })
        )
        .await,
        Some(forgiven),
        "it changed meanwhile"
    );
    assert_eq!(
        store
            .settle_attempts(&user("other").email, &nothing, None, now)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn a_failure_that_is_sent_twice_after_a_lost_answer_counts_once() {
    let (_app, store) = table().await;
    let (email, first, enclosed) = (user("nobody").email, attempts(1), enclosed());
    for _ in 0..2 {
        assert_eq!(
            store
                .put_attempts(&email, 0, &first, &enclosed)
                .await
                .unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn whoever_gets_an_address_gets_it_without_the_failures_of_before() {
    let (_app, store) = table().await;
    let (made, verified) = (user("made"), user("verified"));
    let waiting = sign_up(&verified, "t");
    for one in [&made, &verified] {
        store
            .put_attempts(&one.email, 0, &attempts(1), &enclosed())
            .await
            .unwrap();
    }
    store
        .create(&account(&made), &enclosed(), None, now(), id())
        .await
        .unwrap();
    store
        .put_sign_up(&waiting, &mail(&verified), &enclosed(), None, now(), id())
        .await
        .unwrap();
    store
        .activate(&waiting, &verified, &enclosed(), now(), id())
        .await
        .unwrap();
    for one in [&made, &verified] {
        assert_eq!(
            store.login_record(&one.email).await.unwrap().attempts,
            Attempts::default()
        );
    }
}

#[tokio::test]
async fn a_lock_ends_once_by_its_own_token_and_only_while_it_lasts() {
    let (_app, store) = table().await;
    let email = user("ada").email;
    let locked = attempts(1);
    store
        .put_attempts(&email, 0, &locked, &enclosed())
        .await
        .unwrap();
    let (right, wrong) = (
        TokenHash::of(Purpose::Unlock, "t"),
        TokenHash::of(Purpose::Unlock, "x"),
    );
    assert!(
        !store
            .unlock(&email, &wrong, &enclosed(), now())
            .await
            .unwrap()
    );
    assert!(
        !store
            .unlock(&email, &right, &enclosed(), locked.locked_until.unwrap())
            .await
            .unwrap()
    );
    assert!(
        store
            .unlock(&email, &right, &enclosed(), now())
            .await
            .unwrap()
    );
    assert!(
        !store
            .unlock(&email, &right, &enclosed(), now())
            .await
            .unwrap()
    );
    let left = store.login_record(&email).await.unwrap().attempts;
    assert_eq!(left, locked.forgiven());
}
