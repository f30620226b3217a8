//! The activity stream: what a group does within an hour is one entry, pinned ones first, and
//! whoever follows sees each once.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::Firm;

const FEED: &str = "activity-streams?limit=200";

fn titles(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["display_title"].as_str().unwrap())
        .collect()
}

async fn get(firm: &Firm, who: &Value, path: &str) -> Value {
    firm.send(who, Method::GET, path, None).await.expect(200).json()
}

/// A page of the activity stream, once the entries of a type have taken `count` activities in all.
async fn filed(firm: &Firm, who: &Value, activity_type: &str, count: u64) -> Value {
    let mut look = tokio::time::interval(std::time::Duration::from_millis(25));
    let filed = async {
        loop {
            look.tick().await;
            let page = get(firm, who, FEED).await;
            let of_type = page["items"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| one["activity_type"] == activity_type);
            if of_type.map(|one| one["group_count"].as_u64().unwrap()).sum::<u64>() >= count {
                return page;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), filed)
        .await
        .expect("the stream is read")
}

async fn patch(firm: &Firm, who: &Value, entry: &Value, body: Value) -> crate::support::Response {
    firm.send(
        who,
        Method::PATCH,
        &format!("activity-streams/{}", entry["id"].as_str().unwrap()),
        Some(body),
    )
    .await
}

impl Firm {
    /// The entry of the activity stream that an activity opened or went into.
    pub(crate) async fn entry_of(&self, who: &Value, activity: &Value) -> Value {
        let page = filed(self, who, activity["activity_type"].as_str().unwrap(), 1).await;
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["activity_id"] == activity["id"])
            .unwrap()
            .clone()
    }
}

#[tokio::test]
async fn what_a_group_does_within_an_hour_is_one_entry() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let (ada, eve) =
        (firm.member("ada", "MY_COMPANY", &[]).await, firm.member("eve", "MY_COMPANY", &[]).await);
    firm.app
        .patch_as(
            ada["access"].as_str().unwrap(),
            "/api/v1/me",
            &json!({ "first_name": "Ada", "last_name": "L" }),
        )
        .await;
    let first = firm.track(&ada, json!({})).await;
    // Not long enough for a token to end.
    firm.app.advance(600).await;
    firm.track(&eve, json!({})).await;
    firm.track(&ada, json!({ "success": false, "description": "It did not work." })).await;
    let second =
        firm.track(&ada, json!({ "description": "Another drawing.", "severity": "low" })).await;
    let page = filed(&firm, &boss, "document_uploaded", 4).await;
    let of_ada: Vec<&Value> =
        page["items"].as_array().unwrap().iter().filter(|one| one["group_count"] == 2).collect();
    assert_eq!(of_ada.len(), 1, "{page}");
    let user = ada["user"]["id"].as_str().unwrap();
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
    let one = firm
        .send(
            &ada,
            Method::GET,
            &format!("activity-streams/{}", expected["id"].as_str().unwrap()),
            None,
        )
        .await;
    assert_eq!(one.expect(200).json(), expected);
    let failed = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["display_title"] == "It did not work.")
        .unwrap();
    assert_eq!(
        (&failed["group_count"], &failed["color"], &failed["is_public"]),
        (&json!(1), &json!("red"), &json!(false))
    );
    firm.app.advance(3000).await;
    let ada = firm.app.refresh(&ada["refresh"]).await.expect(200).json();
    firm.track(&ada, json!({ "description": "An hour later." })).await;
    let page = filed(&firm, &ada, "document_uploaded", 4).await;
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
    firm.track(&ada, json!({ "description": "Seen." })).await;
    let secret = firm
        .track(
            &ada,
            json!({ "activity_type": "badge_lost", "description": "Hidden.",
            "category": "security" }),
        )
        .await;
    let entry = firm.entry_of(&boss, &secret).await;
    let page = filed(&firm, &boss, "document_uploaded", 1).await;
    assert!(titles(&page).contains(&"Hidden.") && titles(&page).contains(&"Seen."), "{page}");
    let seen = get(&firm, &ada, FEED).await;
    assert!(titles(&seen).contains(&"Seen.") && !titles(&seen).contains(&"Hidden."), "{seen}");
    assert!(seen["items"].as_array().unwrap().iter().all(|one| one["is_public"] == true), "{seen}");
    let at = format!("activity-streams/{}", entry["id"].as_str().unwrap());
    firm.send(&boss, Method::GET, &at, None).await.expect(200);
    firm.send(&ada, Method::GET, &at, None).await.expect_problem(404, "not_found");
    firm.send(&ada, Method::GET, "activity-streams?organization=OTHER", None)
        .await
        .expect_problem(403, "forbidden");
    firm.send(&boss, Method::GET, "activity-streams?organization=OTHER", None)
        .await
        .expect_problem(403, "forbidden");
    assert_eq!(
        get(&firm, &lone, FEED).await["items"],
        json!([]),
        "what has no organization is its readers' alone"
    );
    let everything = firm.all(&firm.root, "activity-streams?organization=*&limit=3").await;
    assert!(
        everything.iter().any(|one| one["id"] == entry["id"])
            && everything.iter().any(|one| one["organization"] == "PLATFORM")
    );
    assert!(
        get(&firm, &firm.root, "activity-streams?organization=*").await["follow_cursor"].is_null()
    );
    patch(&firm, &ada, &entry, json!({ "is_public": true })).await.expect_problem(403, "forbidden");
    patch(&firm, &boss, &entry, json!({ "is_public": true })).await.expect(200);
    assert!(titles(&get(&firm, &ada, FEED).await).contains(&"Hidden."));
}

