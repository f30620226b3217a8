//! `infra/template.yaml` against what it deploys: routes, jobs, table, settings, rights, and what
//! it costs while nobody calls.

mod idle;
mod rights;
mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::LazyLock,
};

use functions::jobs::Trigger;
use rolecall_domain::settings::VARIABLES;
use serde_json::{Value, json};

use crate::support::{Json, binaries::root};

/// The template. Its tags are gone: `!Ref X` is `X`, `!If` a list of condition and both values.
static TEMPLATE: LazyLock<Value> = LazyLock::new(|| serde_saphyr::from_str(&text()).unwrap());

fn text() -> String {
    fs::read_to_string(root().join("infra/template.yaml")).unwrap()
}

/// The resources of a type, by their names in the template.
fn resources(kind: &str) -> BTreeMap<&'static str, &'static Value> {
    let all = TEMPLATE["Resources"].as_object().unwrap();
    all.iter()
        .filter(|(_, one)| one["Type"] == kind)
        .map(|(name, one)| (name.as_str(), &one["Properties"]))
        .collect()
}

/// What a function is called in the route table.
fn name_of(function: &Value) -> &str {
    function.text_of("FunctionName").strip_prefix("${AWS::StackName}-").unwrap()
}

#[test]
fn every_row_of_the_route_table_is_a_route_of_its_own_function_and_every_route_a_row() {
    let (functions, integrations) =
        (resources("AWS::Serverless::Function"), resources("AWS::ApiGatewayV2::Integration"));
    let deployed: BTreeMap<&str, &str> = resources("AWS::ApiGatewayV2::Route")
        .values()
        .map(|route| {
            let target = route.text_of("Target");
            let integration = integrations
                [target.strip_prefix("integrations/${").unwrap().strip_suffix('}').unwrap()];
            assert_eq!(
                (&integration["IntegrationType"], &integration["PayloadFormatVersion"]),
                (&json!("AWS_PROXY"), &json!("2.0"))
            );
            let function = integration.text_of("IntegrationUri").strip_suffix(".Arn").unwrap();
            (route.text_of("RouteKey"), name_of(functions[function]))
        })
        .collect();
    let routes = functions::routes::all();
    let mut rows: BTreeMap<String, &str> = routes.iter().map(|row| (row.key(), row.name)).collect();
    rows.insert("$default".to_owned(), functions::routes::fallback().name);
    assert_eq!(
        rows.iter().map(|(route, name)| (route.as_str(), *name)).collect::<BTreeMap<_, _>>(),
        deployed
    );
    assert_eq!(integrations.len(), deployed.len());
}

#[test]
fn every_function_is_one_of_ours_under_its_binarys_name() {
    let all = TEMPLATE["Resources"].as_object().unwrap();
    let deployed: BTreeSet<&str> =
        resources("AWS::Serverless::Function").values().map(|function| name_of(function)).collect();
    let (routes, jobs) = (functions::routes::all(), functions::jobs::all());
    let ours = routes
        .iter()
        .map(|row| row.name)
        .chain([functions::routes::fallback().name])
        .chain(jobs.iter().map(|job| job.name));
    assert_eq!(ours.collect::<BTreeSet<_>>(), deployed);
    for function in all.values().filter(|one| one["Type"] == "AWS::Serverless::Function") {
        let metadata = json!({ "BuildMethod": "rust-cargolambda",
            "BuildProperties": { "Binary": name_of(&function["Properties"]) } });
        assert_eq!(function["Metadata"], metadata);
    }
}

