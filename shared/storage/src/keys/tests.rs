use proptest::prelude::*;
use rolecall_domain::{clock::from_millis, ids::Id};

use rolecall_domain::{
    activity::LogRole, activity_stats::Period, ids::ActivityId, organization::LogKey,
    people::PeopleList,
};

use super::*;

/// A pattern with the values of what the test builds.
fn filled(pattern: &str, id: &str) -> String {
    [
        ("{id}", id),
        ("{session}", id),
        ("{key}", id),
        ("{email}", "a%23b"),
        ("{network}", "unknown"),
        ("{username}", "n%25"),
        ("{organization}", "ORG"),
        ("{class}", "flagged"),
        ("{period}", "hour"),
        ("{begin}", "1970-01-01T02:00:00Z"),
        ("{at}", "0000007200000"),
        ("{record}", "12%233"),
        ("{tag}", "x%23"),
        ("{user}", id),
        ("{role}", "actor"),
        ("{hour}", "1970-01-01T02:00:00Z"),
        ("{category}", "api"),
        ("{type}", "api_request"),
        ("{group}", "document_uploaded:system"),
        ("{shard}", "3"),
        ("{hash}", "abc"),
        ("{kind}", "reset-password"),
        ("{rule}", "failures"),
        ("{whose}", "2001:db8::/64"),
        ("{start}", "7200"),
        ("{window}", "24"),
        ("{employee id}", "n%25"),
        ("{code}", "org"),
        ("{copy}", "3"),
        ("{list}", "name"),
        ("{name}", "ada"),
        ("{tab}", "\t"),
        ("{anchor}", "l"),
        ("{word}", "lovelace"),
    ]
    .iter()
    .fold(pattern.to_owned(), |text, (name, value)| text.replace(name, value))
}

#[test]
fn every_builder_follows_its_pattern() {
    let id = Id::<()>::from_bytes([7; 16]).to_string();
    let (user_id, session_id) = (id.parse().unwrap(), id.parse().unwrap());
    let at = from_millis(7_200_000).unwrap();
    let log = LogKey::from_stored("ORG");
    let built = [
        ("user", user(user_id)),
        ("session", session(user_id, session_id)),
        ("living", living_sessions(user_id)),
        ("api key", api_key(user_id, id.parse().unwrap())),
        ("api keys", api_keys(user_id)),
        ("one-time token", one_time_token(user_id, Purpose::ResetPassword)),
        ("login", login("a#b")),
        ("failed logins", failed_logins("a#b")),
        ("signup", sign_up("a#b", &Network::of(None))),
        ("spent", spent(&TokenHash::from_stored("abc".into()))),
        ("username", username("n%")),
        ("outbox", outbox(id.parse().unwrap())),
        ("invitation", invitation(id.parse().unwrap())),
        ("invitation to", invitation_to("a#b", "ORG")),
        ("invitation of", invitation_of("ORG", id.parse().unwrap())),
        ("due mail", due_mail(DueMail { at, id: id.parse().unwrap() })),
        ("key reminder", reminder(DueReminder { at, owner: user_id, key: id.parse().unwrap() })),
        ("erasure", erasure(DueErasure { at, user: user_id })),
        ("activity", activity("ORG", true, 3, id.parse().unwrap())),
        ("activity entry", activity_entry(tag_partition("ORG", "x#", 3), id.parse().unwrap())),
        (
            "activity entry",
            activity_entry(category_partition("ORG", "api", 3), id.parse().unwrap()),
        ),
        ("activity entry", user_log_entry(user_id, "ORG", LogRole::Actor, id.parse().unwrap())),
        ("set aside", set_aside("12#3")),
        ("statistics", statistics("ORG", Period::Hour, at)),
        ("statistics users", statistics_users("ORG", Period::Hour, at)),
        ("watermark", watermark()),
        ("statistics behind", statistics_behind("ORG", at)),
        ("log hour", log_hour(at, "ORG")),
        ("activity type", activity_type("ORG", "api", "api_request")),
        ("activity stream entry", activity_stream_entry("ORG", id.parse().unwrap())),
        ("activity stream head", activity_stream_head("ORG")),
        ("activity stream group", activity_stream_group("ORG", "document_uploaded:system")),
        ("activity stream templates", activity_stream_templates()),
        ("idempotency record", idempotency("abc")),
        ("limit", limit("failures", "2001:db8::/64", at)),
        ("presence", presence("ORG", at, user_id, 4)),
        ("appearance", appearance()),
        ("logo", logo()),
        ("keys", key_directory()),
        ("directory", directory(user_id)),
        ("listed", listed(user_id)),
        ("person", person(Some(&log), &PeopleList::Everybody, "ada", user_id)),
        ("person", person_away(Some(&log), at, user_id)),
        ("person", person_found(Some(&log), "l", "lovelace", user_id)),
        ("filling", filling()),
        ("super admins", super_admins()),
        ("organization", organization("ORG")),
        ("member", member("ORG", user_id)),
        ("employee", employee("ORG", "n%")),
        ("definition", definition(Kind::Role, "ORG")),
        ("own role", own_role("ORG", "ORG")),
        ("granted role", role_use("ORG")),
        ("catalogue state", catalogue_state(7)),
        ("organization state", organization_state("ORG")),
    ];
    let fill = |pattern: &str| filled(&pattern.replace("{kind}#{code}", "ROLE#org"), &id);
    for ([name, pk, sk, _], (built_name, key)) in PATTERNS.into_iter().zip(built) {
        assert_eq!((name, fill(pk), fill(sk)), (built_name, key.pk, key.sk));
    }
}

