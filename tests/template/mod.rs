//! `infra/template.yaml` and the nested stacks of `infra/groups` against what they deploy: routes,
//! jobs, table, settings, rights, and what it costs while nobody calls.

mod idle;
mod limits;
mod rights;
mod settings;
mod table;
mod upgrade;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::LazyLock,
};

use functions::jobs::Trigger;
use serde_json::{Value, json};

use crate::support::{Json, binaries::root};

/// The root's template. Tags are gone: `!Ref X` is `X`, `!If` a list of condition and both values.
static ROOT: LazyLock<Value> = LazyLock::new(|| read("infra/template.yaml"));

/// The templates of the nested stacks, by what each stack is called in the root.
static NESTED: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| {
    let all = ROOT["Resources"].as_object().unwrap().iter();
    all.filter(|(_, one)| one["Type"] == "AWS::CloudFormation::Stack")
        .map(|(id, one)| {
            let file = format!("infra/{}", one.text_of("Properties/TemplateURL"));
            (id.as_str(), read(&file))
        })
        .collect()
});

fn read(file: &str) -> Value {
    serde_saphyr::from_str(&fs::read_to_string(root().join(file)).unwrap()).unwrap()
}

/// The root's template and those of the nested stacks.
fn templates() -> impl Iterator<Item = &'static Value> {
    [&*ROOT].into_iter().chain(NESTED.values())
}

/// The resources of a type, by their names in the templates, of which none is there twice.
fn resources(kind: &str) -> BTreeMap<&'static str, &'static Value> {
    let mut found = BTreeMap::new();
    for template in templates() {
        for (name, one) in template["Resources"].as_object().unwrap() {
            if one["Type"] == kind {
                assert!(found.insert(name.as_str(), &one["Properties"]).is_none(), "{name}");
            }
        }
    }
    found
}

/// What a function is called in the route table.
fn name_of(function: &Value) -> &str {
    let mut parts = function.text_of("FunctionName").rsplitn(3, '-');
    let name = parts.next().unwrap();
    assert_eq!(parts.nth(1), Some("${Stack}"), "{function}");
    name
}

/// The function whose ARN this is: `JobsFunctions.Outputs.Setup` in the root.
fn function_at(arn: &str) -> &'static Value {
    // A group with routes of its own has them beside the function.
    if let Some(id) = arn.strip_suffix(".Arn") {
        let mut groups = NESTED.values().map(|group| &group["Resources"][id]["Properties"]);
        return groups.find(|function| !function.is_null()).unwrap();
    }
    let (stack, output) = arn.split_once(".Outputs.").unwrap();
    let id = NESTED[stack].text_of(&format!("Outputs/{output}/Value")).strip_suffix(".Arn");
    &NESTED[stack]["Resources"][id.unwrap()]["Properties"]
}

/// The pages' routes that API Gateway has.
fn pages() -> Vec<functions::Endpoint> {
    let mut pages = functions::routes::pages();
    pages.retain(|one| one.path != functions::pages::CONSOLE);
    pages
}

#[test]
fn every_row_of_the_route_table_is_a_route_of_its_own_function_and_every_route_a_row() {
    let integrations = resources("AWS::ApiGatewayV2::Integration");
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
            let function = function_at(integration.text_of("IntegrationUri"));
            (route.text_of("RouteKey"), name_of(function))
        })
        .collect();
    let mut rows = BTreeMap::from([("$default".to_owned(), functions::routes::fallback().name)]);
    for row in functions::routes::all().into_iter().chain(pages()) {
        if row.method == "GET" {
            rows.insert(format!("HEAD {}", row.path), row.name);
        }
        rows.insert(row.key(), row.name);
    }
    assert_eq!(
        rows.iter().map(|(route, name)| (route.as_str(), *name)).collect::<BTreeMap<_, _>>(),
        deployed
    );
    assert_eq!(integrations.len(), functions::routes::all().len() + 2);
}

#[test]
fn every_function_is_one_of_ours_under_its_binarys_name_in_the_stack_of_its_group() {
    let (routes, jobs) = (functions::routes::all(), functions::jobs::all());
    let ours = routes
        .iter()
        .chain([&functions::routes::fallback()])
        .chain(functions::routes::pages().first())
        .map(|row| (row.group, row.name))
        .chain(jobs.iter().map(|job| (job.folder.split('/').next().unwrap(), job.name)))
        .collect::<BTreeSet<_>>();
    let mut deployed = BTreeSet::new();
    for (stack, template) in &*NESTED {
        let url = resources("AWS::CloudFormation::Stack")[stack].text_of("TemplateURL");
        let group = url.strip_prefix("groups/").unwrap().strip_suffix(".yaml").unwrap();
        let all = template["Resources"].as_object().unwrap().values();
        for function in all.filter(|one| one["Type"] == "AWS::Serverless::Function") {
            let name = name_of(&function["Properties"]);
            assert_eq!(
                function["Properties"]["FunctionName"],
                format!("${{Stack}}-{group}-{name}")
            );
            let metadata = json!({ "BuildMethod": "rust-cargolambda",
                "BuildProperties": { "Binary": name } });
            assert_eq!(function["Metadata"], metadata);
            deployed.insert((group, name));
        }
    }
    assert_eq!(ours, deployed);
}

