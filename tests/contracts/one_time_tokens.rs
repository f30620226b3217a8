use rolecall_domain::{
    account::User,
    clock::SignedDuration,
    mail::Purpose,
    mail::TokenHash,
    ports::{AccountChange, AccountStore, Limits, OneTimeTokenStore},
    recovery::{OneTimeToken, Requested},
    throttle::Rule,
};

use super::{account, id, now, pending_events, refusal, table, user};

pub(super) fn one_time_token(user: &User, purpose: Purpose, token: &str) -> OneTimeToken {
    OneTimeToken {
        owner: user.id,
        purpose,
        token: TokenHash::of(purpose, token),
        email: user.email.clone(),
        credential: user.credential,
        epoch: user.epoch,
        new_email: None,
        made_at: now(),
        ends_at: now() + SignedDuration::from_mins(30),
        last_until: None,
    }
}

#[tokio::test]
async fn there_is_one_living_token_a_kind_and_three_an_hour() {
    let (_app, store) = table().await;
    let (ada, start) = (user("ada"), now());
    let put = async |token: &str, minutes: i64| {
        let at = start + SignedDuration::from_mins(minutes);
        store
            .put_one_time_token(
                &one_time_token(&ada, Purpose::ResetPassword, token),
                &pending_events(),
                at,
            )
            .await
            .unwrap()
    };
    let at = |minutes: i64| start + SignedDuration::from_mins(minutes);
    for (token, minutes) in [("a", 0), ("b", 10), ("c", 20), ("c", 20)] {
        assert_eq!(
            put(token, minutes).await,
            Requested::Done,
            "{token}: the same again is the same write"
        );
    }
    assert_eq!(put("d", 30).await, Requested::NotBefore(at(60)));
    let living =
        async || store.one_time_token(ada.id, Purpose::ResetPassword).await.unwrap().1.unwrap();
    assert_eq!(
        living().await.token,
        TokenHash::of(Purpose::ResetPassword, "c"),
        "the fourth changed nothing"
    );
    assert_eq!(living().await.last_until, Some(at(60)));
    assert_eq!(
        (put("e", 61).await, put("f", 65).await),
        (Requested::Done, Requested::NotBefore(at(70)))
    );
    assert_eq!(put("g", 71).await, Requested::Done);
    assert!(store.one_time_token(ada.id, Purpose::ChangeEmail).await.unwrap().1.is_none());
}

#[tokio::test]
async fn of_fifty_uses_of_a_token_at_once_one_changes_the_account() {
    let (_app, store) = table().await;
    let ada = user("ada");
    store.create_account(&account(&ada), &pending_events(), None, now(), id()).await.unwrap();
    let one_time_token = one_time_token(&ada, Purpose::ResetPassword, "t");
    store.put_one_time_token(&one_time_token, &pending_events(), now()).await.unwrap();
    let after = ada.with_new_password(now());
    let change = async || {
        let pending_events = pending_events();
        let uses = Some((one_time_token.purpose, &one_time_token.token));
        let change = AccountChange {
            password_hash: Some("$new"),
            uses,
            ..AccountChange::new(&ada, &after, &pending_events)
        };
        refusal(store.change_account(&change, now(), id()).await)
    };
    let outcomes = futures::future::join_all((0..50).map(|_| change())).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_none()).count(), 1);
    assert!(store.one_time_token(ada.id, Purpose::ResetPassword).await.unwrap().1.is_none());
}

#[tokio::test]
async fn every_one_that_is_counted_is_counted() {
    let (_app, store) = table().await;
    let (window, next) = (now(), now() + SignedDuration::from_mins(1));
    let counts = futures::future::join_all(
        (0..20).map(|_| store.count_use(Rule::Logins, "10.0.0.1", window)),
    )
    .await;
    let mut counts: Vec<u32> = counts.into_iter().map(Result::unwrap).collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=20).collect::<Vec<_>>());
    assert_eq!(store.count_use(Rule::Logins, "10.0.0.2", window).await.unwrap(), 1);
    assert_eq!(store.count_use(Rule::SignUps, "10.0.0.1", window).await.unwrap(), 1);
    assert_eq!(store.count_use(Rule::Logins, "10.0.0.1", next).await.unwrap(), 1);
}
