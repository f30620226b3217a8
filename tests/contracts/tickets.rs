use rolecall_domain::{
    account::User,
    clock::SignedDuration,
    mail::TokenHash,
    ports::{AccountChange, AccountStore, Limits, TicketStore, Update},
    recovery::{Asked, Ticket, TicketKind},
    throttle::Rule,
};

use super::{account, enclosed, id, now, table, user};

pub(super) fn ticket(user: &User, kind: TicketKind, token: &str) -> Ticket {
    Ticket {
        owner: user.id,
        kind,
        token: TokenHash::of(kind.purpose(), token),
        email: user.email.clone(),
        credential: user.credential,
        epoch: user.epoch,
        new_email: None,
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
            .put_ticket(
                &ticket(&ada, TicketKind::ResetPassword, token),
                &enclosed(),
                at,
            )
            .await
            .unwrap()
    };
    let at = |minutes: i64| start + SignedDuration::from_mins(minutes);
    for (token, minutes) in [("a", 0), ("b", 10), ("c", 20), ("c", 20)] {
        assert_eq!(
            put(token, minutes).await,
            Asked::Done,
            "{token}: the same again is the same write"
        );
    }
    assert_eq!(put("d", 30).await, Asked::NotBefore(at(60)));
    let living = async || {
        store
            .ticket(ada.id, TicketKind::ResetPassword)
            .await
            .unwrap()
            .1
            .unwrap()
    };
    assert_eq!(
        living().await.token,
        TokenHash::of(TicketKind::ResetPassword.purpose(), "c"),
        "the fourth changed nothing"
    );
    assert_eq!(living().await.last_until, Some(at(60)));
    assert_eq!(
        (put("e", 61).await, put("f", 65).await),
        (Asked::Done, Asked::NotBefore(at(70)))
    );
    assert_eq!(put("g", 71).await, Asked::Done);
    assert!(
        store
            .ticket(ada.id, TicketKind::ChangeEmail)
            .await
            .unwrap()
            .1
            .is_none()
    );
}

#[tokio::test]
async fn of_fifty_uses_of_a_token_at_once_one_changes_the_account() {
    let (_app, store) = table().await;
    let ada = user("ada");
    store
        .create(&account(&ada), &enclosed(), None, now(), id())
        .await
        .unwrap();
    let ticket = ticket(&ada, TicketKind::ResetPassword, "t");
    store.put_ticket(&ticket, &enclosed(), now()).await.unwrap();
    let after = ada.with_new_password(now());
    let change = async || {
        let enclosed = enclosed();
        let uses = Some((ticket.kind, &ticket.token));
        let change = AccountChange {
            password_hash: Some("$new"),
            uses,
            ..AccountChange::new(&ada, &after, &enclosed)
        };
        store.change(&change, now(), id()).await.unwrap()
    };
    let outcomes = futures::future::join_all((0..50).map(|_| change())).await;
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| **outcome == Update::Done)
            .count(),
        1
    );
    assert!(
        store
            .ticket(ada.id, TicketKind::ResetPassword)
            .await
            .unwrap()
            .1
            .is_none()
    );
}

#[tokio::test]
async fn every_one_that_is_counted_is_counted() {
    let (_app, store) = table().await;
    let (window, next) = (now(), now() + SignedDuration::from_mins(1));
    let counts =
        futures::future::join_all((0..20).map(|_| store.count(Rule::Logins, "10.0.0.1", window)))
            .await;
    let mut counts: Vec<u32> = counts.into_iter().map(Result::unwrap).collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=20).collect::<Vec<_>>());
    assert_eq!(
        store.count(Rule::Logins, "10.0.0.2", window).await.unwrap(),
        1
    );
    assert_eq!(
        store
            .count(Rule::SignUps, "10.0.0.1", window)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        store.count(Rule::Logins, "10.0.0.1", next).await.unwrap(),
        1
    );
}
