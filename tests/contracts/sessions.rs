use rolecall_domain::{
    activity::{Activity, Category, PLATFORM, Severity},
    clock::{SignedDuration, Timestamp},
    ids::UserId,
    ports::{Claim, Outbox, Rotated, SessionStore, Theft},
    session::{Client, Rotation, Session},
};

use super::{id, mail, now, table, user};

pub(super) fn session(user_id: UserId, at: Timestamp) -> Session {
    Session {
        id: id(),
        user_id,
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
    }
}

fn rotation(session: &Session, presented: u32, now: Timestamp) -> Rotation {
    Rotation { user_id: session.user_id, session_id: session.id, presented, now, lifetime: SignedDuration::from_hours(168) }
}

#[tokio::test]
async fn a_session_is_read_as_it_was_written_and_never_written_over() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start(&one).await.unwrap();
    let found = store.caller(one.user_id, one.id).await.unwrap();
    assert_eq!((found.session.as_ref(), found.user.is_none()), (Some(&one), true));
    store.start(&one).await.expect("the same write again, after a lost answer");
    store.rotate(rotation(&one, 0, now())).await.unwrap();
    assert!(store.start(&one).await.is_err());
    assert!(store.caller(one.user_id, id()).await.unwrap().session.is_none());
}

#[tokio::test]
async fn the_counter_moves_once_for_each_number() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start(&one).await.unwrap();
    let moved = futures::future::join_all((0..8).map(|_| store.rotate(rotation(&one, 0, now())))).await;
    let moved: Vec<_> = moved.into_iter().map(Result::unwrap).collect();
    assert_eq!(moved.iter().filter(|outcome| matches!(outcome, Rotated::Moved(_))).count(), 1);
    for outcome in moved {
        let (Rotated::Moved(state) | Rotated::Refused(Some(state))) = outcome else { panic!("a refusal tells the state") };
        assert_eq!(state.generation, 1);
    }
    assert!(matches!(store.rotate(rotation(&one, 2, now())).await.unwrap(), Rotated::Refused(Some(_))));
    assert!(matches!(store.rotate(rotation(&session(id(), now()), 0, now())).await.unwrap(), Rotated::Refused(None)));
}

#[tokio::test]
async fn nothing_moves_when_the_token_or_the_session_is_over_or_ended() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start(&one).await.unwrap();
    assert!(matches!(store.rotate(rotation(&one, 0, one.refresh_expires_at)).await.unwrap(), Rotated::Refused(Some(_))));
    store.end(one.user_id, one.id, now()).await.unwrap();
    store.end(one.user_id, one.id, now()).await.expect("again is no error");
    store.end(one.user_id, id(), now()).await.expect("an unknown one is none");
    let Rotated::Refused(Some(state)) = store.rotate(rotation(&one, 0, now())).await.unwrap() else { panic!("it moved") };
    assert!(state.ended_at.is_some());
}

#[tokio::test]
async fn a_use_is_noted_only_for_the_living_generation() {
    let (_app, store) = table().await;
    let one = session(id(), now());
    store.start(&one).await.unwrap();
    store.rotate(rotation(&one, 0, now())).await.unwrap();
    let read = async || store.caller(one.user_id, one.id).await.unwrap().session.unwrap();
    let later = now() + SignedDuration::from_mins(5);
    store.note_use(one.user_id, one.id, Some(2), later).await.unwrap();
    assert_eq!(read().await.access_used_generation, 0);
    store.note_use(one.user_id, one.id, Some(1), later).await.unwrap();
    assert_eq!((read().await.access_used_generation, read().await.last_activity), (1, later));
    store.note_use(one.user_id, one.id, None, now()).await.unwrap();
    assert_eq!(read().await.last_activity, later, "time does not go back");
}

#[tokio::test]
async fn a_theft_is_written_once_with_its_mail() {
    let (_app, store) = table().await;
    let ada = user("ada");
    let one = session(ada.id, now());
    store.start(&one).await.unwrap();
    let theft = || Theft {
        activity: Activity {
            id: id(),
            organization: PLATFORM,
            activity_type: "authn_token_reuse",
            category: Category::Security,
            severity: Severity::Critical,
            description: "x",
            success: false,
            user_id: ada.id,
            session_id: one.id,
            address: None,
            agent: None,
            at: now(),
        },
        mail: mail(&ada),
    };
    let (first, second) = (theft(), theft());
    store.end_for_theft(ada.id, one.id, &first, id()).await.unwrap();
    store.end_for_theft(ada.id, one.id, &second, id()).await.unwrap();
    assert!(store.caller(ada.id, one.id).await.unwrap().session.unwrap().ended_at.is_some());
    let later = now() + SignedDuration::from_mins(5);
    assert!(matches!(store.claim(second.mail.id, later, later).await.unwrap(), Claim::Done), "the second mail was never written");
}
