//! Statistics: closed periods that add up to what the log holds, however often and late they are
//! made.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_domain::{
    activity::{Activity, Event},
    clock::{SignedDuration, Timestamp, rfc3339},
    ports::{ActivityStore, OrganizationStore},
};
use serde_json::{Value, json};

use crate::{
    contracts::{record, store_of},
    support::{Actor, Firm, Json, ask_dynamodb, partition, table_of},
};

pub(crate) async fn now(firm: &Firm) -> Timestamp {
    firm.app.get("/_local/clock").await.expect(200).text_of("now").parse().unwrap()
}

/// Runs the function as its schedule does, at the stack's own time.
pub(crate) async fn aggregate(firm: &Firm) -> Value {
    firm.app.noted().await;
    let time = now(firm).await.to_string();
    firm.app
        .post("/_local/schedule/aggregate_stats", json!({ "time": time }))
        .await
        .expect(200)
        .json()
}

pub(crate) async fn advance(firm: &mut Firm, seconds: i64) {
    firm.app.noted().await;
    firm.app.post("/_local/clock", json!({ "advance_seconds": seconds })).await.expect(200);
    firm.root = firm.app.admin().await;
}

fn counts<'a>(all: &'a [Value], field: &str) -> BTreeMap<&'a str, u64> {
    let mut counts = BTreeMap::new();
    for one in all {
        if let Some(value) = one[field].as_str() {
            *counts.entry(value).or_default() += 1;
        }
    }
    counts
}

/// What the log itself says of a period.
#[expect(clippy::cast_precision_loss, reason = "counts of a test are small")]
async fn recount(firm: &Firm, organization: &str, activity_stats: &Value) -> Value {
    let (start, end) =
        (activity_stats.text_of("period_start"), activity_stats.text_of("period_end"));
    let log = firm
        .root
        .all(&format!(
            "/activities?limit=200&organization={organization}&since={start}&until={end}"
        ))
        .await;
    let worked = log.iter().filter(|one| one["success"] == true).count() as f64;
    let rate =
        if log.is_empty() { 100.0 } else { (10_000.0 * worked / log.len() as f64).round() / 100.0 };
    let users = counts(&log, "user_id");
    let mut top: Vec<_> =
        users.iter().map(|(user, count)| (std::cmp::Reverse(*count), *user)).collect();
    top.sort_unstable();
    let top: Vec<Value> = top
        .iter()
        .take(10)
        .map(|(count, user)| json!({ "user_id": user, "count": count.0 }))
        .collect();
    // In whole microseconds: a sum of fractions would depend on its order.
    let times: Vec<f64> = log
        .iter()
        .filter_map(|one| Some((one["duration_ms"].as_f64()? * 1000.0).round()))
        .collect();
    let average = (times.iter().sum::<f64>() / times.len() as f64 / 1000.0 * 100.0).round() / 100.0;
    json!({
        "period_start": start, "period_end": end, "period_type": activity_stats["period_type"],
        "total_activities": log.len(), "user_activities": users.values().sum::<u64>(),
        "system_activities": log.len() as u64 - users.values().sum::<u64>(),
        "api_requests": log.iter().filter(|one| one["activity_type"] == "api_request").count(),
        "by_category": counts(&log, "category"), "by_type": counts(&log, "activity_type"),
            "by_severity": counts(&log, "severity"),
        "top_users": top, "unique_users": users.len(),
            "avg_duration_ms": if times.is_empty() { Value::Null } else { json!(average) },
        "success_rate": rate,
    })
}

pub(crate) async fn periods(
    firm: &Firm,
    organization: &str,
    period: &str,
    since: Timestamp,
) -> Vec<Value> {
    firm.root.all(&format!(
        "/activity-stats?limit=200&organization={organization}&period_type={period}&since={since}"))
        .await
}

async fn busy(who: &Actor) {
    for n in 0..12 {
        let severity = if n % 2 == 0 { "low" } else { "high" };
        let fields = json!({
            "activity_type": format!("type_{}", n % 3), "severity": severity,
                "success": n % 4 != 0, "duration_ms": n,
        });
        who.track(fields).await;
    }
}

