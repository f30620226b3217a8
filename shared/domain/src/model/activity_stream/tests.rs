use proptest::prelude::*;

use super::{
    entry::{Entry, RenderedEntry, Shown, group_of},
    position::settled,
    state::{Filing, State},
};
use crate::model::{
    activity::{Activity, Extra},
    client::Client,
    clock::{Clock, SignedDuration, Timestamp, after},
    event::{Category, Severity, What},
    ids::{EntryId, Id},
    organization::LogKey,
    rng::SystemRng,
};

struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn id_at<Kind>(minute: i64) -> Id<Kind> {
    Id::new(&At(after(Timestamp::UNIX_EPOCH, SignedDuration::from_mins(minute))), &SystemRng)
}

/// An activity of one of two types, at a minute.
fn activity(minute: i64, is_first: bool) -> Activity {
    Activity {
        allowed_on: Vec::new(),
        id: id_at(minute),
        organization: Some(LogKey::from_stored("ACME")),
        what: What {
            activity_type: if is_first { "first" } else { "second" }.into(),
            category: Category::MlAi,
            severity: Severity::Normal,
            success: true,
            description: "x".into(),
        },
        actor: None,
        service_id: None,
        subject: None,
        session_id: None,
        client: Client::default(),
        details: serde_json::Map::new(),
        extra: Extra::default(),
    }
}

fn shown() -> Shown {
    Shown { title: "x".to_owned(), subtitle: None, icon: "x".to_owned(), color: "red".to_owned() }
}

/// An activity stream in memory: what a store does with a filing that it takes.
#[derive(Default)]
struct ActivityStream {
    entries: Vec<Entry>,
    state: State,
}

impl ActivityStream {
    fn file(&mut self, activities: &[&Activity]) -> Filing {
        let mut activities = activities.to_vec();
        activities.sort_by_key(|activity| activity.id);
        let render = |activity| RenderedEntry {
            group: group_of(activity, true),
            activity,
            shown: shown(),
            is_public: true,
        };
        let rendered: Vec<RenderedEntry<'_>> = activities.into_iter().map(render).collect();
        let filing =
            self.state.filed("ACME", &rendered, || id_at::<crate::model::ids::EntryKind>(0));
        self.entries.extend(filing.new.clone());
        for changed in &filing.changed {
            let entry = self.entries.iter_mut().find(|entry| entry.id == changed.id).unwrap();
            assert_eq!(entry.version + 1, changed.version);
            *entry = changed.clone();
        }
        self.entries.sort_by_key(|entry| entry.id);
        self.state.head.last = filing.last;
        self.state.entries.clear();
        for entry in self.entries.iter().rev() {
            self.state.entries.entry(entry.group.clone()).or_default().push(entry.clone());
        }
        filing
    }

    fn counted(&self) -> Vec<(String, u32)> {
        self.entries.iter().map(|entry| (entry.activity_type.clone(), entry.count)).collect()
    }
}

proptest! {
    /// Activities that come in order, cut into deliveries in any way, any of which comes again at
    /// once.
    #[test]
    fn each_activity_counts_once_and_no_entry_is_longer_than_an_hour(
        happened in prop::collection::vec((0_i64..40, any::<bool>()), 1..60),
        cuts in prop::collection::vec((1_usize..25, any::<bool>()), 60),
    ) {
        let mut minute = 0;
        let activities: Vec<Activity> = happened.iter().map(|(gap, is_first)| {
            minute += gap;
            activity(minute, *is_first)
        }).collect();
        let mut sorted: Vec<&Activity> = activities.iter().collect();
        sorted.sort_by_key(|activity| activity.id);
        let mut activity_stream = ActivityStream::default();
        let (mut rest, mut cuts) = (sorted.as_slice(), cuts.into_iter().cycle());
        while !rest.is_empty() {
            let (length, again) = cuts.next().unwrap();
            let (some, behind) = rest.split_at(length.min(rest.len()));
            activity_stream.file(some);
            if again {
                prop_assert!(activity_stream.file(some).is_empty());
            }
            rest = behind;
        }
        prop_assert_eq!(activity_stream.counted().iter().map(|(_,
            count)| *count as usize).sum::<usize>(), activities.len());
        let mut whole = ActivityStream::default();
        for one in &sorted {
            whole.file(&[one]);
        }
        let (mut cut, mut uncut) = (activity_stream.counted(), whole.counted());
        cut.sort();
        uncut.sort();
        prop_assert_eq!(cut, uncut, "however it was delivered");
        let mut last = None;
        for entry in &activity_stream.entries {
            prop_assert_eq!(entry.follows, last, "each names the one before it");
            prop_assert!(last.is_none_or(|last: EntryId| last < entry.id));
            let length = entry.latest.made_at().duration_since(entry.first.made_at());
            prop_assert!(length < SignedDuration::from_hours(1));
            last = Some(entry.id);
        }
    }
}

