use std::sync::Arc;

use rolecall_domain::{
    activity::{
        Activity, Category, Extra, LogIndex, LogRole, LoggedUser, Range, RetentionPolicy, Severity,
        What,
    },
    ids::ActivityId,
    mail::OutboxMail,
    meter::Meter,
    organization::LogKey,
    ports::{AccountStore, ActivityStore, Claim, Outbox},
    rng::SystemRng,
};
use rolecall_local::PlainHttp;
use rolecall_storage::Store;
use serde_json::json;

use super::{id, mail, now, pending_events, record, sign_up, table, user};
use crate::support::{Json, ask_dynamodb, items, table_of};

fn tracked(kind: &str, severity: Severity, success: bool) -> Activity {
    let (category, description) = (Category::MlAi, "Something happened.".into());
    let what =
        What { activity_type: kind.to_owned().into(), category, severity, success, description };
    Activity {
        id: id(),
        what,
        organization: Some(LogKey::from_stored("ACME")),
        actor: Some(LoggedUser { id: id(), username: Some("ada".to_owned()) }),
        subject: None,
        ..record()
    }
}

/// Every id that some sources give, page by page.
async fn read_all(store: &Store, index: LogIndex, want: usize) -> Vec<ActivityId> {
    let (mut found, mut range) = (Vec::new(), Range::default());
    loop {
        let log_page = store.read_log(std::slice::from_ref(&index), &range, want).await.unwrap();
        assert!(log_page.activities.len() <= want);
        found.extend(log_page.activities.iter().map(|one| one.id));
        match log_page.reached {
            Some(reached) => range.before = Some(reached),
            None => return found,
        }
    }
}

#[tokio::test]
async fn an_activity_is_read_as_it_was_written_wherever_it_lies() {
    let (mut app, store) = table().await;
    app.stack.stop_background().await;
    let extra = Extra {
        error_message: Some("why".to_owned()),
        metadata: json!({ "a": [1, 0.5, null] }).as_object().unwrap().clone(),
        tags: vec!["x".to_owned()],
        micros: Some(1),
        related: Some(("document".to_owned(), "7".to_owned())),
        request_id: Some("r".to_owned()),
    };
    let full = Activity {
        extra,
        details: json!({ "n": 1 }).as_object().unwrap().clone(),
        ..tracked("full", Severity::High, false)
    };
    let bare = Activity { actor: None, ..tracked("bare", Severity::Info, true) };
    let known = Activity { organization: Some(LogKey::from_stored("ACME")), ..record() };
    for one in [&full, &bare, &known] {
        store.record(one).await.unwrap();
        store.record(one).await.expect("again is no error");
        assert_eq!(store.activity("ACME", one.id).await.unwrap().as_ref(), Some(one));
        assert!(store.activity("OTHER", one.id).await.unwrap().is_none());
    }
    let of = async |index| store.read_log(&[index], &Range::default(), 9).await.unwrap().activities;
    assert_eq!(
        of(LogIndex::Type("ACME".to_owned(), "full".to_owned())).await,
        std::slice::from_ref(&full)
    );
    let actor = full.actor.as_ref().unwrap().id;
    let of_actor = || LogIndex::User("ACME".to_owned(), actor, LogRole::Actor);
    assert!(of(of_actor()).await.is_empty(), "its entries are made later");
    assert!(of(LogIndex::Pending("ACME".to_owned())).await.contains(&full));
    store.index_activity(&full).await.unwrap();
    store.index_activity(&full).await.expect("again is no error");
    assert_eq!(of(of_actor()).await, std::slice::from_ref(&full));
    assert!(!of(LogIndex::Pending("ACME".to_owned())).await.contains(&full));
    // Of one millisecond the random part of the id decides.
    let sorted = |mut all: Vec<Activity>| {
        all.sort_by_key(|one| std::cmp::Reverse(one.id));
        all
    };
    assert_eq!(
        of(LogIndex::Flagged("ACME".to_owned())).await,
        sorted(vec![known.clone(), full.clone()])
    );
    assert_eq!(of(LogIndex::All("ACME".to_owned())).await, sorted(vec![known, bare, full]));
}

