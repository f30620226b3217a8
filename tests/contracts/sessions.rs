use std::sync::Arc;

use rolecall_domain::{
    clock::{SignedDuration, Timestamp},
    ids::UserId,
    meter::Meter,
    ports::{Rotated, Seen, SessionStore, Use},
    session::{Client, Rotation, Session},
};

use super::{id, now, pending_events, table};
use crate::support::items;

pub(crate) fn session(user_id: UserId, at: Timestamp) -> Session {
    Session {
        id: id(),
        user_id,
        organization: None,
        organization_id: None,
        member_since: None,
        epoch: 0,
        generation: 0,
        rotated_at: at,
        access_used_generation: 0,
        refresh_expires_at: at + SignedDuration::from_hours(168),
        ends_at: at + SignedDuration::from_hours(720),
        ended_at: None,
        created_at: at,
        last_activity: at,
        client: Client::new(Some("127.0.0.1"), Some("curl/8")),
        page: None,
    }
}

fn rotation(session: &Session, presented: u32, now: Timestamp) -> Rotation {
    Rotation {
        user_id: session.user_id,
        session_id: session.id,
        presented,
        now,
        lifetime: SignedDuration::from_hours(168),
    }
}

fn usage(session: &Session, first_of: Option<u32>, at: Timestamp) -> Use {
    Use {
        user_id: session.user_id,
        session_id: session.id,
        first_of,
        seen: Some(seen(at)),
        first_page: None,
    }
}

fn seen(at: Timestamp) -> Seen {
    Seen { at, not_since: at - SignedDuration::from_mins(1), page: None }
}

#[tokio::test]
async fn a_session_is_read_as_it_was_written_and_never_written_over() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start_session(&one, &pending_events()).await.unwrap();
    let found = store.caller(one.user_id, Some(one.id), None).await.unwrap();
    assert_eq!((found.session.as_ref(), found.person.is_none()), (Some(&one), true));
    store
        .start_session(&one, &pending_events())
        .await
        .expect("the same write again, after a lost answer");
    store.rotate_session(rotation(&one, 0, now()), &pending_events()).await.unwrap();
    assert!(store.start_session(&one, &pending_events()).await.is_err());
    assert!(store.caller(one.user_id, Some(id()), None).await.unwrap().session.is_none());
}

#[tokio::test]
async fn the_counter_moves_once_for_each_number() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start_session(&one, &pending_events()).await.unwrap();
    let moved = futures::future::join_all((0..8).map(|_| async {
        store.rotate_session(rotation(&one, 0, now()), &pending_events()).await
    }))
    .await;
    let moved: Vec<_> = moved.into_iter().map(Result::unwrap).collect();
    assert_eq!(moved.iter().filter(|outcome| matches!(outcome, Rotated::Moved(_))).count(), 1);
    for outcome in moved {
        let (Rotated::Moved(state) | Rotated::Refused(Some(state))) = outcome else {
            panic!("a refusal tells the state")
        };
        assert_eq!(state.generation, 1);
    }
    assert!(matches!(
        store.rotate_session(rotation(&one, 2, now()), &pending_events()).await.unwrap(),
        Rotated::Refused(Some(_))
    ));
    assert!(matches!(
        store
            .rotate_session(rotation(&session(id(), now()), 0, now()), &pending_events())
            .await
            .unwrap(),
        Rotated::Refused(None)
    ));
}

#[tokio::test]
async fn nothing_moves_when_the_token_or_the_session_is_over_or_ended() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start_session(&one, &pending_events()).await.unwrap();
    assert!(matches!(
        store
            .rotate_session(rotation(&one, 0, one.refresh_expires_at), &pending_events())
            .await
            .unwrap(),
        Rotated::Refused(Some(_))
    ));
    store.end_session(one.user_id, one.id, &pending_events(), now()).await.unwrap();
    store
        .end_session(one.user_id, one.id, &pending_events(), now())
        .await
        .expect("again is no error");
    store
        .end_session(one.user_id, id(), &pending_events(), now())
        .await
        .expect("an unknown one is none");
    let Rotated::Refused(Some(state)) =
        store.rotate_session(rotation(&one, 0, now()), &pending_events()).await.unwrap()
    else {
        panic!("it moved")
    };
    assert!(state.ended_at.is_some());
}

