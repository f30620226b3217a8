//! The activity stream: what a group does within an hour is one entry, pinned ones first, and
//! whoever follows sees each once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Actor, Call, Firm, Json};

const FEED: &str = "/activity-streams?limit=200";

fn titles(page: &Value) -> Vec<&str> {
    page.each("display_title")
}

async fn get(who: &Actor, path: &str) -> Value {
    who.get(path).await.expect(200).json()
}

/// A page of the activity stream, once the entries of a type have taken `count` activities in all.
async fn filed(who: &Actor, activity_type: &str, count: u64) -> Value {
    let mut look = tokio::time::interval(std::time::Duration::from_millis(25));
    let filed = async {
        loop {
            look.tick().await;
            let page = get(who, FEED).await;
            let of_type = page.items().iter().filter(|one| one["activity_type"] == activity_type);
            if of_type.map(|one| one.count_of("group_count")).sum::<u64>() >= count {
                return page;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), filed)
        .await
        .expect("the stream is read")
}

fn patch(who: &Actor, entry: &Value, body: Value) -> Call {
    who.patch(&format!("/activity-streams/{}", entry.text_of("id")), body)
}

impl Actor {
    /// The entry of the activity stream that an activity opened or went into.
    pub(crate) async fn entry_of(&self, activity: &Value) -> Value {
        let page = filed(self, activity.text_of("activity_type"), 1).await;
        page.items().iter().find(|one| one["activity_id"] == activity["id"]).unwrap().clone()
    }
}

#[tokio::test]
async fn what_a_group_does_within_an_hour_is_one_entry() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let (ada, eve) =
        (firm.member("ada", "MY_COMPANY", &[]).await, firm.member("eve", "MY_COMPANY", &[]).await);
    ada.patch("/me", json!({ "first_name": "Ada", "last_name": "L" })).await;
    let first = ada.track(json!({})).await;
    // Not long enough for a token to end.
    firm.app.advance(600).await;
    eve.track(json!({})).await;
    ada.track(json!({ "success": false, "description": "It did not work." })).await;
    let second = ada.track(json!({ "description": "Another drawing.", "severity": "low" })).await;
    let page = filed(&boss, "document_uploaded", 4).await;
    let of_ada: Vec<&Value> = page.items().iter().filter(|one| one["group_count"] == 2).collect();
    assert_eq!(of_ada.len(), 1, "{page}");
    let user = &ada.id;
    let expected = json!({
        "id": of_ada[0]["id"], "organization": "MY_COMPANY", "activity_type": "document_uploaded",
            "activity_id": second["id"],
        "category": "data_management", "severity": "normal", "success": true, "user_id": user,
        "display_title": "Another drawing.", "display_subtitle": "Ada L", "icon": "file-text",
            "color": "green",
        "group_key": format!("document_uploaded:{user}"), "group_count": 2, "is_grouped": true,
            "is_public": true,
        "is_pinned": false, "created_at": first["created_at"], "updated_at": second["created_at"],
    });
    assert_eq!(*of_ada[0], expected);
    let one = ada.get(&format!("/activity-streams/{}", expected.text_of("id"))).await;
    assert_eq!(one.expect(200).json(), expected);
    let failed =
        page.items().iter().find(|one| one["display_title"] == "It did not work.").unwrap();
    assert_eq!(
        (&failed["group_count"], &failed["color"], &failed["is_public"]),
        (&json!(1), &json!("red"), &json!(false))
    );
    firm.app.advance(3000).await;
    let ada = ada.refreshed().await;
    ada.track(json!({ "description": "An hour later." })).await;
    let page = filed(&ada, "document_uploaded", 4).await;
    assert_eq!(
        titles(&page)[..3],
        ["An hour later.", "A drawing.", "Another drawing."],
        "newest first: {page}"
    );
}

#[tokio::test]
async fn private_entries_are_for_whoever_may_read_activities() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let lone = firm.app.signed_in("lone").await;
    ada.track(json!({ "description": "Seen." })).await;
    let secret = ada
        .track(json!({ "activity_type": "badge_lost", "description": "Hidden.",
            "category": "security" }))
        .await;
    let entry = boss.entry_of(&secret).await;
    let page = filed(&boss, "document_uploaded", 1).await;
    assert!(titles(&page).contains(&"Hidden.") && titles(&page).contains(&"Seen."), "{page}");
    let seen = get(&ada, FEED).await;
    assert!(titles(&seen).contains(&"Seen.") && !titles(&seen).contains(&"Hidden."), "{seen}");
    assert!(seen.items().iter().all(|one| one["is_public"] == true), "{seen}");
    let at = format!("/activity-streams/{}", entry.text_of("id"));
    boss.get(&at).await.expect(200);
    ada.get(&at).await.expect_problem(404, "not_found");
    ada.get("/activity-streams?organization=OTHER").await.expect_problem(403, "forbidden");
    boss.get("/activity-streams?organization=OTHER").await.expect_problem(403, "forbidden");
    assert_eq!(
        get(&lone, FEED).await["items"],
        json!([]),
        "what has no organization is its readers' alone"
    );
    let everything = firm.root.all("/activity-streams?organization=*&limit=3").await;
    assert!(
        everything.iter().any(|one| one["id"] == entry["id"])
            && everything.iter().any(|one| one["organization"] == "PLATFORM")
    );
    assert!(get(&firm.root, "/activity-streams?organization=*").await["follow_cursor"].is_null());
    patch(&ada, &entry, json!({ "is_public": true })).await.expect_problem(403, "forbidden");
    patch(&boss, &entry, json!({ "is_public": true })).await.expect(200);
    assert!(titles(&get(&ada, FEED).await).contains(&"Hidden."));
}

