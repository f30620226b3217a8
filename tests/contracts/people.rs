use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use rolecall_domain::{
    account::{PersonName, Profile, User},
    ids::UserId,
    people::PeopleList,
    ports::{AccountChange, AccountStore, PeopleStore, StoreError},
    rng::SystemRng,
};
use rolecall_local::PlainHttp;
use rolecall_storage::Store;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::{account, id, members, now, pending_events, user};
use crate::support::{Json, TestApp, ask_dynamodb, counting_proxy::hand_over, options};

/// A table of its own, which nobody's stream is read of.
struct Alone {
    endpoint: String,
    table: String,
    _app: TestApp,
}

async fn alone() -> (Alone, Store) {
    let app = TestApp::start(options()).await;
    let endpoint = app.stack.dynamodb_endpoint().to_owned();
    let alone = Alone { endpoint, table: format!("people_{}", id::<()>()), _app: app };
    let store = alone.store_at(&alone.endpoint);
    store.ensure_table().await.unwrap();
    (alone, store)
}

impl Alone {
    fn store_at(&self, endpoint: &str) -> Store {
        Store::at_endpoint(endpoint, PlainHttp::default(), &self.table, Arc::new(SystemRng))
    }
}

fn named(first: &str, last: &str) -> Profile {
    let name = |text: &str| (!text.is_empty()).then(|| PersonName::parse(text).unwrap());
    Profile { first_name: name(first), last_name: name(last), ..Profile::default() }
}

/// What the lists have of somebody, by its keys.
async fn in_lists(alone: &Alone, user: UserId) -> BTreeMap<String, Value> {
    let (mut found, mut from) = (BTreeMap::new(), Value::Null);
    loop {
        let mut scan = json!({ "TableName": alone.table, "ConsistentRead": true });
        if !from.is_null() {
            scan["ExclusiveStartKey"] = from;
        }
        let mut page = ask_dynamodb(&alone.endpoint, "Scan", &scan).await;
        for item in page["Items"].as_array().unwrap() {
            let key = json!({ "PK": item["PK"], "SK": item["SK"] });
            if item["entity"]["S"] == "person" && item.text_of("SK/S").ends_with(&user.to_string())
            {
                found.insert(key.to_string(), item.clone());
            }
        }
        from = page["LastEvaluatedKey"].take();
        if from.is_null() {
            return found;
        }
    }
}

/// The same when all of it is written from nothing.
async fn anew(alone: &Alone, store: &Store, user: UserId) -> BTreeMap<String, Value> {
    let listed = json!({ "PK": { "S": format!("LISTED#{user}") }, "SK": { "S": "LISTED" } });
    let keys =
        in_lists(alone, user).await.into_keys().map(|key| serde_json::from_str(&key).unwrap());
    for key in keys.chain([listed]) {
        let delete = json!({ "TableName": alone.table, "Key": key });
        ask_dynamodb(&alone.endpoint, "DeleteItem", &delete).await;
    }
    assert!(in_lists(alone, user).await.is_empty());
    store.list_person(user, false).await.unwrap();
    in_lists(alone, user).await
}

