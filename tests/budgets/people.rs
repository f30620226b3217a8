//! A search of people costs what it finds.

use rolecall_domain::{
    account::{PersonName, Profile, User},
    ports::{AccountStore, MemberStore, PeopleStore},
};
use rolecall_storage::Store;
use serde_json::{Value, json};

use super::{Budget, assert_within};
use crate::{
    contracts::{account, id, members, pending_events, store_of, user},
    support::{Actor, Firm, Json},
};

/// Puts accounts into the table as they are after a sign-up, from one number up to another.
async fn fill(store: &Store, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let name = |text: String| Some(PersonName::parse(&text).unwrap());
        let profile = Profile {
            first_name: name(format!("Person {number:05}")),
            last_name: name(format!("Family {number:05}")),
            ..Profile::default()
        };
        let one = User { profile, ..user(&format!("person{number:05}")) };
        let events = pending_events();
        store.create_account(&account(&one), &events, None, one.created_at, id()).await.unwrap();
        let person = store.user_with_memberships(one.id).await.unwrap().unwrap();
        members::join(store, &person, "MY_COMPANY").await;
        store.list_person(one.id, false).await.unwrap();
    }
}

const SEARCHES: [&str; 9] = [
    "",
    "status=active",
    "q=person",
    "q=person0000",
    "q=family%20000",
    "q=person00001@example.com",
    "q=family%2000002&status=active",
    "role=admin",
    "inactive_since=2999-01-01T00:00:00Z",
];

/// Of the members of an organization, which is looked up first.
const OF_MEMBERS: [&str; 5] =
    ["", "status=active", "q=person", "q=family%2000001", "department=Piping"];

/// What a page of 50 costs and how many it finds: 8 RRU beside the gate's 4, in two reads at most.
async fn costs(firm: &Firm, boss: &Actor) -> Vec<Value> {
    let mut costs = Vec::new();
    let members = "/organizations/MY_COMPANY/members";
    let route = "/organizations/{code}/members";
    for (who, list, route, reads, searches) in [
        (&firm.root, "/users", "/users", 2.0, SEARCHES.as_slice()),
        (boss, "/users", "/users", 2.0, SEARCHES.as_slice()),
        (boss, members, route, 3.0, OF_MEMBERS.as_slice()),
    ] {
        // The first call of a minute is noted.
        who.get("/me").await.expect(200);
        for query in searches {
            let page = who.get(&format!("{list}?limit=50&{query}")).await.expect(200).json();
            let cost = firm.app.cost_of(&format!("GET /api/v1{route}")).await;
            let in_sequence = 1.0 + reads;
            let budget = Budget { in_sequence, read_units: 12.0, write_units: 0.0, argon2: 0.0 };
            assert_within(&cost, &budget);
            costs.push(json!({ "list": list, "query": query, "found": page.items().len(),
                "read_units": cost["read_units"], "in_sequence": cost["in_sequence"] }));
        }
    }
    costs
}

async fn cost_the_same(few: usize, many: usize) {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let store = store_of(&firm.app);
    fill(&store, 0..few).await;
    firm.root.get("/users").await.expect(200);
    let before = costs(&firm, &boss).await;
    fill(&store, few..many).await;
    let after = costs(&firm, &boss).await;
    for (before, after) in before.iter().zip(&after) {
        let is_full = |cost: &Value| cost["found"] == 50;
        assert_eq!(before["found"], after["found"], "{before} {after}");
        // Names are as long as they are.
        let room = if is_full(after) { 0.5 } else { 0.0 };
        let units = |cost: &Value| cost.number_of("read_units");
        assert!(units(after) <= units(before) + room, "{before} {after}");
    }
}

#[tokio::test]
async fn a_page_of_people_costs_the_same_whatever_else_there_is() {
    cost_the_same(60, 600).await;
}

#[tokio::test]
#[ignore = "it takes minutes"]
async fn a_page_of_people_costs_the_same_at_two_and_at_twenty_thousand() {
    cost_the_same(2_000, 20_000).await;
}
