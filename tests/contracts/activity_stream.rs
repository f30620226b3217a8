use std::collections::BTreeMap;

use rolecall_domain::{
    activity::{Activity, Category, Event, Severity, What},
    activity_stream::{
        ActivityStreamGroup, ActivityStreamHead, Entry, Filing, Shown, Template, Templates,
    },
    clock::Timestamp,
    ids::EntryId,
    ports::{ActivityStreamStore, EntryChange, Refused},
    words::Line,
};

use rolecall_storage::Store;

use super::{id, record, refusal, table};

fn entry(follows: Option<EntryId>, earlier: Option<EntryId>) -> Entry {
    Entry {
        id: id(),
        organization: "A#1".to_owned(),
        group: "document_uploaded:system".to_owned(),
        first: id(),
        latest: id(),
        activity_type: "document_uploaded".to_owned(),
        category: Category::DataManagement,
        severity: Severity::High,
        success: false,
        user_id: Some(id()),
        shown: Shown {
            title: "T".into(),
            subtitle: Some("s".into()),
            icon: "file".into(),
            color: "red".into(),
        },
        count: 3,
        is_public: true,
        is_pinned: false,
        follows,
        earlier,
        seen: vec!["0c1d2e3f4a5b".to_owned(), "0c1d2e3f4a5c".to_owned()],
        version: 1,
    }
}

/// The filing that opens an entry.
fn opening(entry: &Entry) -> Filing {
    let group = ActivityStreamGroup {
        group: entry.group.clone(),
        was: entry.earlier,
        now: entry.id,
        opened_at: entry.first.made_at(),
    };
    Filing {
        organization: entry.organization.clone(),
        was: entry.follows,
        last: Some(entry.id),
        new: vec![entry.clone()],
        changed: Vec::new(),
        groups: vec![group],
    }
}

/// Opens so many more entries in an organization's activity stream.
pub(crate) async fn fill(store: &Store, organization: &str, count: usize) {
    let mut opened = 0;
    while opened < count {
        let was = store.activity_stream_head(organization).await.unwrap().last;
        let (mut last, mut new) = (was, Vec::new());
        for _ in opened..count.min(opened + 25) {
            let entry = Entry { organization: organization.to_owned(), ..entry(last, None) };
            let id = last.map_or(entry.id, |last| last.next());
            new.push(Entry { id, ..entry });
            last = Some(id);
        }
        let more = new.len();
        let filing =
            Filing { organization: organization.to_owned(), was, last, new, ..Filing::default() };
        // What the stream files meanwhile goes first.
        if refusal(store.commit_entries(&filing, id()).await).is_none() {
            opened += more;
        }
    }
}

fn since(at: Timestamp) -> BTreeMap<String, Timestamp> {
    BTreeMap::from([("document_uploaded:system".to_owned(), at)])
}

