//! What is tracked arrives, once.

use std::{collections::BTreeSet, time::Duration};

use rolecall_client::{Activity, Client, Severity, Tracker};
use serde_json::{Value, json};

use super::{Office, nobody};
use crate::support::{Actor, FailingProxy, Firm, Json, options};

impl Office {
    /// What is in the log of a type, newest first.
    async fn logged(&self, activity_type: &str) -> Vec<Value> {
        let list = format!("/activities?activity_type={activity_type}&organization=MY_COMPANY");
        self.firm.root.all(&format!("{list}&limit=200")).await
    }
}

#[tokio::test]
async fn what_a_service_tracks_is_in_the_log() {
    let office = Office::new().await;
    let tracker = Tracker::new(&office.client, &office.key);
    tracker.track(
        Activity::new("document_uploaded")
            .description("A drawing was uploaded.")
            .category("data_management")
            .severity(Severity::High)
            .detail("filename", "pid-101.dwg")
            .tag("pid")
            .related("document", "pid-101")
            .duration(Duration::from_millis(125)),
    );
    let ada = office.client.verify(&office.ada.access).await.unwrap();
    let acting = tracker.acting_as(&ada);
    acting.track(Activity::new("document_read").failed("No such drawing."));
    tracker.flush().await.unwrap();
    assert_eq!((tracker.pending(), tracker.counts().recorded), (0, 2));
    let [uploaded] = &office.logged("document_uploaded").await[..] else { panic!("one") };
    assert_eq!(uploaded["user_id"], Value::Null);
    assert_eq!(uploaded.text_of("service_id"), office.service_id);
    assert_eq!(uploaded["details"], json!({ "filename": "pid-101.dwg" }));
    assert_eq!(uploaded["related"], json!({ "type": "document", "id": "pid-101" }));
    let said = ["severity", "category", "description"].map(|name| uploaded.text_of(name));
    assert_eq!(said, ["high", "data_management", "A drawing was uploaded."]);
    assert!(uploaded["user_agent"].to_string().contains("rolecall-client/"), "{uploaded}");
    let [read] = &office.logged("document_read").await[..] else { panic!("one") };
    assert_eq!(read.text_of("user_id"), office.ada.id);
    assert_eq!(read.text_of("error_message"), "No such drawing.");
}

#[tokio::test]
async fn ten_thousand_activities_reach_a_stack_that_fails_every_third_call_once_each() {
    let office = Office::of(Firm::on(options()).await).await;
    let proxy = FailingProxy::to(office.firm.app.url("")).await;
    let tracker = Tracker::builder(&Client::new(&proxy.url).unwrap(), &office.key)
        .flush_timeout(Duration::from_mins(5))
        .build();
    for number in 0..10_000 {
        tracker.track(Activity::new("drawing_printed").detail("number", number));
    }
    tracker.flush().await.unwrap();
    let counts = tracker.counts();
    assert_eq!((counts.recorded, counts.refused, counts.dropped), (10_000, 0, 0));
    // 400 batches, and one call more for each two of them.
    assert!(proxy.calls() >= 599, "{} calls", proxy.calls());
    let logged = office.logged("drawing_printed").await;
    let numbers: BTreeSet<_> = logged.iter().map(|one| one["details"]["number"].as_u64()).collect();
    assert_eq!((logged.len(), numbers.len()), (10_000, 10_000));
}

#[tokio::test]
async fn many_users_at_once_are_each_recorded_as_themselves() {
    let office = Office::new().await;
    let tracker = Tracker::new(&office.client, &office.key);
    let acting =
        async |user: &Actor| tracker.acting_as(&office.client.verify(&user.access).await.unwrap());
    let (ada, bob) = (acting(&office.ada).await, acting(&office.bob).await);
    for _ in 0..30 {
        ada.track(Activity::new("drawing_opened"));
        bob.track(Activity::new("drawing_opened"));
    }
    // Whose session ends before it is sent: the service tells it, and says whose it is.
    let ended = office.firm.signed_in_at("bob", "MY_COMPANY").await;
    let acting = acting(&ended).await;
    office.firm.app.post("/auth/token/revoke", json!({ "refresh": ended.refresh })).await;
    acting.track(Activity::new("drawing_opened"));
    tracker.flush().await.unwrap();
    assert_eq!(tracker.counts().recorded, 61);
    let logged = office.logged("drawing_opened").await;
    let of = |user: Value| logged.iter().filter(|one| one["user_id"] == user).count();
    let [ada, bob] = [&office.ada.id, &office.bob.id].map(|id| of(json!(id)));
    assert_eq!((ada, bob, of(Value::Null)), (30, 30, 1));
    let told = logged.iter().find(|one| one["user_id"] == Value::Null).unwrap();
    assert_eq!(told["details"]["user_id"], json!(ended.id));
    assert_eq!(told["details"]["session_id"], json!(ended.session_id));
}

