//! What a stack costs while nobody calls.

use std::sync::Arc;

use rolecall_domain::{clock::Clock, meter::Meter};
use rolecall_local::{Data, Options};
use serde_json::{Value, json};

use super::{ROOT, resources, templates};
use crate::{
    contracts::{outbox::Away, store_of},
    support::{self, Json, Shifted, TestApp, options},
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

#[tokio::test]
async fn the_schedules_of_an_idle_stack_cost_less_than_a_cent_a_month() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let mut app =
        TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
    app.signed_in("ada").await;
    app.stack.recorded().await;
    app.stack.stop_background().await;
    let clock = Arc::new(Shifted::default());
    let stack = support::in_process_at(&app, Arc::clone(&clock) as _);
    let mut dollars = 0.0;
    // The first two days still have something to make statistics of.
    for (function, schedule, days) in [
        ("aggregate_stats", "AggregateStatsSchedule", 1),
        ("rotate_keys", "RotateKeysSchedule", 30),
        ("sweep_mail", "SweepMailSchedule", 1),
    ] {
        let job = functions::jobs::all().into_iter().find(|job| job.name == function).unwrap();
        let minutes = period(schedule);
        let run = async |times: i64| {
            let mut units = (0.0, 0.0);
            for _ in 0..times {
                clock.advance(minutes * 60);
                let meter = Arc::new(Meter::default());
                let ports = stack.ports_over(store_of(&app).metered(Arc::clone(&meter)));
                let event = json!({ "time": clock.now().to_string() });
                (job.handler)(ports, Arc::new(Away), event).await.unwrap();
                units = (units.0 + meter.cost().read_units, units.1 + meter.cost().write_units);
            }
            units
        };
        run(2 * 1440 / minutes).await;
        let (read, written) = run(days * 1440 / minutes).await;
        #[expect(clippy::cast_precision_loss, reason = "a month has few days")]
        let months = days as f64 / 31.0;
        assert!(read > 0.0);
        // What nobody's calls lead to: docs/budgets.md, "idle stack, a day".
        #[expect(clippy::cast_precision_loss, reason = "a month has few days")]
        let a_day = (read / days as f64, written / days as f64);
        if function == "sweep_mail" {
            assert!(a_day.0 <= 300.0 && a_day.1 == 0.0, "{a_day:?}");
        }
        dollars += (read * READ + written * WRITE) / months;
    }

    assert!(dollars < 0.01, "{dollars}");
}