#[tokio::test]
async fn pinned_entries_come_first_and_stay() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    for n in 0..22 {
        boss.track(
            json!({ "activity_type": format!("news_{n}"), "description": format!("News {n}") }),
        )
        .await;
    }
    let page = filed(&boss, "news_21", 1).await;
    let entry = |title: &str| {
        page.items().iter().find(|one| one["display_title"] == title).unwrap().clone()
    };
    patch(&boss, &entry("News 3"), json!({ "is_pinned": true }))
        .header("If-Match", "\"7\"")
        .await
        .expect_problem(412, "stale");
    for title in ["News 3", "News 5"] {
        let pinned = patch(&boss, &entry(title), json!({ "is_pinned": true })).await.expect(200);
        assert_eq!((pinned.header("etag"), &pinned.json()["is_pinned"]), ("\"2\"", &json!(true)));
        patch(&boss, &entry(title), json!({ "is_pinned": true })).await.expect(200);
    }
    for limit in [1, 2, 3, 7, 200] {
        let all = boss.all(&format!("/activity-streams?limit={limit}")).await;
        let (pinned, others) = all.split_at(2);
        assert_eq!(titles(&json!({ "items": pinned })), ["News 5", "News 3"]);
        let ids: BTreeSet<&str> = all.iter().map(|one| one.text_of("id")).collect();
        assert_eq!(ids.len(), all.len(), "each once");
        assert!(others.is_sorted_by(|a, b| a["id"].as_str() > b["id"].as_str()), "newest first");
        assert!(others.len() >= 20);
    }
    let recorded = boss.all("/activities?activity_type=feed_changed").await;
    let newest = &recorded[0]["details"];
    assert_eq!(
        (recorded.len(), &newest["before"], &newest["after"]),
        (2, &json!({ "is_pinned": false }), &json!({ "is_pinned": true }))
    );
    for n in (0..22).filter(|n| ![3, 5].contains(n)).take(18) {
        patch(&boss, &entry(&format!("News {n}")), json!({ "is_pinned": true })).await.expect(200);
    }
    let refused = patch(&boss, &entry("News 21"), json!({ "is_pinned": true }))
        .await
        .expect_problem(422, "validation_failed");
    assert_eq!(refused.wrong_fields(), ["is_pinned: too_many"]);
    patch(&boss, &entry("News 3"), json!({ "is_pinned": false })).await.expect(200);
    patch(&boss, &entry("News 21"), json!({ "is_pinned": true })).await.expect(200);
    let refused = patch(&boss, &entry("News 21"), json!({ "display_title": "Mine" })).await;
    assert_eq!(
        refused.expect_problem(422, "validation_failed").wrong_fields(),
        ["display_title: unknown_field"]
    );
}

#[tokio::test]
async fn whoever_follows_sees_each_new_entry_once() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let start = get(&boss, "/activity-streams?limit=1").await;
    let cursor = |page: &Value| {
        format!("/activity-streams?limit=3&cursor={}", page.text_of("follow_cursor"))
    };
    let writers = (0..4).map(|writer| {
        let boss = &boss;
        async move {
            for n in 0..10 {
                boss.track(
                    json!({ "activity_type": format!("step_{writer}_{n}"), "description": "x" }),
                )
                .await;
            }
        }
    });
    let mut at = cursor(&start);
    let (mut seen, mut tracked) = (Vec::new(), futures::future::join_all(writers));
    let mut follow = async || {
        let page = get(&boss, &at).await;
        let items = page.items().clone();
        assert!(items.is_sorted_by(|a, b| a["id"].as_str() < b["id"].as_str()), "oldest first");
        at = cursor(&page);
        items
    };
    let mut is_done = false;
    while !is_done
        || seen
            .iter()
            .filter(|one: &&Value| one.text_of("activity_type").starts_with("step_"))
            .count()
            < 40
    {
        tokio::select! {
            _ = &mut tracked, if !is_done => is_done = true,
            items = follow() => seen.extend(items),
        }
    }
    let ids: BTreeSet<&str> = seen.iter().map(|one| one.text_of("id")).collect();
    assert_eq!(ids.len(), seen.len(), "each once");
    let steps: BTreeSet<&str> = seen
        .iter()
        .filter_map(|one| one["activity_type"].as_str()?.strip_prefix("step_"))
        .collect();
    assert_eq!(steps.len(), 40);
    assert_eq!(get(&boss, &at).await["items"], json!([]), "nothing is new");
    boss.track(json!({ "activity_type": "step_0_0", "description": "Folded." })).await;
    filed(&boss, "step_0_0", 2).await;
    assert_eq!(get(&boss, &at).await["items"], json!([]), "what is folded is no new entry");
    let other = firm.member("other", "OTHER", &["admin"]).await;
    other.get(&at).await.expect_problem(400, "invalid_cursor");
}
