//! Who did it and whom it was done to: in each record, by both filters, for one's own without a
//! right, and in records from before there were two.

use rolecall_domain::ports::{ActivityStore, OrganizationStore};
use serde_json::{Value, json};

use crate::{
    contracts::store_of,
    support::{Actor, Firm, Json, record_of_before},
};

/// What a filter finds, without the records of calls.
async fn found(who: &Actor, query: &str) -> Vec<Value> {
    let path = format!("/activities?limit=200&{query}");
    let mut found = who.get(&path).await.expect(200).json().items().clone();
    found.retain(|one| one["activity_type"] != "api_request");
    found
}

fn people(record: &Value) -> [&Value; 4] {
    ["user_id", "username", "subject_id", "subject_username"].map(|field| &record[field])
}

#[tokio::test]
async fn a_change_is_found_by_who_made_it_and_by_whom_it_was_made_to() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    boss.put(&format!("{}/roles/viewer", ada.at("MY_COMPANY")), json!({})).await.expect(201);
    boss.delete(&format!("{}/roles/viewer", ada.at("MY_COMPANY"))).await.expect(204);
    boss.put(&ada.at("MY_COMPANY"), json!({ "status": "suspended" })).await.expect(200);
    let changes = ["member_updated", "role_unassigned", "role_assigned"];
    let is_change = |one: &Value| changes.iter().any(|change| one["activity_type"] == *change);
    for query in [
        format!("user_id={}", boss.id),
        format!("subject_id={}", ada.id),
        format!("user_id={}&subject_id={}", boss.id, ada.id),
    ] {
        let mut all = found(&boss, &query).await;
        all.retain(is_change);
        assert_eq!(all.iter().map(|one| &one["activity_type"]).collect::<Vec<_>>(), changes);
        for one in &all {
            assert_eq!(
                people(one),
                [&json!(boss.id), &json!("boss"), &json!(ada.id), &json!("ada")],
                "{query}"
            );
            assert!(one["details"]["before"].is_object() && one["details"]["after"].is_object());
        }
    }
    for query in [format!("user_id={}", ada.id), format!("subject_id={}", boss.id)] {
        assert!(
            !found(&boss, &query)
                .await
                .iter()
                .any(|one| one["subject_id"] == json!(ada.id) && one["user_id"] == json!(boss.id))
        );
    }
}

#[tokio::test]
async fn a_stranger_has_no_user_id_and_what_one_does_to_oneself_has_both() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    firm.app.sign_in_with("ada", "not the password").await.expect(401);
    ada.patch("/me", json!({ "username": "ada.l" })).await.expect(200);
    ada.patch("/me", json!({ "bio": "Later" })).await.expect(200);
    let ada = ada.refreshed().await;
    let [id, none] = [json!(ada.id), Value::Null];
    for (activity_type, count, expected) in [
        ("authn_login_fail", 1, [&none, &none, &id, &json!("ada")]),
        ("authn_login_success", 2, [&id, &json!("ada"), &id, &json!("ada")]),
        // The name of then; a refresh has it from the account.
        ("user_updated", 2, [&id, &json!("ada.l"), &id, &json!("ada.l")]),
        ("session_renewed", 1, [&id, &json!("ada.l"), &id, &json!("ada.l")]),
    ] {
        firm.app.activities(activity_type, count).await;
        let query = format!("activity_type={activity_type}&organization=*&subject_id={}", ada.id);
        let all = found(&firm.root, &query).await;
        assert_eq!(people(&all[0]), expected, "{activity_type}");
    }
}

#[tokio::test]
async fn ones_own_needs_no_right_and_others_do() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let bob = firm.member("bob", "MY_COMPANY", &[]).await;
    boss.put(&format!("{}/roles/viewer", ada.at("MY_COMPANY")), json!({})).await.expect(201);
    boss.delete(&format!("{}/roles/viewer", ada.at("MY_COMPANY"))).await.expect(204);
    let own = ada.track(json!({ "activity_type": "mine" })).await;
    let other = bob.track(json!({ "activity_type": "mine" })).await;
    let query = format!("user_id={}&activity_type=mine", ada.id);
    assert_eq!(found(&ada, &query).await, std::slice::from_ref(&own));
    let done = found(&ada, &format!("subject_id={}&activity_type=role_assigned", ada.id)).await;
    assert_eq!(done[0]["username"], "boss");
    let one = |of: &Value| format!("/activities/{}", of.text_of("id"));
    assert_eq!(ada.get(&one(&own)).await.expect(200).json(), own);
    assert_eq!(ada.get(&one(&done[0])).await.expect(200).json(), done[0]);
    ada.get(&one(&other)).await.expect_problem(403, "forbidden");
    let nothing = "/activities/0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60";
    ada.get(nothing).await.expect_problem(403, "forbidden");
    let foreign = format!("/activities?user_id={}&organization=OTHER", ada.id);
    ada.get(&foreign).await.expect_problem(403, "forbidden");
    for query in ["", "activity_type=mine", &format!("user_id={}", bob.id)] {
        ada.get(&format!("/activities?{query}")).await.expect_problem(403, "forbidden");
    }
    // Theirs as well as one's own: what both have to do with.
    let both = format!("user_id={}&subject_id={}", boss.id, ada.id);
    assert_eq!(found(&ada, &both).await.len(), 2);
}

#[tokio::test]
async fn records_of_before_are_read_by_their_form() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let log = store_of(&firm.app).log_key("MY_COMPANY").await.unwrap();
    let [boss_id, ada_id, none] = [json!(boss.id), json!(ada.id), Value::Null];
    let cases = [
        // An administrator's change had the administrator in its details.
        ("role_assigned", &ada.id, json!({ "by": boss.id }), [&boss_id, &ada_id]),
        ("authn_login_unlock", &ada.id, json!({ "by": "operator" }), [&none, &ada_id]),
        ("authn_login_fail", &ada.id, json!({}), [&none, &ada_id]),
        ("authn_login_success", &ada.id, json!({}), [&ada_id, &ada_id]),
        ("role_created", &boss.id, json!({ "code": "x" }), [&boss_id, &none]),
        ("document_uploaded", &ada.id, json!({}), [&ada_id, &none]),
    ];
    for (activity_type, user, details, [actor, subject]) in cases {
        let id = record_of_before(&firm.app, log.as_str(), activity_type, user, &details).await;
        let one = boss.get(&format!("/activities/{id}")).await.expect(200).json();
        assert_eq!(people(&one), [actor, &none, subject, &none], "{activity_type}");
        // They lie by whom they concern.
        let filter = match (actor, subject) {
            (_, Value::String(subject)) => format!("subject_id={subject}"),
            (Value::String(actor), _) => format!("user_id={actor}"),
            _ => unreachable!(),
        };
        assert!(found(&boss, &filter).await.contains(&one), "{activity_type} by {filter}");
        // A function of before may have written it a moment ago, and `relay` indexes it.
        let (store, id) = (store_of(&firm.app), id.parse().unwrap());
        let activity = store.activity(log.as_str(), id).await.unwrap().unwrap();
        store.index_activity(&activity).await.unwrap();
        let mut now = found(&boss, &filter).await;
        now.retain(|found| found["id"] == one["id"]);
        assert_eq!(now, [one], "{activity_type} once, and the same");
    }
}