#[test]
fn due_mails_order_by_their_instants_and_read_back() {
    let id = MailId::from_bytes([7; 16]);
    let due = |millis| DueMail { at: from_millis(millis).unwrap(), id };
    let key = |millis| due_mail(due(millis)).sk;
    assert!(key(9) < key(10) && key(10) < ordered(from_millis(11).unwrap()));
    assert_eq!(due_mail_of(&key(1_763_926_706_007)), Some(due(1_763_926_706_007)));
    assert_eq!((due_mail_of("x#y"), due_mail_of("12")), (None, None));
}

#[test]
fn ids_order_as_the_texts_of_their_instants() {
    let at = from_millis(1_763_926_706_007).unwrap();
    let id = ActivityId::new(&Fixed(at), &rolecall_domain::rng::SystemRng).to_string();
    let later = from_millis(1_763_926_706_008).unwrap();
    assert!(first_id_at(at) < id && id < first_id_at(later));
    assert_eq!((instant_of(&id), instant_of("0"), instant_of("01a2187g-")), (Some(at), None, None));
    let key = activity("A#B", false, 0, id.parse().unwrap());
    let parsed = id.parse().unwrap();
    for key in [
        key,
        activity_entry(tag_partition("A#B", "x#y", 3), parsed),
        activity_entry(category_partition("A#B", "ml_ai", 3), parsed),
        user_log_entry(UserId::from_bytes([7; 16]), "A#B", LogRole::Both, parsed),
    ] {
        assert_eq!(place_of_activity(&key), Some(("A#B".to_owned(), id.as_str())), "{key:?}");
    }
    assert_eq!(type_of(&by_type("A#B", "x_y", 7)), Some("x_y"));
}

#[test]
fn five_thousand_a_second_of_one_organization_stay_under_a_partitions_thousand() {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..5000 {
        let id =
            ActivityId::new(&rolecall_domain::clock::SystemClock, &rolecall_domain::rng::SystemRng);
        let shard = shard(id, 8);
        *counts.entry(activity_partition("ORG", false, shard)).or_default() += 1;
        *counts.entry(by_type("ORG", "api_request", shard)).or_default() += 1;
    }
    assert_eq!(counts.len(), 16);
    assert!(counts.values().all(|count| *count < 1000), "{counts:?}");
}

struct Fixed(Timestamp);

impl rolecall_domain::clock::Clock for Fixed {
    fn now(&self) -> Timestamp {
        self.0
    }
}

proptest! {
    #[test]
    fn escaping_reads_back_and_leaves_no_separator(text in "\\PC*|[#%A-Z0-9]{0,20}") {
        prop_assert!(!escape(&text).contains('#'));
        prop_assert_eq!(unescape(&escape(&text)), text);
    }

    #[test]
    fn two_texts_never_share_a_key(a in "[#%a2350]{0,8}", b in "[#%a2350]{0,8}") {
        prop_assert_eq!(a == b, login(&a) == login(&b));
    }
}