#[tokio::test]
async fn every_closed_period_is_what_the_log_holds_and_longer_ones_are_their_parts() {
    let mut firm = Firm::new().await;
    let begin = now(&firm).await;
    let day = Timestamp::from_second(begin.as_second() - begin.as_second() % 86_400).unwrap();
    for (name, organization, wait) in
        [("ada", "MY_COMPANY", 130), ("bob", "OTHER", 3700), ("eve", "MY_COMPANY", 7300)]
    {
        let who = firm.member(name, organization, &[]).await;
        busy(&who).await;
        advance(&mut firm, wait).await;
    }
    // The schedule of the stack may have been first.
    aggregate(&firm).await;
    let hours = periods(&firm, "*", "hour", day).await;
    let total: u64 = hours.iter().map(|hour| hour.count_of("total_activities")).sum();
    assert!(total > 36, "{total}");
    advance(&mut firm, 25 * 3600).await;
    aggregate(&firm).await;
    for organization in ["MY_COMPANY", "OTHER", "PLATFORM", "*"] {
        let mut sums = Vec::new();
        for period in ["minute", "hour", "day"] {
            let listed = periods(&firm, organization, period, day).await;
            assert!(
                listed.is_sorted_by(|a, b| a["period_start"].as_str() > b["period_start"].as_str()),
                "newest first, each once"
            );
            let busy: Vec<&Value> =
                listed.iter().filter(|one| one["total_activities"] != 0).collect();
            assert!(!busy.is_empty(), "{organization} {period}");
            for one in &busy {
                assert_eq!(**one, recount(&firm, organization, one).await, "{organization}");
            }
            for empty in listed.iter().filter(|one| one["total_activities"] == 0) {
                assert_eq!(
                    (&empty["success_rate"], &empty["avg_duration_ms"]),
                    (&json!(100.0), &Value::Null)
                );
            }
            assert!(
                period == "day" || listed.len() > busy.len(),
                "what is between them is listed, too"
            );
            let until = listed.iter().filter(|one| {
                one["period_start"].as_str() < Some(&rfc3339(day + SignedDuration::from_hours(24)))
            });
            sums.push(until.map(|one| one.count_of("total_activities")).sum::<u64>());
        }
        assert!(
            sums.windows(2).all(|pair| pair[0] == pair[1]),
            "a day is its hours is its minutes: {sums:?}"
        );
    }
    let latest = firm.root.get("/activity-stats/latest?organization=*").await.expect(200).json();
    for period in ["minute", "hour", "day"] {
        let (since, until) =
            (latest[period].text_of("period_start"), latest[period].text_of("period_end"));
        let path = format!(
            "/activity-stats?organization=*&period_type={period}&since={since}&until={until}"
        );
        assert_eq!(firm.root.all(&path).await, [latest[period].clone()]);
    }
}

#[tokio::test]
async fn attack_55_twice_at_the_same_time_late_or_over_nothing_come_to_the_same() {
    let mut firm = Firm::new().await;
    let begin = now(&firm).await;
    let nothing = firm.root.get("/activity-stats/latest").await.expect(200).json();
    assert_eq!(nothing, json!({ "minute": null, "hour": null, "day": null }));
    assert_eq!(firm.root.all("/activity-stats?limit=200").await, Vec::<Value>::new());
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    busy(&ada).await;
    advance(&mut firm, 125).await;
    let together = futures::future::join_all((0..4).map(|_| aggregate(&firm))).await;
    assert!(together.iter().any(|one| one["activities"].as_u64() > Some(0)), "{together:?}");
    let seen = async |firm: &Firm| periods(firm, "MY_COMPANY", "minute", begin).await;
    let first: Vec<Value> = seen(&firm).await;
    // Minutes that close meanwhile come before them.
    let oldest = |listed: &[Value]| listed[listed.len() - first.len()..].to_vec();
    for _ in 0..3 {
        aggregate(&firm).await;
    }
    assert_eq!(oldest(&seen(&firm).await), first, "again changes nothing");
    // Three hours without a run, most of them without an activity.
    advance(&mut firm, 3 * 3600).await;
    busy(&firm.member("bob", "MY_COMPANY", &[]).await).await;
    advance(&mut firm, 3700).await;
    aggregate(&firm).await;
    let caught_up = seen(&firm).await;
    assert_eq!(oldest(&caught_up), first, "what was right stays");
    for one in caught_up.iter().filter(|one| one["total_activities"] != 0) {
        assert_eq!(*one, recount(&firm, "MY_COMPANY", one).await);
    }
    // Nothing happened since, but what made the statistics themselves.
    advance(&mut firm, 7200).await;
    aggregate(&firm).await;
    let hours = periods(&firm, "OTHER", "hour", begin).await;
    assert!(
        hours.iter().all(|one| one["success_rate"] == 100.0),
        "an organization without activities has empty periods"
    );
}

#[tokio::test]
async fn a_record_that_comes_late_is_counted_when_its_hour_has_closed() {
    let mut firm = Firm::new().await;
    let begin = now(&firm).await;
    let log = store_of(&firm.app).log_key("MY_COMPANY").await.unwrap();
    let late = Activity { organization: Some(log), what: Event::LoginLock.into(), ..record() };
    advance(&mut firm, 125).await;
    aggregate(&firm).await;
    store_of(&firm.app).record(&late).await.unwrap();
    aggregate(&firm).await;
    let of = async |firm: &Firm, period: &str| {
        let listed = periods(
            firm,
            "MY_COMPANY",
            period,
            begin - rolecall_domain::clock::SignedDuration::from_hours(1),
        )
        .await;
        listed.iter().filter_map(|one| one["by_type"]["authn_login_lock"].as_u64()).sum::<u64>()
    };
    assert_eq!(of(&firm, "minute").await, 0, "its minute was counted before it came");
    advance(&mut firm, 3600).await;
    aggregate(&firm).await;
    assert_eq!((of(&firm, "minute").await, of(&firm, "hour").await), (1, 1));
}

