//! Items as large as they can become: each is one still, and the largest is known.

use rolecall_local::Options;
use serde_json::{Value, json};

use crate::support::{
    Firm, Json, PASSWORD, TestApp, credentials, items, options, partition, size_of, update_item,
};

/// The largest item that DynamoDB takes, in bytes.
const MOST: usize = 400 * 1024;

/// A code of the longest kind.
fn code(kind: &str, n: usize) -> String {
    format!("{:x<64}", format!("{kind}_{n:04}_"))
}

/// The one item of a partition with a sort key.
async fn item(app: &TestApp, key: [&str; 2]) -> Value {
    let all = partition(app, key[0]).await;
    all.into_iter().find(|item| item["SK"]["S"] == key[1]).unwrap()
}

/// Asserts that an item is no larger than this, and not a tenth of it either.
#[track_caller]
fn assert_size(item: &Value, most: usize) {
    let size = size_of(item);
    assert!((most / 10..=most).contains(&size), "{} has {size} bytes", item["PK"]["S"]);
    assert!(size < MOST, "{size}");
}

#[tokio::test]
async fn the_gate_reads_a_user_at_every_cap_for_fifteen_units() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let long = |count: usize| "\u{1f333}".repeat(count);
    let body = json!({ "first_name": "\u{e9}".repeat(100), "last_name": "\u{e9}".repeat(100),
        "bio": long(500) });
    let changed = ada.patch("/me", body).await;
    assert!(changed.status == 200, "{:?}", changed.seen());
    // Five with eighty roles each, whose codes are as long as codes are, with both instants.
    let membership = |organization: &str, roles: Vec<String>| {
        let roles: Vec<Value> = roles.iter().map(|role| json!({ "S": role })).collect();
        json!({ "M": { "organization": { "S": organization }, "status": { "S": "suspended" },
            "roles": { "L": roles } } })
    };
    let roles = || (0..80).map(|n| format!("{} 1800000000000 4000000000000", code("r", n)));
    let mut memberships = vec![membership("MY_COMPANY", Vec::new())];
    memberships[0]["M"]["status"] = json!({ "S": "active" });
    let key = [&*format!("USER#{}", ada.id), "USER"];
    // The one that the session acts for.
    let own = item(&firm.app, key).await["seats"]["L"][0]["M"].clone();
    for kept in ["since", "id"] {
        memberships[0]["M"][kept] = own[kept].clone();
    }
    let some = |n: usize| if n < 5 { roles().collect() } else { Vec::new() };
    memberships.extend((0..49).map(|n| membership(&code("O", n), some(n))));
    update_item(&firm.app, key, "SET seats = :all", json!({ ":all": { "L": memberships } })).await;
    ada.get("/me").await.expect(200);
    ada.get("/me").await.expect(200);
    let cost = firm.app.cost_of("GET /api/v1/me").await;
    assert!((12.0..=15.0).contains(&cost.number_of("read_units")), "{cost}");
    assert_size(&item(&firm.app, key).await, 50 * 1024);
}

#[tokio::test]
async fn of_six_sources_that_fail_five_are_remembered() {
    let app = TestApp::open().await;
    for n in 0..6 {
        let from = format!("127.0.0.{}", 10 + n);
        app.sign_in_from(&from, "nobody", "violet-anchor-mosaic-92").await.expect(401);
    }
    let stored = item(&app, ["EMAIL#nobody@example.com", "ATTEMPTS"]).await;
    assert_eq!(stored.list_of("sources/L").len(), 5);
    assert_eq!(stored["failures"]["N"], "6", "the account's own counter goes on");
    assert_size(&stored, 1024);
}

#[tokio::test]
async fn the_catalogues_state_remembers_its_last_eight_changes() {
    let firm = Firm::new().await;
    for n in 0..20 {
        let module = json!({ "code": code("m", n), "name": "Module" });
        firm.root.post("/modules", module).await.expect(201);
    }
    for copy in 0..4 {
        let state = item(&firm.app, [&format!("GATE#{copy}"), "GATE"]).await;
        let changes = state.as_object().unwrap().keys().filter(|name| name.starts_with("change_"));
        assert_eq!(changes.count(), 8);
        assert_size(&state, 1024);
    }
}