#[test]
fn every_job_is_started_as_its_row_says_and_nothing_else_starts_one() {
    let functions = resources("AWS::Serverless::Function");
    let started_by = |kind: &str, name: &str, function: &str| -> Vec<&Value> {
        let of = |one: &&Value| {
            functions[one.pointer(function).unwrap().as_str().unwrap().trim_end_matches(".Arn")]
        };
        resources(kind).into_values().filter(|one| name_of(of(one)) == name).collect()
    };
    let mut expected = 0;
    for job in functions::jobs::all() {
        let schedules = started_by("AWS::Scheduler::Schedule", job.name, "/Target/Arn");
        let streams = started_by("AWS::Lambda::EventSourceMapping", job.name, "/FunctionName");
        let rate = match job.trigger {
            Trigger::EveryMinutes(minutes) => Some(format!("rate({minutes} minutes)")),
            Trigger::EveryDays(days) => Some(format!("rate({days} days)")),
            _ => None,
        };
        let is_there = |name: &&str| json!({ *name: { "S": [{ "exists": true }] } });
        let expected_images: Vec<Value> = match job.trigger {
            Trigger::NewItem(entity) => vec![json!({ "entity": { "S": [entity] } })],
            Trigger::Attributes(names) => names.iter().map(is_there).collect(),
            _ => Vec::new(),
        };
        assert_eq!(
            schedules.iter().map(|one| one.text_of("ScheduleExpression")).collect::<Vec<_>>(),
            Vec::from_iter(&rate)
        );
        let filters = streams.iter().flat_map(|one| one.list_of("FilterCriteria/Filters"));
        let image = |filter: &Value| {
            let pattern: Value = serde_json::from_str(filter.text_of("Pattern")).unwrap();
            pattern["dynamodb"]["NewImage"].clone()
        };
        assert_eq!(filters.map(image).collect::<Vec<_>>(), expected_images);
        expected += usize::from(rate.is_some()) + usize::from(job.trigger.is_stream());
    }
    let starters = resources("AWS::Scheduler::Schedule").len()
        + resources("AWS::Lambda::EventSourceMapping").len();
    assert_eq!(starters, expected);
}