#[tokio::test]
async fn a_use_is_noted_only_for_the_living_generation() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start_session(&one, &pending_events()).await.unwrap();
    store.rotate_session(rotation(&one, 0, now()), &pending_events()).await.unwrap();
    let read =
        async || store.caller(one.user_id, Some(one.id), None).await.unwrap().session.unwrap();
    let later = now() + SignedDuration::from_mins(5);
    store.note_use(&usage(&one, Some(2), later)).await.unwrap();
    assert_eq!(read().await.access_used_generation, 0);
    store.note_use(&usage(&one, Some(1), later)).await.unwrap();
    assert_eq!((read().await.access_used_generation, read().await.last_activity), (1, later));
    store.note_use(&usage(&one, None, later + SignedDuration::from_secs(59))).await.unwrap();
    assert_eq!(read().await.last_activity, later, "at most once a minute");
    store.note_use(&usage(&one, None, now())).await.unwrap();
    assert_eq!(read().await.last_activity, later, "time does not go back");
}

#[tokio::test]
async fn of_uses_at_the_same_moment_one_is_noted() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start_session(&one, &pending_events()).await.unwrap();
    let later = now() + SignedDuration::from_mins(5);
    let at = |n: i64| later + SignedDuration::from_millis(n);
    futures::future::join_all((0..20).map(|n| {
        let usage = usage(&one, None, at(n));
        let store = &store;
        async move { store.note_use(&usage).await.unwrap() }
    }))
    .await;
    let noted =
        store.caller(one.user_id, Some(one.id), None).await.unwrap().session.unwrap().last_activity;
    store.note_use(&usage(&one, None, at(1000))).await.unwrap();
    assert_eq!(
        store.caller(one.user_id, Some(one.id), None).await.unwrap().session.unwrap().last_activity,
        noted
    );
}

#[tokio::test]
async fn sessions_are_listed_newest_first_and_in_pages() {
    let (_app, store) = table().await;
    let user_id = id();
    let all: Vec<Session> =
        (0..5).map(|n| session(user_id, now() + SignedDuration::from_secs(n))).collect();
    let mut ids: Vec<_> = all.iter().map(|one| one.id.to_string()).collect();
    for one in all.iter().chain([&session(id(), now())]) {
        store.start_session(one, &pending_events()).await.unwrap();
    }
    ids.sort();
    ids.reverse();
    let first = store.sessions(user_id, None, 3).await.unwrap();
    let rest = store.sessions(user_id, first.last().map(|last| last.id), 3).await.unwrap();
    let listed: Vec<_> = first.iter().chain(&rest).map(|one| one.id.to_string()).collect();
    assert_eq!(listed, ids);
}

#[tokio::test]
async fn who_is_listed_as_living_is_told_by_the_write_itself_until_it_ends() {
    let (app, store) = table().await;
    let user_id = id();
    let all: Vec<Session> = (0..51).map(|_| session(user_id, now())).collect();
    for one in &all {
        store.start_session(one, &pending_events()).await.unwrap();
    }
    let listed = futures::future::join_all(all.iter().map(|one| store.list_living(one))).await;
    let mut most: Vec<_> = listed.into_iter().map(Result::unwrap).max_by_key(Vec::len).unwrap();
    most.sort();
    let mut ids: Vec<_> = all.iter().map(|one| one.id).collect();
    ids.sort();
    assert_eq!(most, ids, "the last of them saw all");
    // Sent again after a lost answer.
    let meter = Arc::new(Meter::default());
    let metered = store.metered(Arc::clone(&meter));
    assert_eq!(metered.list_living(&all[0]).await.unwrap().len(), 51);
    assert!(meter.cost().write_units <= 1.0, "a list at its cap: {:?}", meter.cost());
    for _ in 0..2 {
        store.end_session(user_id, ids[7], &pending_events(), now()).await.unwrap();
    }
    let left = store.list_living(&all[0]).await.unwrap();
    assert_eq!((left.len(), left.contains(&ids[7])), (50, false));
    // Ending one that was never listed makes no list.
    store.end_session(id(), id(), &pending_events(), now()).await.unwrap();
    let lists = items(&app).await.into_iter().filter(|item| item["entity"]["S"] == "living");
    assert_eq!(lists.count(), 1);
}