#[tokio::test]
async fn documents_have_eight_kibibytes_and_no_byte_more() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let document = |more: usize| json!({ "a": "\u{e9}".repeat(4092 - 4) + &"x".repeat(more) });
    assert_eq!(document(8).to_string().len(), 8192);
    let at = ada.at("MY_COMPANY");
    let full = json!({ "settings": document(8) });
    firm.root.patch("/organizations/MY_COMPANY", full).await.expect(200);
    firm.root.put(&at, json!({ "metadata": document(8) })).await.expect(200);
    let over = json!({ "settings": document(9) });
    let response = firm.root.patch("/organizations/MY_COMPANY", over).await;
    let response = response.expect_problem(422, "validation_failed");
    assert_eq!(response.wrong_fields(), ["settings: too_long"]);
    let response = firm.root.put(&at, json!({ "metadata": document(9) })).await;
    let response = response.expect_problem(422, "validation_failed");
    assert_eq!(response.wrong_fields(), ["metadata: too_long"]);
    assert_size(&item(&firm.app, ["ORGANIZATIONS", "my_company"]).await, 9 * 1024);
    let members = partition(&firm.app, "MEMBERS#MY_COMPANY").await;
    let member = members.iter().find(|one| one["user_id"]["S"] == ada.id.as_str()).unwrap();
    assert_size(member, 9 * 1024);
}

/// An activity with everything as long as it may be; its JSON has so many bytes of `details`.
fn full_activity(details: usize) -> Value {
    let tree = |count: usize| "\u{1f333}".repeat(count);
    json!({ "activity_type": code("t", 0), "category": "data_management",
        "description": tree(1000), "error_message": tree(1000),
        "details": { "a": "x".repeat(details - 8) },
        "metadata": { "a": "x".repeat(16 * 1024 - 8) },
        "tags": (0..8).map(|n| format!("{n:02}{}", tree(48))).collect::<Vec<_>>(),
        "related": { "type": tree(100), "id": tree(200) } })
}

#[tokio::test]
async fn an_activity_with_everything_at_its_longest_is_an_item() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    for (field, value, error) in [
        ("tags", json!(vec!["a"; 9]), "tags: out_of_range"),
        ("error_message", json!("x".repeat(1001)), "error_message: too_long"),
        ("metadata", json!({ "a": "x".repeat(16 * 1024 - 7) }), "metadata: too_long"),
    ] {
        let body = full_activity(1024).with(json!({ field: value }));
        let refused = ada.post("/activities", body).await;
        assert_eq!(refused.expect_problem(422, "validation_failed").wrong_fields(), [error]);
    }
    let agent = "x".repeat(300);
    let sign_in = firm.app.post("/auth/token", credentials("ada", "MY_COMPANY"));
    let ada = sign_in.header("User-Agent", &agent).actor().await;
    let page = format!("/{}", "p".repeat(300));
    firm.app.advance(61).await;
    let tracked = ada
        .post("/activities", full_activity(16 * 1024))
        .header("User-Agent", &agent)
        .header("X-Current-Page", &page)
        .header("X-Request-Id", "r".repeat(128))
        .await
        .expect(201)
        .json();
    let all = items(&firm.app).await;
    let stored = all.iter().find(|item| item["SK"]["S"] == tracked["id"]).unwrap();
    assert_size(stored, 64 * 1024);
    assert_eq!(stored.text_of("agent/S").len(), 256);
    let session = all.iter().find(|item| item["id"]["S"] == ada.session_id.as_str()).unwrap();
    assert_eq!(session.text_of("page/S").len(), 200);
}

#[tokio::test]
async fn the_first_answer_to_a_full_request_is_kept() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let body = full_activity(16 * 1024);
    let call = || ada.post("/activities", &body).header("Idempotency-Key", "k");
    let first = call().await.expect(201).json();
    assert_eq!(call().await.expect(201).json(), first);
    let all = items(&firm.app).await;
    let kept = all.iter().find(|item| item["entity"]["S"] == "once").unwrap();
    assert_size(kept, 128 * 1024);
}

#[tokio::test]
async fn an_entry_of_the_stream_knows_its_last_hundred_activities() {
    let settings = vec![("ROLECALL_USER_ACTIVITIES", "100000".to_owned())];
    let firm = Firm::on(Options { settings, ..options() }).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let one = json!({ "activity_type": code("t", 0), "description": "\u{1f333}".repeat(300),
        "category": "maintenance" });
    for _ in 0..6 {
        let body = json!({ "activities": vec![one.clone(); 25] });
        ada.post("/activities/batch", body).await.expect(200);
    }
    let is_theirs = |item: &Value| {
        item["entity"]["S"] == "feed entry" && item["activity_type"]["S"] == code("t", 0).as_str()
    };
    let is_so = |all: &[Value]| all.iter().any(|one| is_theirs(one) && one["count"]["N"] == "150");
    firm.app.settled(is_so).await;
    let all = items(&firm.app).await;
    let entry = all.iter().find(|item| is_theirs(item)).unwrap();
    assert_eq!(entry.text_of("seen/S").split(' ').count(), 100);
    assert_eq!(entry.text_of("title/S").chars().count(), 200);
    assert_size(entry, 4096);
}