#[test]
fn what_fails_is_tried_again_and_ends_in_the_dead_letters() {
    let queue = json!("DeadLetters.Arn");
    for (name, mapping) in resources("AWS::Lambda::EventSourceMapping") {
        assert_eq!(mapping["DestinationConfig"]["OnFailure"]["Destination"], queue, "{name}");
        assert_eq!(
            (&mapping["BisectBatchOnFunctionError"], &mapping["StartingPosition"]),
            (&json!(true), &json!("TRIM_HORIZON"))
        );
        assert_eq!(mapping["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]));
        assert!(
            mapping["MaximumRetryAttempts"].as_u64() > Some(1)
                && mapping["MaximumRecordAgeInSeconds"].as_u64() > Some(3600)
        );
    }
    for (name, schedule) in resources("AWS::Scheduler::Schedule") {
        let target = &schedule["Target"];
        assert_eq!(target["DeadLetterConfig"]["Arn"], queue, "{name}");
        assert!(target["RetryPolicy"]["MaximumRetryAttempts"].as_u64() > Some(1));
        let event: Value = serde_json::from_str(target.text_of("Input")).unwrap();
        assert_eq!(
            event,
            json!({ "source": "aws.scheduler", "time": "<aws.scheduler.scheduled-time>" })
        );
        // What the function itself fails at, Lambda tries again and gives up on.
        let function =
            resources("AWS::Serverless::Function")[target.text_of("Arn").trim_end_matches(".Arn")];
        assert_eq!(function["DeadLetterQueue"]["TargetArn"], queue);
    }
}

#[test]
fn every_setting_is_a_parameter_with_the_same_default_and_reaches_the_functions() {
    let (shared, own) = ("/Globals/Function/Environment/Variables", "/Environment/Variables");
    let mut reaching: BTreeMap<&str, &Value> = TEMPLATE
        .pointer(shared)
        .unwrap()
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    for function in resources("AWS::Serverless::Function").values() {
        reaching.extend(
            function
                .pointer(own)
                .into_iter()
                .filter_map(Value::as_object)
                .flatten()
                .map(|(name, value)| (name.as_str(), value)),
        );
    }
    assert_eq!(reaching.remove("ROLECALL_KEYS_SSM"), Some(&json!("/rolecall/${AWS::StackName}")));
    assert_eq!(
        VARIABLES.iter().map(|variable| variable.name).collect::<BTreeSet<_>>(),
        reaching.keys().copied().collect()
    );
    for variable in VARIABLES {
        let value = reaching[variable.name];
        match variable.name {
            "ROLECALL_TABLE" => assert_eq!(value, "${AWS::StackName}${Restored}"),
            "ROLECALL_ISSUER" => assert_eq!(value[1], "https://${DomainName}"),
            name => {
                let parameter = &TEMPLATE["Parameters"][value.as_str().unwrap()];
                assert_eq!(
                    (parameter["Default"].as_str(), parameter["Type"].as_str()),
                    (variable.default, Some("String")),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn a_password_gets_a_whole_cpu_and_a_bound_and_everything_else_256_megabytes() {
    let functions = fs::read_to_string(root().join("infra/functions.yaml")).unwrap();
    let mut name = "";
    let mut hashing = BTreeSet::new();
    for line in functions.lines() {
        if let Some(entry) = line.strip_prefix("  ").filter(|entry| !entry.starts_with(' ')) {
            name = entry.split(':').next().unwrap();
        } else if line.trim() == "hashes: true" {
            hashing.insert(name);
        }
    }
    assert!(hashing.contains("create_token"), "{hashing:?}");
    assert_eq!(TEMPLATE["Globals"]["Function"]["MemorySize"], 256);
    for function in resources("AWS::Serverless::Function").values() {
        let hashes = hashing.contains(name_of(function));
        assert_eq!(
            function["MemorySize"],
            if hashes { json!(1769) } else { Value::Null },
            "{}",
            name_of(function)
        );
        let reserved = if hashes {
            json!(["ReservesConcurrency", "PasswordConcurrency", "AWS::NoValue"])
        } else {
            Value::Null
        };
        assert_eq!(function["ReservedConcurrentExecutions"], reserved);
    }
}

#[test]
fn alarms_are_at_most_ten_and_tell_one_topic_of_metrics_that_there_are() {
    let alarms = resources("AWS::CloudWatch::Alarm");
    assert!((5..=10).contains(&alarms.len()));
    let measured = fs::read_to_string(root().join("shared/runtime/src/log.rs")).unwrap();
    for (name, alarm) in alarms {
        assert_eq!(alarm["AlarmActions"], json!(["Alarms"]), "{name}");
        // Metric mathematics would count as several.
        assert!(alarm["Metrics"].is_null() && alarm["TreatMissingData"] == "notBreaching");
        if alarm["Namespace"] == "Rolecall" {
            assert!(measured.contains(&format!("\"{}\"", alarm.text_of("MetricName"))), "{name}");
        }
    }
    let dashboard: Value = serde_json::from_str(
        resources("AWS::CloudWatch::Dashboard")["Dashboard"].text_of("DashboardBody"),
    )
    .unwrap();
    let operating = fs::read_to_string(root().join("docs/operating.md")).unwrap();
    for widget in dashboard.list_of("widgets") {
        let title = widget.text_of("properties/title");
        assert!(operating.contains(title), "docs/operating.md does not name the picture `{title}`");
        for metric in widget["properties"]["metrics"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|metric| metric[0] == "Rolecall")
        {
            assert!(measured.contains(&metric[1].to_string()), "{metric}");
        }
    }
}

#[test]
fn another_stack_of_the_same_account_shares_nothing() {
    const NAMES: [&str; 9] = [
        "FunctionName",
        "TableName",
        "LogGroupName",
        "QueueName",
        "TopicName",
        "DashboardName",
        "Name",
        "AlarmName",
        "RoleName",
    ];
    for (id, resource) in TEMPLATE["Resources"].as_object().unwrap() {
        if resource["Type"] == "AWS::Lambda::EventSourceMapping" {
            continue;
        }
        for name in NAMES.iter().filter_map(|name| resource["Properties"][*name].as_str()) {
            assert!(
                name.contains("${AWS::StackName}") || name == "AWS::StackName",
                "{id} is called {name} in every stack"
            );
        }
    }
    for (id, output) in TEMPLATE["Outputs"].as_object().unwrap() {
        let export = output["Export"]["Name"].as_str().unwrap_or("${AWS::StackName}");
        assert!(export.contains("${AWS::StackName}"), "{id}");
    }
}

#[test]
fn it_stays_under_the_limits_of_cloudformation() {
    // A template in a bucket has at most a megabyte, and 500 resources once SAM has made two of
    // some.
    assert!(text().len() < 900_000);
    assert!(TEMPLATE["Resources"].as_object().unwrap().len() < 480);
    assert!(TEMPLATE["Parameters"].as_object().unwrap().len() <= 200);
}
