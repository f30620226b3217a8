//! What a stack costs while nobody calls.

use std::sync::Arc;

use functions::jobs::{Job, Trigger};
use rolecall_domain::{clock::Clock, meter::Meter};
use rolecall_local::{Data, Options};
use serde_json::{Value, json};

use super::{ROOT, resources, templates};
use crate::{
    contracts::{outbox::Away, store_of},
    support::{self, InProcess, Json, Shifted, TestApp, binaries::root, options},
};

/// What may be in the template: nothing of it has a price by the hour. Beside them AWS's standing
/// free allowances count: ten alarms, three dashboards, a million runs of Lambda, fourteen million
/// of the scheduler.
const FREE: [&str; 22] = [
    "AWS::CloudFormation::Stack",
    "AWS::Serverless::Function",
    "AWS::IAM::Role",
    "AWS::DynamoDB::Table",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::SNS::Subscription",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Scheduler::Schedule",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::Events::Rule",
    "AWS::Lambda::Permission",
];

/// What makes something free cost by the hour after all.
const PRICED: [&str; 9] = [
    "ProvisionedConcurrencyConfig",
    "ProvisionedThroughput",
    "VpcConfig",
    "KmsKeyArn",
    "KMSMasterKeyId",
    "KmsMasterKeyId",
    "SnapStart",
    "ProvisionedPollerConfig",
    "EphemeralStorage",
];

fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, one)| {
            found.push(name.clone());
            names(one, found);
        }),
        Value::Array(list) => list.iter().for_each(|one| names(one, found)),
        _ => {}
    }
}

#[test]
fn nothing_in_the_template_has_a_price_while_nobody_calls() {
    let mut found = Vec::new();
    for template in templates() {
        for (id, resource) in template["Resources"].as_object().unwrap() {
            let kind = resource.text_of("Type");
            assert!(FREE.contains(&kind), "{id}: what does a {kind} cost while nobody calls?");
        }
        names(template, &mut found);
    }
    assert!(found.iter().all(|name| !PRICED.contains(&name.as_str())), "{found:?}");
    assert_eq!(resources("AWS::DynamoDB::Table")["Table"]["BillingMode"], "PAY_PER_REQUEST");
    assert!(
        resources("AWS::CloudWatch::Alarm").len() <= 10
            && resources("AWS::CloudWatch::Dashboard").len() <= 3
    );
    assert_eq!(ROOT["Parameters"]["Traces"]["Default"], "off");
    for group in resources("AWS::Logs::LogGroup").values() {
        assert_eq!(group["RetentionInDays"], "LogDays");
    }
}

/// What on-demand requests cost, in dollars; infra/prices.yaml has the source.
const READ: f64 = 0.125e-6;
const WRITE: f64 = 0.625e-6;

/// How long it is from one run of a schedule to the next, in minutes.
fn period(schedule: &str) -> i64 {
    let rate = resources("AWS::Scheduler::Schedule")[schedule].text_of("ScheduleExpression");
    let (count, unit) =
        rate.strip_prefix("rate(").unwrap().strip_suffix(')').unwrap().split_once(' ').unwrap();
    count.parse::<i64>().unwrap() * if unit == "days" { 1440 } else { 1 }
}

/// An idle stack whose jobs run by a clock of their own.
struct Idle {
    app: TestApp,
    stack: InProcess,
    clock: Arc<Shifted>,
}

impl Idle {
    /// What a day's runs of a job read and write, over as many days.
    async fn a_day(&self, name: &str, schedule: &str, days: i64) -> [f64; 2] {
        let job = functions::jobs::all().into_iter().find(|job| job.name == name).unwrap();
        let minutes = period(schedule);
        let mut units = [0.0, 0.0];
        for _ in 0..days * 1440 / minutes {
            self.clock.advance(minutes * 60);
            let meter = Arc::new(Meter::default());
            let ports = self.stack.ports_over(store_of(&self.app).metered(Arc::clone(&meter)));
            let event = json!({ "time": self.clock.now().to_string() });
            (job.handler)(ports, Arc::new(Away), event).await.unwrap();
            units[0] += meter.cost().read_units;
            units[1] += meter.cost().write_units;
        }
        #[expect(clippy::cast_precision_loss, reason = "a month has few days")]
        units.map(|units| units / days as f64)
    }
}