#[test]
fn what_comes_late_belongs_to_the_entry_of_its_hour() {
    let [early, late, new] = [0, 59, 60].map(|minute| activity(minute, true));
    let mut activity_stream = ActivityStream::default();
    activity_stream.file(&[&early]);
    activity_stream.file(&[&new]);
    activity_stream.file(&[&late]);
    activity_stream.file(&[&late]);
    assert_eq!(activity_stream.counted(), [("first".to_owned(), 2), ("first".to_owned(), 1)]);
}

#[test]
fn nobody_goes_past_an_entry_whose_forerunner_is_not_seen_yet() {
    let mut activity_stream = ActivityStream::default();
    for minute in [0, 100, 200, 300] {
        activity_stream.file(&[&activity(minute, true)]);
    }
    let [a, b, c, d] = activity_stream.entries.as_slice() else { panic!("four entries") };
    let soon = Timestamp::UNIX_EPOCH;
    assert_eq!(settled([a, b, c, d].into_iter(), Some(None), soon), Some(d.id));
    assert_eq!(settled([a, c, d].into_iter(), Some(None), soon), Some(a.id));
    assert_eq!(settled([b, c].into_iter(), Some(None), soon), None);
    assert_eq!(settled([c, d].into_iter(), Some(Some(b.id)), soon), Some(d.id));
    assert_eq!(
        settled([b, c].into_iter(), None, soon),
        Some(c.id),
        "what the first one follows is not known"
    );
    let later = after(soon, SignedDuration::from_mins(2));
    assert_eq!(
        settled([a, c, d].into_iter(), Some(None), later),
        Some(d.id),
        "the one between left the table"
    );
}

mod templates {
    use proptest::prelude::*;

    use super::super::template::{Template, Templates};
    use super::activity;
    use crate::model::{event::Event, words::Line};

    #[test]
    fn placeholders_are_filled_in_and_what_is_filled_in_is_not_read_again() {
        let mut one = activity(0, true);
        one.details.insert("file".to_owned(), "{user}.dwg".into());
        one.details.insert("size".to_owned(), 7.into());
        one.extra.related = Some(("document".to_owned(), "pid-101".to_owned()));
        let template = Template {
            title: Some(
                Line::parse("{user} uploaded {details.file} ({details.size}) {details.none}")
                    .unwrap(),
            ),
            subtitle: Some(Line::parse("{related.type} {related.id} {open {unknown} }").unwrap()),
            icon: Some(Line::parse("file-up").unwrap()),
            is_public: Some(false),
            ..Template::default()
        };
        let mut templates = Templates::default();
        templates.by_type.insert("first".to_owned(), template);
        let (shown, is_public) = templates.show(&one, None);
        assert_eq!(shown.title, "System uploaded {user}.dwg (7)");
        assert_eq!(shown.subtitle.as_deref(), Some("document pid-101  }"));
        assert_eq!(
            (shown.icon.as_str(), shown.color.as_str(), is_public),
            ("file-up", "teal", false)
        );
    }

    #[test]
    fn every_event_has_a_title_or_no_place_in_the_feed() {
        for &event in Event::ALL {
            let mut one = activity(0, true);
            one.what = event.into();
            let (shown, _) = Templates::default().show(&one, Some("Ada"));
            assert!(!shown.title.contains(['{', '}']) && !shown.title.is_empty(), "{shown:?}");
            assert_eq!(super::super::belongs(&one.what), event.display().is_some());
        }
    }

    proptest! {
        #[test]
        fn any_template_and_any_text_make_a_line(title in "[ -~\u{0}-\u{1f}é{}]{1,300}",
            value in "[ -~\n{}é]{0,300}") {
            let mut one = activity(0, true);
            one.what.description = value.into();
            let mut templates = Templates::default();
            let Ok(title) = Line::parse(&title) else { return Ok(()) };
            templates.by_type.insert("first".to_owned(), Template { title: Some(title),
                ..Template::default() });
            let (shown, _) = templates.show(&one, None);
            prop_assert!(shown.title.chars().count() <= 200 && !shown.title.is_empty());
            prop_assert!(!shown.title.contains(|c: char| c.is_control()));
        }
    }
}