/// Runs a job of the stack; the answer's status.
async fn run(app: &TestApp, job: &str, event: Value) -> u16 {
    let event = event.with(json!({ "time": "2026-11-23T09:30:00Z" }));
    app.post(&format!("/_local/schedule/{job}"), event).await.status
}

#[tokio::test]
async fn templates_have_a_hundred_types_and_sixty_four_kibibytes_and_their_record_both_states() {
    let app = TestApp::open().await;
    let set_up = async |count: usize, title: String| {
        let one = |n: usize| json!({ "activity_type": code("t", n), "title": title });
        let all: Vec<Value> = (0..count).map(one).collect();
        run(&app, "setup", json!({ "feed_templates": all })).await
    };
    assert_eq!(set_up(101, "x".to_owned()).await, 502, "one too many");
    assert_eq!(set_up(100, "\u{1f333}".repeat(200)).await, 502, "too long");
    // 64 KiB are 655 bytes each, with type, names and signs.
    for tree in ["\u{1f332}", "\u{1f333}"] {
        assert_eq!(set_up(100, tree.repeat(120)).await, 200);
    }
    assert_size(&item(&app, ["FEED", "TEMPLATES"]).await, 64 * 1024);
    let all = items(&app).await;
    let is_record = |item: &&Value| item["activity_type"]["S"] == "feed_changed";
    let largest = all.iter().filter(is_record).max_by_key(|item| size_of(item)).unwrap();
    assert_size(largest, 130 * 1024);
}

#[tokio::test]
async fn keys_are_three_at_most_and_server_keys_two_however_often_they_are_followed() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    for n in 0..40 {
        assert_eq!(run(&app, "rotate_keys", json!({})).await, 200);
        let keys = item(&app, ["KEYS", "DIRECTORY"]).await;
        assert!(keys.list_of("keys/L").len() <= 3, "{keys}");
        assert!(keys.list_of("secrets/L").len() <= 3, "{keys}");
        assert_size(&keys, 4096);
        // Each next key signs by then, and some day each next server key makes.
        app.advance(if n % 2 == 0 { 4 * 3600 } else { 40 * 86_400 }).await;
    }
    for name in ["current", "server"] {
        // The schedule may be at it as well: then an emergency is told so.
        let mut runs = 0;
        while run(&app, "rotate_keys", json!({ "drop": name })).await != 200 {
            runs += 1;
            assert!(runs < 5, "{name}");
        }
    }
    assert!(item(&app, ["KEYS", "DIRECTORY"]).await.list_of("secrets/L").len() <= 3);
}

#[tokio::test]
async fn what_a_change_encloses_at_its_longest_is_two_kibibytes() {
    let firm = Firm::new().await;
    let (organization, role) = (code("O", 0), code("r", 0));
    let own = json!({ "code": organization, "name": "Organization" });
    firm.root.post("/organizations", own).await.expect(201);
    let own = json!({ "code": role, "name": "Role", "level": 6 });
    firm.root.post("/roles", own).await.expect(201);
    let email = format!("{}@{}.example.com", "e".repeat(64), "d".repeat(60));
    let invitation = json!({ "username": "u".repeat(50), "email": email,
        "organization": organization, "role": role });
    let agent = "\u{e9}".repeat(128);
    let invited = firm
        .root
        .post("/users", invitation)
        .header("User-Agent", agent.as_bytes())
        .await
        .expect(201);
    let key = format!("USER#{}", invited.text_of("id"));
    let user = item(&firm.app, [&key, "USER"]).await;
    let pending: Value = serde_json::from_str(user.text_of("enclosed/S")).unwrap();
    assert_eq!(pending.list_of("mails").len(), 1);
    assert_size(&json!({ "enclosed": user["enclosed"] }), 2 * 1024);
    let stored = |all: &[Value]| all.iter().any(|one| one["entity"]["S"] == "outbox");
    firm.app.settled(stored).await;
    let all = items(&firm.app).await;
    let mail = all.iter().find(|item| item["entity"]["S"] == "outbox").unwrap();
    assert_size(mail, 1024);
    // A wish has two mails: to the new address and to the old one.
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let wish = json!({ "new_email": email.replace("eee", "fff"), "current_password": PASSWORD });
    ada.post("/auth/email-change", wish).await.expect(202);
    let token = item(&firm.app, [&format!("USER#{}", ada.id), "TICKET#confirm-email-change"]).await;
    let pending: Value = serde_json::from_str(token.text_of("enclosed/S")).unwrap();
    assert_eq!(pending.list_of("mails").len(), 2);
    assert_size(&json!({ "enclosed": token["enclosed"] }), 2 * 1024);
}