/// Changes an account, whatever else does.
async fn rename(store: &Store, user: UserId, profile: Profile) {
    loop {
        let before = store.user(user).await.unwrap().unwrap();
        let after =
            User { profile: profile.clone(), version: before.version + 1, ..before.clone() };
        let pending_events = pending_events();
        let change = AccountChange::new(&before, &after, &pending_events);
        match store.change_account(&change, now(), id()).await {
            Ok(()) => return,
            Err(StoreError::Refused(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn whoever_changes_in_many_places_at_once_is_listed_as_they_are() {
    let (alone, store) = alone().await;
    let ada = members::member_of(&store, "ada", "ACME").await.user.id;
    for round in 0..5 {
        let mut at_once = JoinSet::new();
        for n in 0..6 {
            let store = store.clone();
            at_once.spawn(async move {
                rename(&store, ada, named(&format!("Ada {round}"), &format!("Nr {n}"))).await;
                store.list_person(ada, false).await
            });
        }
        while let Some(listed) = at_once.join_next().await {
            listed.unwrap().unwrap();
        }
        let lists = in_lists(&alone, ada).await;
        assert_eq!(lists, anew(&alone, &store, ada).await);
        assert!(lists.len() > 8, "{lists:#?}");
    }
}

/// A way to a DynamoDB that ends after so many calls.
struct Ending {
    far: String,
    client: reqwest::Client,
    left: AtomicUsize,
}

async fn hand_on(
    State(ending): State<Arc<Ending>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Bytes) {
    let left = |left: usize| left.checked_sub(1);
    if ending.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_err() {
        let refused = Bytes::from_static(b"{\"__type\":\"x#ResourceNotFoundException\"}");
        return (StatusCode::BAD_REQUEST, HeaderMap::new(), refused);
    }
    hand_over(&ending.client, &ending.far, &headers, body).await
}

/// A store that ends after so many calls.
async fn ending(alone: &Alone) -> (Arc<Ending>, Store, JoinSet<()>) {
    let ending = Arc::new(Ending {
        far: alone.endpoint.clone(),
        client: reqwest::Client::new(),
        left: AtomicUsize::new(0),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let store = alone.store_at(&format!("http://{}", listener.local_addr().unwrap()));
    let router = Router::new().fallback(hand_on).with_state(Arc::clone(&ending));
    let mut server = JoinSet::new();
    server.spawn(async move { drop(axum::serve(listener, router).await) });
    (ending, store, server)
}

/// Somebody in so many organizations that a transaction has no room for all of their items.
async fn in_many_lists(store: &Store) -> UserId {
    let person = members::member_of(store, "ada", "ACME0").await;
    let mut person = person;
    for n in 1..16 {
        members::member_of(store, &format!("other{n}"), &format!("ACME{n}")).await;
        person = members::join(store, &person, &format!("ACME{n}")).await;
    }
    person.user.id
}

#[tokio::test]
async fn what_stops_again_and_again_leaves_nothing_behind() {
    let (alone, store) = alone().await;
    let few = members::member_of(&store, "bob", "ACME").await.user.id;
    let many = in_many_lists(&store).await;
    let (ending, breaking, _server) = ending(&alone).await;
    for user in [few, many] {
        let mut stopped = 0;
        for calls in (0..7).chain([3, 3, 4, 4, 4, 5, 5]) {
            rename(&store, user, named(&format!("Ada {stopped}"), &format!("Nr {calls}"))).await;
            ending.left.store(calls, Ordering::SeqCst);
            stopped += usize::from(breaking.list_person(user, false).await.is_err());
        }
        assert!(stopped > 5, "{stopped}");
        store.list_person(user, false).await.unwrap();
        let lists = in_lists(&alone, user).await;
        assert_eq!(lists, anew(&alone, &store, user).await);
    }
    assert!(in_lists(&alone, many).await.len() > 100);
}

#[tokio::test]
async fn of_writers_of_whom_some_stop_none_leaves_anything_behind() {
    let (alone, store) = alone().await;
    for user in
        [members::member_of(&store, "bob", "ACME").await.user.id, in_many_lists(&store).await]
    {
        for round in 0..12_usize {
            let mut at_once = JoinSet::new();
            let mut servers = Vec::new();
            for n in 0..3 {
                let (ending, breaking, server) = ending(&alone).await;
                ending.left.store(3 + (round * 5 + n * 3) % 9, Ordering::SeqCst);
                servers.push(server);
                let store = store.clone();
                at_once.spawn(async move {
                    rename(&store, user, named(&format!("Ada {round}"), &format!("Nr {n}"))).await;
                    drop(breaking.list_person(user, false).await);
                });
            }
            while let Some(done) = at_once.join_next().await {
                done.unwrap();
            }
            store.list_person(user, false).await.unwrap();
            let lists = in_lists(&alone, user).await;
            assert_eq!(lists, anew(&alone, &store, user).await, "round {round}");
        }
    }
}

#[tokio::test]
async fn what_is_gone_from_the_lists_comes_back_when_they_are_filled_again() {
    let (alone, store) = alone().await;
    let ada = members::member_of(&store, "ada", "ACME").await.user.id;
    store.list_person(ada, false).await.unwrap();
    let lists = in_lists(&alone, ada).await;
    let lost: Value = serde_json::from_str(lists.keys().next().unwrap()).unwrap();
    let delete = json!({ "TableName": alone.table, "Key": lost });
    ask_dynamodb(&alone.endpoint, "DeleteItem", &delete).await;
    store.list_person(ada, false).await.unwrap();
    assert_eq!(in_lists(&alone, ada).await.len(), lists.len() - 1);
    store.list_person(ada, true).await.unwrap();
    assert_eq!(in_lists(&alone, ada).await, lists);
}

/// Everybody on the pages of a list, and that no page before the last one is empty.
async fn all_of(store: &Store, list: &PeopleList, limit: usize) -> Vec<User> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = store.listed(None, list, after.as_deref(), limit).await.unwrap();
        assert!(page.people.len() <= limit);
        assert!(page.next.is_none() || !page.people.is_empty(), "{list:?} by {limit}");
        all.extend(page.people.into_iter().map(|(_, one)| one.person.user));
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn a_search_finds_everybody_once_whatever_the_size_of_its_pages() {
    let (_alone, store) = alone().await;
    let mut people = Vec::new();
    let names = ["", "Ann", "Anna", "annabel", "Bo", "Bob", "Émile"];
    for (number, (first, last)) in
        names.iter().flat_map(|first| names.iter().map(move |last| (first, last))).enumerate()
    {
        let username = ["anna", "bob", "ann.bo", "zoe"][number % 4];
        let one =
            User { profile: named(first, last), ..user(&format!("{username}{}", number / 4)) };
        store.create_account(&account(&one), &pending_events(), None, now(), id()).await.unwrap();
        store.list_person(one.id, false).await.unwrap();
        people.push(one);
    }
    let long = User { profile: named("", &"ﷺ".repeat(100)), ..user("long") };
    store.create_account(&account(&long), &pending_events(), None, now(), id()).await.unwrap();
    store.list_person(long.id, false).await.unwrap();
    let both = User { profile: named("Ann", &"ﷺ".repeat(100)), ..user("longer") };
    store.create_account(&account(&both), &pending_events(), None, now(), id()).await.unwrap();
    store.list_person(both.id, false).await.unwrap();
    people.extend([long, both]);
    let ids = |users: &[User]| users.iter().map(|one| one.id).collect::<BTreeSet<_>>();
    for text in [
        "a",
        "an",
        "ANN",
        "anna",
        "anna ",
        "annab",
        "anna1",
        "b",
        "bob b",
        "é",
        "zoe1",
        "ann.bo1@example.com",
        "anna11@",
        "annabel annabel",
        "x",
        "\u{200b}",
        "ﷺﷺ",
    ] {
        let expected: Vec<User> =
            people.iter().filter(|one| one.is_found_by(text)).cloned().collect();
        for limit in [1, 2, 7, 200] {
            let found = all_of(&store, &PeopleList::Found(text.to_owned()), limit).await;
            assert_eq!(ids(&found), ids(&expected), "{text} by {limit}");
            assert_eq!(found.len(), expected.len(), "{text} by {limit}: somebody twice");
        }
    }
    let everybody = all_of(&store, &PeopleList::Everybody, 7).await;
    assert_eq!(ids(&everybody), ids(&people));
    assert!(everybody.iter().map(User::sort_name).is_sorted());
}