#[tokio::test]
async fn more_shards_move_nothing_and_lose_nothing() {
    let (_app, store) = table().await;
    let mut written = Vec::new();
    for shards in [1, 3, 8] {
        let store =
            store.clone().retention(RetentionPolicy { shards, ..RetentionPolicy::default() });
        for n in 0..40 {
            let one = tracked(["a", "b"][n % 2], Severity::Normal, n % 4 != 0);
            store.record(&one).await.unwrap();
            written.push(one);
        }
    }
    let store = store.retention(RetentionPolicy { shards: 8, ..RetentionPolicy::default() });
    written.sort_by_key(|one| std::cmp::Reverse(one.id));
    let ids = |is: &dyn Fn(&Activity) -> bool| -> Vec<ActivityId> {
        written.iter().filter(|one| is(one)).map(|one| one.id).collect()
    };
    for want in [1, 7, 50, 500] {
        assert_eq!(
            read_all(&store, LogIndex::All("ACME".to_owned()), want).await,
            ids(&|_| true),
            "by {want}"
        );
    }
    assert_eq!(
        read_all(&store, LogIndex::Flagged("ACME".to_owned()), 5).await,
        ids(&|one| !one.what.success)
    );
    let type_a = LogIndex::Type("ACME".to_owned(), "a".to_owned());
    assert_eq!(read_all(&store, type_a, 5).await, ids(&|one| one.what.activity_type == "a"));
    for one in &written {
        assert_eq!(
            store.activity("ACME", one.id).await.unwrap().map(|found| found.id),
            Some(one.id)
        );
    }
}

#[tokio::test]
async fn each_severity_is_kept_as_long_as_its_setting_says() {
    let (app, store) = table().await;
    let store = store.retention(RetentionPolicy { shards: 1, days: [1, 2, 3, 4, 5] });
    for (days, severity) in (1..).zip(Severity::ALL) {
        let one = tracked("kept", severity, true);
        store.record(&one).await.unwrap();
        let item = items(&app)
            .await
            .into_iter()
            .find(|item| item["SK"]["S"] == one.id.to_string().as_str())
            .unwrap();
        let kept = item.text_of("expires_at/N").parse::<i64>().unwrap() - one.at().as_second();
        assert_eq!(kept, days * 24 * 3600);
    }
}

#[tokio::test]
async fn a_type_is_listed_once_the_stream_told_of_its_first_activity() {
    let (app, store) = table().await;
    for kind in ["second", "first", "first"] {
        store.record(&tracked(kind, Severity::Info, true)).await.unwrap();
    }
    app.settled(|items| items.iter().filter(|item| item["PK"]["S"] == "TYPES#ACME").count() == 2)
        .await;
    let listed = async |category| store.activity_types("ACME", category).await.unwrap().unwrap();
    assert_eq!(listed(Category::MlAi).await, ["first", "second"]);
    assert!(listed(Category::Api).await.is_empty());
}