#[tokio::test]
async fn pinned_entries_come_first_and_stay() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    for n in 0..22 {
        firm.track(
            &boss,
            json!({ "activity_type": format!("news_{n}"), "description": format!("News {n}") }),
        )
        .await;
    }
    let page = filed(&firm, &boss, "news_21", 1).await;
    let entry = |title: &str| {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["display_title"] == title)
            .unwrap()
            .clone()
    };
    let stale = firm.app.request(
        Method::PATCH,
        &format!("/api/v1/activity-streams/{}", entry("News 3")["id"].as_str().unwrap()),
    );
    let stale = stale
        .bearer_auth(boss["access"].as_str().unwrap())
        .header("If-Match", "\"7\"")
        .json(&json!({ "is_pinned": true }));
    firm.app.send(stale).await.expect_problem(412, "stale");
    for title in ["News 3", "News 5"] {
        let pinned =
            patch(&firm, &boss, &entry(title), json!({ "is_pinned": true })).await.expect(200);
        assert_eq!((pinned.header("etag"), &pinned.json()["is_pinned"]), ("\"2\"", &json!(true)));
        patch(&firm, &boss, &entry(title), json!({ "is_pinned": true })).await.expect(200);
    }
    for limit in [1, 2, 3, 7, 200] {
        let all = firm.all(&boss, &format!("activity-streams?limit={limit}")).await;
        let (pinned, others) = all.split_at(2);
        assert_eq!(titles(&json!({ "items": pinned })), ["News 5", "News 3"]);
        let ids: BTreeSet<&str> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), all.len(), "each once");
        assert!(others.is_sorted_by(|a, b| a["id"].as_str() > b["id"].as_str()), "newest first");
        assert!(others.len() >= 20);
    }
    let recorded = firm.all(&boss, "activities?activity_type=feed_changed").await;
    let newest = &recorded[0]["details"];
    assert_eq!(
        (recorded.len(), &newest["before"], &newest["after"]),
        (2, &json!({ "is_pinned": false }), &json!({ "is_pinned": true }))
    );
    for n in (0..22).filter(|n| ![3, 5].contains(n)).take(18) {
        patch(&firm, &boss, &entry(&format!("News {n}")), json!({ "is_pinned": true }))
            .await
            .expect(200);
    }
    let refused = patch(&firm, &boss, &entry("News 21"), json!({ "is_pinned": true }))
        .await
        .expect_problem(422, "validation_failed");
    assert_eq!(refused.wrong_fields(), ["is_pinned: too_many"]);
    patch(&firm, &boss, &entry("News 3"), json!({ "is_pinned": false })).await.expect(200);
    patch(&firm, &boss, &entry("News 21"), json!({ "is_pinned": true })).await.expect(200);
    let refused = patch(&firm, &boss, &entry("News 21"), json!({ "display_title": "Mine" })).await;
    assert_eq!(
        refused.expect_problem(422, "validation_failed").wrong_fields(),
        ["display_title: unknown_field"]
    );
}

#[tokio::test]
async fn whoever_follows_sees_each_new_entry_once() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let start = get(&firm, &boss, "activity-streams?limit=1").await;
    let cursor = |page: &Value| {
        format!("activity-streams?limit=3&cursor={}", page["follow_cursor"].as_str().unwrap())
    };
    let writers = (0..4).map(|writer| {
        let (firm, boss) = (&firm, &boss);
        async move {
            for n in 0..10 {
                firm.track(
                    boss,
                    json!({ "activity_type": format!("step_{writer}_{n}"), "description": "x" }),
                )
                .await;
            }
        }
    });
    let mut at = cursor(&start);
    let (mut seen, mut tracked) = (Vec::new(), futures::future::join_all(writers));
    let mut follow = async || {
        let page = get(&firm, &boss, &at).await;
        let items = page["items"].as_array().unwrap().clone();
        assert!(items.is_sorted_by(|a, b| a["id"].as_str() < b["id"].as_str()), "oldest first");
        at = cursor(&page);
        items
    };
    let mut is_done = false;
    while !is_done
        || seen
            .iter()
            .filter(|one: &&Value| one["activity_type"].as_str().unwrap().starts_with("step_"))
            .count()
            < 40
    {
        tokio::select! {
            _ = &mut tracked, if !is_done => is_done = true,
            items = follow() => seen.extend(items),
        }
    }
    let ids: BTreeSet<&str> = seen.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), seen.len(), "each once");
    let steps: BTreeSet<&str> = seen
        .iter()
        .filter_map(|one| one["activity_type"].as_str()?.strip_prefix("step_"))
        .collect();
    assert_eq!(steps.len(), 40);
    assert_eq!(get(&firm, &boss, &at).await["items"], json!([]), "nothing is new");
    firm.track(&boss, json!({ "activity_type": "step_0_0", "description": "Folded." })).await;
    filed(&firm, &boss, "step_0_0", 2).await;
    assert_eq!(get(&firm, &boss, &at).await["items"], json!([]), "what is folded is no new entry");
    let other = firm.member("other", "OTHER", &["admin"]).await;
    firm.send(&other, Method::GET, &at, None).await.expect_problem(400, "invalid_cursor");
}