#[tokio::test]
async fn what_may_be_recorded_is_not_told_again_in_another_name() {
    let office = Office::new().await;
    let mut proxy = FailingProxy::to(office.firm.app.url("")).await;
    let client = Client::new(&proxy.url).unwrap();
    let session = office.firm.signed_in_at("bob", "MY_COMPANY").await;
    let bob = client.verify(&session.access).await.unwrap();
    let tracker =
        Tracker::builder(&client, &office.key).flush_timeout(Duration::from_millis(150)).build();
    proxy.lose_every_answer();
    tracker.acting_as(&bob).track(Activity::new("drawing_moved"));
    tracker.flush().await.unwrap_err();
    office.firm.app.post("/auth/token/revoke", json!({ "refresh": session.refresh })).await;
    proxy.work();
    let retried = Tracker::flush(&tracker).await;
    assert!(retried.is_ok(), "{retried:?}");
    assert_eq!((tracker.counts().unknown, tracker.counts().recorded), (1, 0));
    assert_eq!(office.logged("drawing_moved").await.len(), 1);
}

#[tokio::test]
async fn what_the_server_refuses_is_counted_and_the_others_arrive() {
    let office = Office::new().await;
    let tracker = Tracker::new(&office.client, &office.key);
    for activity_type in ["drawing_locked", "Not a slug", "drawing_locked"] {
        tracker.track(Activity::new(activity_type));
    }
    tracker.flush().await.unwrap();
    assert_eq!((tracker.counts().recorded, tracker.counts().refused), (2, 1));
    assert_eq!(office.logged("drawing_locked").await.len(), 2);
    for key in ["rcs_of_nobody", "rcs_of_nobody\n"] {
        let stranger = Tracker::new(&office.client, key);
        stranger.track(Activity::new("drawing_locked"));
        stranger.flush().await.unwrap();
        assert_eq!(stranger.counts().refused, 1);
    }
    // One that has the whole call refused: 130 levels are no JSON for the server.
    let deep = (0..130).fold(json!(1), |inner, _| json!([inner]));
    for activity in [Activity::new("drawing_deep"), Activity::new("drawing_deep").detail("x", deep)]
    {
        tracker.track(activity);
    }
    tracker.flush().await.unwrap();
    assert_eq!((tracker.counts().recorded, tracker.counts().refused), (3, 2));
}

#[tokio::test]
async fn a_full_tracker_drops_the_oldest_info_and_a_flush_in_vain_ends_in_time() {
    let tracker = Tracker::builder(&nobody(), "rcs_x")
        .capacity(3)
        .flush_timeout(Duration::from_millis(50))
        .build();
    for severity in ["low", "info", "high", "info", "critical"] {
        tracker.track(Activity::new("drawing_lost").severity(severity));
    }
    assert_eq!((tracker.pending(), tracker.counts().dropped), (3, 2));
    let error = tracker.flush().await.unwrap_err();
    assert_eq!(error.left, 3);
    assert_eq!((tracker.counts().recorded, tracker.counts().refused), (0, 0));
}

#[tokio::test]
async fn tracked_work_is_timed_and_its_result_is_passed_on_unchanged() {
    let office = Office::new().await;
    let tracker = Tracker::new(&office.client, &office.key);
    let good = tracker.tracked("document_processed", "data_management", async {
        tokio::task::yield_now().await;
        Ok::<_, std::fmt::Error>(7)
    });
    assert_eq!(good.await, Ok(7));
    let bad =
        tracker.tracked("document_processed", "data_management", async { "x".parse::<i32>() });
    assert!(bad.await.is_err());
    let panics = tracker.tracked("document_processed", "data_management", async {
        assert_eq!(1, 2, "an assertion of the work");
        Ok::<_, std::fmt::Error>(())
    });
    assert!(tokio::spawn(panics).await.unwrap_err().is_panic());
    let endless = std::future::pending::<Result<(), std::fmt::Error>>();
    let endless = tracker.tracked("document_processed", "data_management", endless);
    assert!(tokio::time::timeout(Duration::from_millis(1), endless).await.is_err());
    let caught = tracker.tracked("document_processed", "data_management", async {
        assert_eq!(1, 2, "another assertion of the work");
        Ok::<_, std::fmt::Error>(())
    });
    let caught = futures::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(caught)).await;
    assert!(caught.is_err());
    // Never begun, never recorded.
    drop(tracker.tracked("document_processed", "api", async { Ok::<_, std::fmt::Error>(()) }));
    tracker.flush().await.unwrap();
    let logged = office.logged("document_processed").await;
    let said: BTreeSet<_> = logged
        .iter()
        .map(|one| (one["success"].as_bool().unwrap(), one["error_message"].as_str()))
        .collect();
    let expected = [
        (true, None),
        (false, Some("invalid digit found in string")),
        (false, Some("It panicked.")),
        (false, Some("It was cancelled.")),
    ];
    assert_eq!((logged.len(), said), (5, BTreeSet::from(expected)));
    assert!(logged.iter().all(|one| one["duration_ms"].as_f64().is_some()), "{logged:?}");
}