#[tokio::test]
async fn twelve_types_of_a_category_are_listed_and_the_others_lie_under_it() {
    let (mut app, store) = table().await;
    app.stack.stop_background().await;
    let kind = |n: u32| format!("{:x<64}", format!("type_{n:03}"));
    let mut unlisted = Vec::new();
    for n in 0..40 {
        let one = tracked(&kind(n), Severity::Info, true);
        assert!(store.record_all(&[&one]).await.unwrap().is_empty());
        // As the stream tells of the first activity of a type.
        store.index_activity(&one).await.unwrap();
        // What the process knows by now is indexed at once.
        let next = tracked(&kind(n), Severity::Info, true);
        assert!(store.record_all(&[&next]).await.unwrap().is_empty());
        if n >= 12 {
            unlisted.extend([one.id, next.id]);
        }
    }
    let meter = Arc::new(Meter::default());
    let metered = store.metered(Arc::clone(&meter));
    let listed = metered.activity_types("ACME", Category::MlAi).await.unwrap();
    assert_eq!(listed.unwrap(), (0..12).map(kind).collect::<Vec<_>>());
    assert!(meter.cost().read_units <= 1.0, "{:?}", meter.cost());
    unlisted.sort_unstable_by(|one, other| other.cmp(one));
    let index = LogIndex::Unlisted("ACME".to_owned(), Category::MlAi);
    assert_eq!(read_all(&store, index, 7).await, unlisted);
    assert!(read_all(&store, LogIndex::Pending("ACME".to_owned()), 7).await.is_empty());
    // A table of before may hold more of them, and of the categories behind; what was not listed
    // then lies nowhere else.
    let put = |sk: String| {
        json!({ "TableName": table_of(&app), "Item": { "PK": { "S": "TYPES#ACME" },
            "SK": { "S": sk }, "entity": { "S": "activity type" }, "v": { "N": "1" } } })
    };
    for n in 0..100 {
        for sk in [format!("ml_ai#old_{n}"), format!("security#old_{n}")] {
            ask_dynamodb(app.stack.dynamodb_endpoint(), "PutItem", &put(sk)).await;
        }
    }
    let meter = Arc::new(Meter::default());
    let store = store.metered(Arc::clone(&meter));
    assert_eq!(store.activity_types("ACME", Category::MlAi).await.unwrap(), None);
    assert!(meter.cost().read_units <= 1.0, "{:?}", meter.cost());
}