#[test]
fn every_job_is_started_as_its_row_says_and_nothing_else_starts_one() {
    let started_by = |kind: &str, name: &str, function: &str| -> Vec<&Value> {
        let of = |one: &&Value| function_at(one.pointer(function).unwrap().as_str().unwrap());
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
        let patterns = filters.map(|filter| filter.text_of("Pattern"));
        let images: Vec<Value> = patterns
            .map(|text| {
                serde_json::from_str::<Value>(text).unwrap()["dynamodb"]["NewImage"].clone()
            })
            .collect();
        assert_eq!(images, expected_images);
        expected += usize::from(rate.is_some()) + usize::from(job.trigger.is_stream());
        let rules = started_by("AWS::Events::Rule", job.name, "/Targets/0/Arn");
        assert_eq!(rules.len(), usize::from(job.trigger == Trigger::MailEvents), "{}", job.name);
    }
    let starters = resources("AWS::Scheduler::Schedule").len()
        + resources("AWS::Lambda::EventSourceMapping").len();
    assert_eq!(starters, expected);
}

#[test]
fn events_of_this_stacks_mails_alone_reach_their_function() {
    let [(id, rule)] = Vec::from_iter(resources("AWS::Events::Rule"))[..] else {
        panic!("one rule");
    };
    assert_eq!(
        rule["EventPattern"],
        json!({ "source": ["aws.ses"], "detail-type": functions::jobs::MAIL_EVENTS,
            "detail": { "mail": { "tags": { "ses:configuration-set": ["MailEvents"] } } } })
    );
    let function = function_at(rule.text_of("Targets/0/Arn"));
    assert_eq!(function["DeadLetterQueue"]["TargetArn"], "DeadLetters");
    let [(_, may)] = Vec::from_iter(resources("AWS::Lambda::Permission"))[..] else {
        panic!("one permission");
    };
    assert_eq!(
        (&may["FunctionName"], &may["Principal"], &may["SourceArn"]),
        (&rule["Targets"][0]["Arn"], &json!("events.amazonaws.com"), &json!(format!("{id}.Arn")))
    );
    let destination = resources("AWS::SES::ConfigurationSetEventDestination");
    let destination = destination["MailEventsDestination"];
    assert_eq!(destination["ConfigurationSetName"], "MailEvents");
    let destination = &destination["EventDestination"];
    assert_eq!(destination["MatchingEventTypes"], json!(["bounce", "complaint"]));
    assert!(destination.text_of("EventBridgeDestination/EventBusArn").ends_with("/default"));
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
        let function = function_at(target.text_of("Arn"));
        assert_eq!(function["DeadLetterQueue"]["TargetArn"], "DeadLetters");
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
    for template in NESTED.values() {
        assert_eq!(template["Globals"]["Function"]["MemorySize"], 256);
    }
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
        let metrics = widget["properties"]["metrics"].as_array().into_iter().flatten();
        for metric in metrics {
            if metric[0] == "Rolecall" {
                assert!(measured.contains(&metric[1].to_string()), "{metric}");
            }
            if metric[2] == "FunctionName" {
                let name = metric[3].as_str().unwrap().replace("${AWS::StackName}", "${Stack}");
                let mut functions = resources("AWS::Serverless::Function").into_values();
                assert!(functions.any(|one| one["FunctionName"] == name.as_str()), "{name}");
            }
        }
    }
}

/// What of a resource's properties is its name, which nothing else of the account may have.
const NAMES: [&str; 10] = [
    "FunctionName",
    "TableName",
    "LogGroupName",
    "QueueName",
    "TopicName",
    "DashboardName",
    "Name",
    "AlarmName",
    "RoleName",
    "StackName",
];

/// The name that a resource has; a mapping and a permission name their function, which is not their
/// own.
fn physical_name(resource: &Value) -> Option<&str> {
    let of_a_function = ["AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"];
    let is_named = !of_a_function.contains(&resource.text_of("Type"));
    let mut names = NAMES.iter().filter(|_| is_named);
    names.find_map(|name| resource["Properties"][*name].as_str())
}

#[test]
fn another_stack_of_the_same_account_shares_nothing() {
    for (stack, one) in resources("AWS::CloudFormation::Stack") {
        assert_eq!(one["Parameters"]["Stack"], "AWS::StackName", "{stack}");
    }
    for template in templates() {
        let own = if *template == *ROOT { "AWS::StackName" } else { "Stack" };
        for (id, resource) in template["Resources"].as_object().unwrap() {
            let name = physical_name(resource).unwrap_or(own);
            assert!(
                name == own || name.contains(&format!("${{{own}}}")),
                "{id} is called {name} in every stack"
            );
        }
        for (id, output) in template["Outputs"].as_object().unwrap() {
            let export = output["Export"]["Name"].as_str().unwrap_or("${AWS::StackName}");
            assert!(export.contains("${AWS::StackName}"), "{id}");
        }
    }
}
