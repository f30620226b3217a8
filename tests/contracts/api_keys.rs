//! The suite of [`ApiKeyStore`].

use rolecall_domain::{
    account::UserKind,
    activity::PendingEvents,
    api_key::{ApiKey, DueReminder, KeyText, Networks, Scopes, ends_after},
    clock::{SignedDuration, Timestamp},
    code::Code,
    ids::{ApiKeyId, UserId},
    ports::{ApiKeyStore, Refused},
    words::Line,
};

use super::{id, mail, now, refusal, table, user};

fn key(owner: UserId, days: u16, at: Timestamp) -> ApiKey {
    let text =
        KeyText { kind: UserKind::Human, owner, id: id(), organization: None, secret: [7; 32] };
    ApiKey {
        id: text.id,
        owner,
        name: Line::parse("CI").unwrap(),
        organization: Code::parse("ACME").unwrap(),
        organization_id: Some(id()),
        member_since: Some(at),
        scopes: Scopes::new(vec![Code::parse("pid.read").unwrap()]).unwrap(),
        networks: Networks::new(vec!["192.0.2.0/24".parse().unwrap()]).unwrap(),
        secret: text.hash(),
        former: None,
        days,
        created_by: owner,
        issued_by: owner,
        created_at: at,
        rotated_at: None,
        ends_at: ends_after(at, days),
        last_used_at: None,
        version: 1,
    }
}

#[tokio::test]
async fn a_key_is_put_once_on_the_list_that_was_read_and_comes_back_as_it_went_in() {
    let (_app, store) = table().await;
    let (owner, at, events) = (id(), now(), PendingEvents::none());
    let [one, other] = [key(owner, 90, at), key(owner, 2, at)];
    store.put_api_key(0, &one, &events, None, at, id()).await.unwrap();
    let late = store.put_api_key(0, &other, &events, None, at, id()).await;
    assert_eq!(refusal(late), Some(Refused::Stale));
    store.put_api_key(1, &other, &events, None, at, id()).await.unwrap();
    let again = store.put_api_key(2, &one, &events, None, at, id()).await;
    assert_eq!(refusal(again), Some(Refused::Stale), "never over one that is there");
    let owned = store.api_keys(owner).await.unwrap();
    assert_eq!((owned.keys.len(), owned.version), (2, 2));
    assert!(owned.keys.contains(&one) && owned.keys.contains(&other));
    assert_eq!(store.api_key(owner, one.id).await.unwrap(), Some(one));
    assert!(store.api_keys(id()).await.unwrap().keys.is_empty());
}

#[tokio::test]
async fn a_key_is_rotated_and_deleted_on_the_version_that_was_read_with_its_reminder() {
    let (_app, store) = table().await;
    let (owner, at, events) = (id(), now(), PendingEvents::none());
    let first = key(owner, 90, at);
    store.put_api_key(0, &first, &events, None, at, id()).await.unwrap();
    let due = async |at: Timestamp| store.due_reminders(at, None, 10).await.unwrap();
    let reminder = |key: &ApiKey| key.reminder().unwrap();
    assert!(due(reminder(&first).at - SignedDuration::from_millis(1)).await.is_empty());
    assert_eq!(due(reminder(&first).at).await, [reminder(&first)]);
    let later = at + SignedDuration::from_hours(48);
    let secret =
        KeyText { kind: UserKind::Human, owner, id: first.id, organization: None, secret: [8; 32] };
    let second = first.rotated(secret.hash(), SignedDuration::from_hours(1), later);
    store.rotate_api_key(&first, &second, &events, None, later, id()).await.unwrap();
    assert_eq!(store.api_key(owner, first.id).await.unwrap(), Some(second.clone()));
    assert_eq!(due(reminder(&second).at).await, [reminder(&second)], "that of before is gone");
    let late = store.rotate_api_key(&first, &second, &events, None, later, id()).await;
    assert_eq!(refusal(late), Some(Refused::Stale));
    let late = store.delete_api_key(&first, &events, id()).await;
    assert_eq!(refusal(late), Some(Refused::Stale));
    store.delete_api_key(&second, &events, id()).await.unwrap();
    assert_eq!(store.api_key(owner, first.id).await.unwrap(), None);
    assert!(due(reminder(&second).at).await.is_empty());
    let twice = store.delete_api_key(&second, &events, id()).await;
    assert_eq!(refusal(twice), Some(Refused::Stale));
}

#[tokio::test]
async fn the_use_of_a_key_is_noted_forward_and_brings_none_back() {
    let (_app, store) = table().await;
    let (owner, at, events) = (id(), now(), PendingEvents::none());
    let one = key(owner, 90, at);
    store.put_api_key(0, &one, &events, None, at, id()).await.unwrap();
    let used = async || store.api_key(owner, one.id).await.unwrap().map(|key| key.last_used_at);
    let later = at + SignedDuration::from_hours(2);
    for (noted, known) in [(later, later), (at, later)] {
        store.note_key_use(&one, noted).await.unwrap();
        assert_eq!(used().await, Some(Some(known)));
    }
    store.delete_api_key(&one, &events, id()).await.unwrap();
    store.note_key_use(&one, later).await.unwrap();
    assert_eq!(used().await, None);
}

#[tokio::test]
async fn a_reminder_is_mailed_once() {
    let (_app, store) = table().await;
    let (owner, at, events) = (id(), now(), PendingEvents::none());
    let one = key(owner, 90, at);
    store.put_api_key(0, &one, &events, None, at, id()).await.unwrap();
    let due: DueReminder = one.reminder().unwrap();
    let [first, second] = [mail(&user("ada")), mail(&user("bob"))];
    store.end_reminder(due, Some(&first), id()).await.unwrap();
    let again = store.end_reminder(due, Some(&second), id()).await;
    assert_eq!(refusal(again), Some(Refused::Stale));
    let unknown = DueReminder { key: ApiKeyId::from_bytes([1; 16]), ..due };
    assert_eq!(refusal(store.end_reminder(unknown, None, id()).await), Some(Refused::Stale));
    assert!(store.due_reminders(due.at, None, 10).await.unwrap().is_empty());
}