/// The two numbers of a row of docs/costs.md.
fn documented(row: &str) -> [f64; 2] {
    let text = std::fs::read_to_string(root().join("docs/costs.md")).unwrap();
    let (_, behind) = text.split_once("## While nobody calls").unwrap();
    let line = behind.lines().find(|line| line.starts_with(&format!("| {row} |"))).expect(row);
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    [cells[2], cells[3]].map(|cell| cell.replace(',', "").parse().unwrap())
}

#[tokio::test]
async fn a_day_of_an_idle_stack_costs_what_the_documents_say() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let mut app = TestApp::with_admin_on("open", Options { data, ..options() }).await;
    let admin = app.admin().await;
    app.stack.recorded().await;
    app.stack.stop_background().await;
    let clock = Arc::new(Shifted::default());
    let stack = support::in_process_at(&app, Arc::clone(&clock) as _);
    // Between two full hours' runs: a run on the hour finds nothing to count of it.
    clock.advance(300 - clock.now().as_second() % 300 + 120);
    let idle = Idle { app, stack, clock };
    let (aggregate, schedule) = ("aggregate_stats", "AggregateStatsSchedule");
    // The first two days still have something to make statistics of.
    idle.a_day(aggregate, schedule, 2).await;
    let counted = idle.a_day(aggregate, schedule, 1).await;
    let swept = idle.a_day("sweep_mail", "SweepMailSchedule", 1).await;
    for n in 0..3 {
        let organization = json!({ "code": format!("FIRM_{n}"), "name": "Firm" });
        admin.post("/organizations", organization).await.expect(201);
    }
    idle.a_day(aggregate, schedule, 1).await;
    let with_three = idle.a_day(aggregate, schedule, 1).await;
    let rotated = idle.a_day("rotate_keys", "RotateKeysSchedule", 28).await;
    let erased = idle.a_day("erase_users", "EraseUsersSchedule", 1).await;
    let filled = idle.a_day("fill_people_lists", "FillPeopleListsSchedule", 1).await;
    let reminded = idle.a_day("remind_key_owners", "RemindKeyOwnersSchedule", 1).await;
    let an_organization = [0, 1].map(|n| (with_three[n] - counted[n]) / 3.0);
    let together =
        [0, 1].map(|n| counted[n] + swept[n] + rotated[n] + erased[n] + filled[n] + reminded[n]);
    let measured = [
        ("`aggregate_stats`", counted),
        ("`sweep_mail`", swept),
        ("`rotate_keys`", rotated),
        ("`erase_users`", erased),
        ("`fill_people_lists`", filled),
        ("`remind_key_owners`", reminded),
        ("together", together),
        ("each organization more", an_organization),
    ];
    let is_measured = |job: &Job| measured.iter().any(|(row, _)| *row == format!("`{}`", job.name));
    for job in functions::jobs::all() {
        let is_scheduled = matches!(job.trigger, Trigger::EveryMinutes(_) | Trigger::EveryDays(_));
        assert!(!is_scheduled || is_measured(&job), "{}", job.name);
    }
    let mut differ = Vec::new();
    for (row, measured) in measured {
        let said = documented(row);
        if (0..2).any(|n| (said[n] - measured[n]).abs() > 1.0_f64.max(said[n] / 100.0)) {
            differ.push(format!("{row}: {measured:?}, and not {said:?}"));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
    assert!(together[0] <= 1000.0 && together[1] <= 300.0, "{together:?}");
    let a_month = 31.0 * (together[0] * READ + together[1] * WRITE);
    assert!(a_month < 0.01, "{a_month}");
}
