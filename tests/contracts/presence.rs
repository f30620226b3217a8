use std::collections::BTreeSet;

use rolecall_domain::{
    clock::{SignedDuration, Timestamp},
    ids::{SessionId, UserId},
    organization::{LogKey, PLATFORM},
    ports::PresenceStore,
    session::Presence,
};

use super::{id, now, table};
use crate::support::{items, size_of};

fn presence(user_id: UserId, at: Timestamp) -> Presence {
    Presence { organization: LogKey::platform(), user_id, session_id: id(), at }
}

#[tokio::test]
async fn people_are_seen_once_in_pages_while_they_are_recent_and_in_their_organization() {
    let (_app, store) = table().await;
    let at = now();
    let recent: BTreeSet<String> = {
        let people: Vec<UserId> = (0..30).map(|_| id()).collect();
        for (n, person) in (0i64..).zip(&people) {
            for (slot, seconds) in [(1, n * 9), (2, n)] {
                let mut seen = presence(*person, at - SignedDuration::from_secs(seconds));
                // Two of one slot would be one: a thousand are told apart.
                let [start @ .., _, _] = *seen.session_id.as_bytes();
                let mut bytes = [0; 16];
                bytes[..14].copy_from_slice(&start);
                bytes[15] = slot;
                seen.session_id = SessionId::from_bytes(bytes);
                // One session twice.
                store.note_presence(&seen, 4).await.unwrap();
                store.note_presence(&seen, 4).await.unwrap();
            }
        }
        people.iter().map(ToString::to_string).collect()
    };
    store.note_presence(&presence(id(), at - SignedDuration::from_secs(301)), 4).await.unwrap();
    store
        .note_presence(
            &Presence { organization: LogKey::from_stored("OTHER"), ..presence(id(), at) },
            4,
        )
        .await
        .unwrap();
    let since = at - SignedDuration::from_mins(5);
    for shards in [4, 9] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let (people, next) =
                store.seen_users(PLATFORM, since, at, after, 7, shards).await.unwrap();
            assert!(people.len() <= 7);
            found.extend(people);
            after = next;
            if after.is_none() {
                break;
            }
        }
        let ids: Vec<String> = found.iter().map(|one| one.user_id.to_string()).collect();
        assert_eq!(ids, recent.iter().cloned().collect::<Vec<_>>(), "{shards} shards");
        assert!(found.iter().all(|one| one.sessions.len() == 2), "each session once");
    }
}

#[tokio::test]
async fn a_thousand_sessions_of_somebody_are_one_small_item() {
    let (app, store) = table().await;
    let (at, person) = (now(), id());
    for _ in 0..2000 {
        store.note_presence(&presence(person, at), 1).await.unwrap();
    }
    let all = items(&app).await;
    let item = all.iter().find(|item| item["entity"]["S"] == "presence").unwrap();
    let slots = item.as_object().unwrap().keys().filter(|name| name.starts_with("session_"));
    assert!((700..=1000).contains(&slots.count()));
    assert!(size_of(item) < 96 * 1024);
}

#[tokio::test]
async fn of_many_sessions_of_somebody_the_ones_used_last_are_told() {
    let (_app, store) = table().await;
    let (at, person) = (now(), id());
    let mut last = BTreeSet::new();
    for n in 0..60 {
        let seen = presence(person, at - SignedDuration::from_secs(n));
        store.note_presence(&seen, 1).await.unwrap();
        if n < 45 {
            last.insert(seen.session_id);
        }
    }
    let since = at - SignedDuration::from_mins(5);
    let (seen, _) = store.seen_users(PLATFORM, since, at, None, 50, 1).await.unwrap();
    let told: BTreeSet<_> = seen[0].sessions.iter().copied().collect();
    assert_eq!(told.len(), 50);
    // Two of one slot are one, which is rare.
    assert!(last.difference(&told).count() <= 5);
}