#[tokio::test]
async fn entries_are_opened_on_the_head_that_was_read_or_not_at_all() {
    let (_app, store) = table().await;
    assert_eq!(store.activity_stream_head("A#1").await.unwrap(), ActivityStreamHead::default());
    let first = entry(None, None);
    assert_eq!(refusal(store.commit_entries(&opening(&first), id()).await), None);
    assert_eq!(
        refusal(store.commit_entries(&opening(&entry(None, None)), id()).await),
        Some(Refused::Stale),
        "another one was opened meanwhile"
    );
    let second = entry(Some(first.id), Some(first.id));
    let write = id();
    for _ in 0..2 {
        assert_eq!(
            refusal(store.commit_entries(&opening(&second), write).await),
            None,
            "the same write again is the same"
        );
    }
    assert_eq!(
        store.newest_entries("A#1", None, 9).await.unwrap(),
        [second.clone(), first.clone()]
    );
    assert_eq!(
        store.newest_entries("A#1", Some(second.id), 9).await.unwrap(),
        std::slice::from_ref(&first)
    );
    assert_eq!(store.oldest_entries("A#1", None, 1).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(
        store.oldest_entries("A#1", Some(first.id), 9).await.unwrap(),
        std::slice::from_ref(&second)
    );
    assert!(store.newest_entries("A", None, 9).await.unwrap().is_empty(), "another organization's");
    let latest = store.activity_stream_state("A#1", &since(second.first.made_at())).await.unwrap();
    assert_eq!(
        (latest.head.last, &latest.entries["document_uploaded:system"]),
        (Some(second.id), &vec![second.clone()])
    );
    let all = store.activity_stream_state("A#1", &since(Timestamp::UNIX_EPOCH)).await.unwrap();
    assert_eq!(all.entries["document_uploaded:system"], [second, first]);
}

#[tokio::test]
async fn an_entry_is_changed_on_the_version_that_was_read_or_nothing_is() {
    let (app, store) = table().await;
    let (first, other) = (entry(None, None), entry(None, None));
    assert_eq!(refusal(store.commit_entries(&opening(&first), id()).await), None);
    let folded = Entry { count: 4, version: 2, ..first.clone() };
    // The first of these changed meanwhile: the second is not opened, either.
    let both = |changed: &Entry| Filing {
        changed: vec![changed.clone()],
        new: vec![other.clone()],
        groups: Vec::new(),
        ..opening(&first)
    };
    let both =
        |changed: &Entry| Filing { was: Some(first.id), last: Some(other.id), ..both(changed) };
    assert_eq!(
        refusal(store.commit_entries(&both(&Entry { version: 3, ..folded.clone() }), id()).await),
        Some(Refused::Stale)
    );
    assert_eq!(store.newest_entries("A#1", None, 9).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(refusal(store.commit_entries(&both(&folded), id()).await), None);
    let activity: Activity =
        Activity { what: What::from(Event::ActivityStreamChanged), ..record() };
    let pinned = Entry { is_pinned: true, version: 3, ..folded.clone() };
    let ids = [pinned.id];
    let change = |before, was, is| EntryChange {
        before,
        after: &pinned,
        pins: Some((was, is)),
        activity: &activity,
    };
    assert_eq!(
        refusal(store.change_entry(&change(1, &[], &ids), id()).await),
        Some(Refused::Stale),
        "another version"
    );
    assert_eq!(
        refusal(store.change_entry(&change(2, &ids, &ids), id()).await),
        Some(Refused::Stale),
        "other pins"
    );
    assert!(app.activities_so_far("feed_changed").await.is_empty(), "nor is there a record");
    assert_eq!(refusal(store.change_entry(&change(2, &[], &ids), id()).await), None);
    assert_eq!(store.activity_stream_head("A#1").await.unwrap().pinned, ids);
    assert_eq!(store.entries("A#1", &ids).await.unwrap(), std::slice::from_ref(&pinned));
    app.activities("feed_changed", 1).await;
    let stored = crate::support::items(&app).await;
    let ends = |id: EntryId| {
        stored.iter().find(|item| item["SK"]["S"] == id.to_string()).unwrap()["expires_at"].clone()
    };
    assert!(ends(pinned.id).is_null() && !ends(other.id).is_null(), "a pinned one stays");
}

#[tokio::test]
async fn templates_are_put_over_the_version_that_was_read() {
    let (_app, store) = table().await;
    assert_eq!(ActivityStreamStore::templates(&store).await.unwrap(), Templates::default());
    let template = Template {
        title: Some(Line::parse("{user} did it").unwrap()),
        color: Some(Line::parse("red").unwrap()),
        is_public: Some(false),
        ..Template::default()
    };
    let templates = |version| Templates {
        by_type: BTreeMap::from([("x_y".to_owned(), template.clone())]),
        version,
    };
    for (version, is_taken) in [(2, false), (1, true), (1, false), (2, true)] {
        assert_eq!(
            refusal(store.put_templates(&templates(version), &record(), id()).await).is_none(),
            is_taken,
            "{version}"
        );
    }
    assert_eq!(store.templates().await.unwrap(), templates(2));
    assert!(
        ActivityStreamStore::activity_of_image(
            &store,
            &serde_json::json!({ "PK": { "S": "nonsense" } })
        )
        .is_err()
    );
}