#[tokio::test]
async fn the_summary_is_right_before_and_after_statistics_are_made() {
    let mut firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["manager"]).await;
    busy(&ada).await;
    firm.app.stack.recorded().await;
    let summary = async |firm: &Firm| {
        firm.root.get("/activities/summary?organization=MY_COMPANY").await.expect(200).json()
    };
    let before = summary(&firm).await;
    let log = firm.root.all("/activities?limit=200&organization=MY_COMPANY").await;
    assert_eq!(
        (&before["total_last_24h"], &before["total_last_hour"]),
        (&json!(log.len()), &json!(log.len()))
    );
    assert_eq!(before["by_category"], json!(counts(&log, "category")));
    assert_eq!(before["by_severity"], json!(counts(&log, "severity")));
    assert_eq!(
        (&before["active_users"], &before["top_activities"][0]["activity_type"]),
        (&json!(1), &json!("api_request"))
    );
    let everything = firm.root.get("/activities/summary?organization=*").await.expect(200).json();
    assert!(
        everything["total_last_24h"].as_u64() > before["total_last_24h"].as_u64(),
        "PLATFORM's are among them: {everything}"
    );
    assert_eq!(everything["active_users"], 2, "ada and the super admin");
    let own = ada.get("/activities/summary").await.expect(200).json();
    assert!(own["total_last_24h"].as_u64() >= before["total_last_24h"].as_u64());
    advance(&mut firm, 125).await;
    aggregate(&firm).await;
    let after = summary(&firm).await;
    let log = firm.root.all("/activities?limit=200&organization=MY_COMPANY").await;
    assert_eq!(
        (&after["total_last_24h"], &after["total_last_hour"]),
        (&json!(log.len()), &json!(log.len()))
    );
    advance(&mut firm, 2 * 3600).await;
    aggregate(&firm).await;
    let later = summary(&firm).await;
    assert_eq!(
        (&later["total_last_24h"], &later["total_last_hour"], &later["active_users"]),
        (&json!(log.len()), &json!(0), &json!(0))
    );
    advance(&mut firm, 24 * 3600).await;
    let gone = summary(&firm).await;
    assert_eq!((&gone["total_last_24h"], &gone["success_rate"]), (&json!(0), &json!(100.0)));
    let types: BTreeSet<&str> = log.iter().map(|one| one.text_of("activity_type")).collect();
    assert!(types.contains("type_0"));
}

#[tokio::test]
async fn an_organization_that_cannot_be_counted_holds_nobody_up_and_is_made_up_for() {
    let mut firm = Firm::new().await;
    let who = [firm.member("ada", "MY_COMPANY", &[]).await, firm.member("bob", "OTHER", &[]).await];
    for one in &who {
        busy(one).await;
    }
    let begin = now(&firm).await;
    let endpoint = firm.app.stack.dynamodb_endpoint().to_owned();
    let id = record().id.to_string();
    let log = store_of(&firm.app).log_key("OTHER").await.unwrap();
    let key = json!({ "PK": { "S": format!("ACTIVITY#{log}#ordinary#0") }, "SK": { "S": id } });
    // No type, no kind: nothing that this program wrote.
    let put = json!({ "TableName": table_of(&firm.app), "Item": key });
    ask_dynamodb(&endpoint, "PutItem", &put).await;
    advance(&mut firm, 3600).await;
    let run = aggregate(&firm).await;
    // The schedule may have been faster than this run.
    assert!(partition(&firm.app, "STATS").await.len() > 1, "what is behind is marked: {run}");
    let totals = async |firm: &Firm, organization: &str| {
        let hours =
            periods(firm, organization, "hour", begin - SignedDuration::from_hours(1)).await;
        let total: u64 = hours.iter().map(|hour| hour.count_of("total_activities")).sum();
        total
    };
    let (mine, others, all) =
        (totals(&firm, "MY_COMPANY").await, totals(&firm, "OTHER").await, totals(&firm, "*").await);
    assert!(mine >= 12 && all >= mine, "the others go on");
    assert_eq!(others, 0);
    let watermark = run["watermark"].as_i64().unwrap();
    assert!(watermark > begin.as_second(), "the watermark moves");
    let delete = json!({ "TableName": table_of(&firm.app), "Key": key });
    ask_dynamodb(&endpoint, "DeleteItem", &delete).await;
    // Long after the hours that every run counts again.
    advance(&mut firm, 5 * 3600).await;
    assert_eq!(aggregate(&firm).await["failed"], 0);
    let made_up = totals(&firm, "OTHER").await;
    assert!(made_up >= 12, "{made_up}");
    assert_eq!(totals(&firm, "MY_COMPANY").await, mine);
    assert!(totals(&firm, "*").await >= all + made_up);
    assert_eq!(partition(&firm.app, "STATS").await.len(), 1, "the watermark alone");
}
