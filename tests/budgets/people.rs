//! A search of people costs what it finds.

use rolecall_domain::{
    account::{PersonName, Profile, User},
    ports::{AccountStore, PeopleStore},
};
use rolecall_storage::Store;
use serde_json::{Value, json};

use super::{Budget, assert_within};
use crate::{
    contracts::{account, id, pending_events, store_of, user},
    support::{Firm, Json},
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
        store.list_person(one.id).await.unwrap();
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

/// What a page of 50 costs and how many it finds: 8 RRU beside the gate's 4, in two reads at most.
async fn costs(firm: &Firm) -> Vec<Value> {
    let budget = Budget { in_sequence: 3.0, read_units: 12.0, write_units: 0.0, argon2: 0.0 };
    let mut costs = Vec::new();
    // The first call of a minute is noted.
    firm.root.get("/me").await.expect(200);
    for query in SEARCHES {
        let page = firm.root.get(&format!("/users?limit=50&{query}")).await.expect(200).json();
        let cost = firm.app.cost_of("GET /api/v1/users").await;
        assert_within(&cost, &budget);
        costs.push(json!({ "query": query, "found": page.items().len(),
            "read_units": cost["read_units"], "in_sequence": cost["in_sequence"] }));
    }
    costs
}

async fn cost_the_same(few: usize, many: usize) {
    let firm = Firm::new().await;
    firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let store = store_of(&firm.app);
    fill(&store, 0..few).await;
    firm.root.get("/users").await.expect(200);
    let before = costs(&firm).await;
    fill(&store, few..many).await;
    let after = costs(&firm).await;
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