#[tokio::test]
async fn an_activity_has_an_entry_for_each_user_and_each_tag() {
    let (mut app, store) = table().await;
    app.stack.stop_background().await;
    let [ada, bob] =
        ["ada", "bob"].map(|name| LoggedUser { id: id(), username: Some(name.to_owned()) });
    let extra = Extra { tags: ["x", "y#%", "x"].map(str::to_owned).into(), ..Extra::default() };
    let of = |actor: Option<&LoggedUser>, subject: Option<&LoggedUser>| Activity {
        actor: actor.cloned(),
        subject: subject.cloned(),
        extra: extra.clone(),
        ..tracked("x", Severity::Info, true)
    };
    let alone = of(Some(&ada), None);
    let to_bob = of(Some(&ada), Some(&bob));
    let to_self = of(Some(&ada), Some(&ada));
    let by_nobody = of(None, Some(&ada));
    let elsewhere =
        Activity { organization: Some(LogKey::from_stored("OTHER")), ..of(Some(&ada), None) };
    let all = [&alone, &to_bob, &to_self, &by_nobody, &elsewhere];
    for one in all {
        store.record(one).await.unwrap();
        store.index_activity(one).await.unwrap();
    }
    let acme = || "ACME".to_owned();
    let found = async |index| {
        let mut found = store.read_log(&[index], &Range::default(), 50).await.unwrap().activities;
        found.reverse();
        found
    };
    // Of one millisecond the random part of the id decides.
    let is = |all: &[&Activity]| {
        let mut all: Vec<Activity> = all.iter().map(|one| (*one).clone()).collect();
        all.sort_by_key(|one| one.id);
        all
    };
    for (index, expected) in [
        (LogIndex::User(acme(), ada.id, LogRole::Actor), is(&[&alone, &to_bob])),
        (LogIndex::User(acme(), ada.id, LogRole::Both), is(&[&to_self])),
        (LogIndex::User(acme(), ada.id, LogRole::Subject), is(&[&by_nobody])),
        (LogIndex::User(acme(), bob.id, LogRole::Subject), is(&[&to_bob])),
        (LogIndex::User(acme(), bob.id, LogRole::Actor), is(&[])),
        (LogIndex::Tag(acme(), "x".to_owned()), is(&[&alone, &to_bob, &to_self, &by_nobody])),
        (LogIndex::Tag("OTHER".to_owned(), "y#%".to_owned()), is(&[&elsewhere])),
        (LogIndex::Tag(acme(), "y".to_owned()), is(&[])),
    ] {
        assert_eq!(found(index.clone()).await, expected, "{index:?}");
    }
    let logs = async |user| -> Vec<String> {
        store.logs_of(user, 9).await.unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        (logs(ada.id).await, logs(bob.id).await),
        (vec!["OTHER".to_owned(), acme()], vec![acme()])
    );
    assert!(logs(id()).await.is_empty());
    assert_eq!(store.logs_of(ada.id, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_table_of_before_the_indexes_gets_them() {
    let (app, _) = table().await;
    let attribute = |name: &str| json!({ "AttributeName": name, "AttributeType": "S" });
    let key = |name: &str, kind: &str| json!({ "AttributeName": name, "KeyType": kind });
    let older = format!("older-{}", id::<()>());
    let request = json!({
        "TableName": older, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [attribute("PK"), attribute("SK")],
        "KeySchema": [key("PK", "HASH"), key("SK", "RANGE")],
    });
    let made = ask_dynamodb(app.stack.dynamodb_endpoint(), "CreateTable", &request).await;
    assert!(made["TableDescription"].is_object(), "{made}");
    let store = Store::at_endpoint(
        app.stack.dynamodb_endpoint(),
        PlainHttp::default(),
        &older,
        Arc::new(SystemRng),
    );
    for _ in 0..2 {
        store.ensure_table().await.unwrap();
    }
    let one = tracked("x", Severity::Info, true);
    store.record(&one).await.unwrap();
    assert_eq!(read_all(&store, LogIndex::Pending("ACME".to_owned()), 5).await, [one.id]);
    let by_type = LogIndex::Type("ACME".to_owned(), "x".to_owned());
    assert_eq!(read_all(&store, by_type, 5).await, [one.id]);
}

#[tokio::test]
async fn what_a_change_enclosed_is_filed_once_however_often_it_is_told() {
    let (mut app, store) = table().await;
    app.stack.stop_background().await;
    let waiting = sign_up(&user("ada"), "t");
    let message: OutboxMail = mail(&waiting.user);
    let mut activity = pending_events();
    activity.activity.as_mut().unwrap().details.insert("number".to_owned(), json!(1.5));
    let activity = activity.mail(mail(&waiting.user));
    store.put_sign_up(&waiting, &message, &activity, None, now(), id()).await.unwrap();
    let outbox =
        items(&app).await.into_iter().find(|item| item["entity"]["S"] == "outbox").unwrap();
    let text = outbox.text_of("enclosed/S").to_owned();
    for _ in 0..3 {
        store.file_pending_events(&text, None).await.unwrap();
    }
    let all = items(&app).await;
    let is_it = |item: &&serde_json::Value| {
        item["entity"]["S"] == "activity" && item["details"]["S"] != json!(null)
    };
    let activities: Vec<_> = all
        .iter()
        .filter(is_it)
        .filter(|item| item["activity_type"]["S"] == "authn_login_fail")
        .collect();
    assert_eq!((activities.len(), &activities[0]["details"]["S"]), (1, &json!("{\"number\":1.5}")));
    let until = now() + rolecall_domain::clock::SignedDuration::from_secs(60);
    assert!(matches!(
        store.claim_mail(activity.mails[0].id, now(), until).await.unwrap(),
        Claim::Mine { .. }
    ));
    assert!(matches!(
        store.claim_mail(message.id, now(), until).await.unwrap(),
        Claim::Mine { .. }
    ));
    let claimed = items(&app)
        .await
        .into_iter()
        .find(|item| item["id"]["S"] == message.id.to_string().as_str())
        .unwrap();
    assert!(claimed["enclosed"].is_null(), "what was filed is not told again");
    assert!(store.file_pending_events("nonsense", None).await.is_err());
}
