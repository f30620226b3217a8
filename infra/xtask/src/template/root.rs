//! What `infra/template.yaml` has of settings, groups, routes and jobs.

use std::collections::BTreeSet;

use functions::{
    Endpoint,
    jobs::{MAIL_EVENTS, Trigger},
};
use rolecall_domain::settings::{VARIABLES, Variable};
use rolecall_http::{access::Access, openapi::Cors};

use super::{COMPUTED, Deployed, Starts, group::mentions, handed, parameter, quoted, stack};

/// A parameter for each setting.
pub(crate) fn parameters() -> String {
    let one = |Variable { name, wants, default, .. }: &Variable| {
        let default = default
            .map(|default| format!("    Default: {}\n", quoted(default)))
            .unwrap_or_default();
        format!(
            "  {}:\n    Type: String\n{default}    Description: {}\n",
            parameter(name),
            quoted(wants)
        )
    };
    let is_computed = |name: &str| COMPUTED.iter().any(|(computed, _)| *computed == name);
    VARIABLES.iter().filter(|variable| !is_computed(variable.name)).map(one).collect()
}

/// What pages of other origins may do: what the document says of all routes together.
pub(crate) fn cors(endpoints: &[Endpoint]) -> String {
    let Cors { methods, allowed_headers, exposed_headers } = Cors::of(endpoints);
    let list = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(", ");
    format!(
        "          AllowMethods: [{}]\n          AllowHeaders: [{}]\n          \
         ExposeHeaders: [{}]\n",
        list(methods),
        list(allowed_headers),
        list(exposed_headers)
    )
}

/// The nested stack of a group, whose template this is. Its functions use the table from the moment
/// they are there.
pub(crate) fn stacks(group: &str, file: &str, template: &str) -> String {
    let parameters: String = handed()
        .into_iter()
        .filter(|(name, ..)| mentions(template, name))
        .map(|(name, _, value)| format!("        {name}: {value}\n"))
        .collect();
    format!(
        "  {}:
    Type: AWS::CloudFormation::Stack
    DependsOn: Table
    Properties:
      TemplateURL: {file}
      Parameters:
{parameters}",
        stack(group)
    )
}

/// The stage's own bounds for each route that anybody may call: a flood of one leaves all others
/// theirs. A stage knows such a route only once it is there.
pub(crate) fn throttles(all: &[Deployed<'_>], endpoints: &[Endpoint]) -> String {
    let is_public = |key: &str| {
        let mut of_key = endpoints.iter().filter(|endpoint| endpoint.key() == key);
        key == "$default" || of_key.any(|one| one.handler.access == Access::Public)
    };
    let (mut resources, mut keys, mut of_stacks) = (Vec::new(), Vec::new(), BTreeSet::new());
    for one in all {
        match &one.starts {
            Starts::Route(key) if is_public(key) => {
                keys.push(key.clone());
                let head = key.strip_prefix("GET ").map(|path| format!("HEAD {path}"));
                if one.has_its_routes() {
                    of_stacks.insert(stack(one.group));
                } else {
                    resources.push(format!("{}Route", one.kept_id()));
                    resources.extend(head.as_ref().map(|_| format!("{}HeadRoute", one.kept_id())));
                }
                keys.extend(head);
            }
            Starts::Pages => {
                of_stacks.insert(stack(one.group));
                let of_path = |path| ["GET", "HEAD"].map(|method| format!("{method} {path}"));
                keys.extend(functions::pages::ROUTES.into_iter().flat_map(of_path));
            }
            Starts::Route(_) | Starts::Job(_) => {}
        }
    }
    resources.extend(of_stacks);
    let bounds = "{ ThrottlingRateLimit: !Ref PublicRequestsPerSecond, ThrottlingBurstLimit: \
        !Ref PublicRequestsAtOnce }";
    let settings: String =
        keys.iter().map(|key| format!("        \"{key}\": {bounds}\n")).collect();
    let after: String = resources.iter().map(|id| format!("      - {id}\n")).collect();
    format!("    DependsOn:\n{after}    Properties:\n      RouteSettings:\n{settings}")
}

/// What leads to the functions: routes, schedules and the table's stream.
pub(crate) fn routes(all: &[Deployed<'_>]) -> String {
    all.iter().map(leading_to).collect()
}

fn leading_to(one: &Deployed<'_>) -> String {
    match &one.starts {
        _ if one.has_its_routes() => String::new(),
        Starts::Route(key) => {
            let kept = one.kept_id();
            let integration = integration(&kept, &one.arn(), "!GetAtt ApiRole.Arn");
            format!("  # {key}\n{integration}{}", routes_of(&kept, &kept, key))
        }
        Starts::Pages => String::new(),
        Starts::Job(trigger) => trigger_of(one, *trigger),
    }
}

/// How API Gateway calls a function.
pub(super) fn integration(id: &str, arn: &str, role: &str) -> String {
    format!(
        r#"  {id}Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: {arn}
      CredentialsArn: {role}
      PayloadFormatVersion: "2.0"
"#
    )
}

/// How API Gateway finds it: `HEAD` takes the way of `GET`.
pub(super) fn routes_of(id: &str, integration: &str, key: &str) -> String {
    let route = |suffix: &str, key: &str| {
        format!(
            r#"  {id}{suffix}:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: "{key}"
      Target: !Sub "integrations/${{{integration}Integration}}"
"#
        )
    };
    let head = key.strip_prefix("GET ").map(|path| route("HeadRoute", &format!("HEAD {path}")));
    route("Route", key) + &head.unwrap_or_default()
}

/// What starts a job.
fn trigger_of(one: &Deployed<'_>, trigger: Trigger) -> String {
    let what = match trigger {
        Trigger::EveryMinutes(minutes) => schedule(one, &format!("{minutes} minutes")),
        Trigger::EveryDays(days) => schedule(one, &format!("{days} days")),
        Trigger::NewItem(entity) => {
            let image = format!(r#"{{"entity":{{"S":["{entity}"]}}}}"#);
            let new = format!(r#"{{"eventName":["INSERT"],"dynamodb":{{"NewImage":{image}}}}}"#);
            mapping(one, &[new])
        }
        Trigger::Attributes(names) => {
            let filter = |name: &&str| {
                format!(r#"{{"dynamodb":{{"NewImage":{{"{name}":{{"S":[{{"exists":true}}]}}}}}}}}"#)
            };
            mapping(one, &names.iter().map(filter).collect::<Vec<_>>())
        }
        Trigger::MailEvents => mail_events(one),
        Trigger::ByHand | Trigger::Authorizer => return String::new(),
    };
    format!("  # {}\n{what}", trigger.describe())
}

/// What does not reach the function is tried again for an hour; what the function then fails at,
/// Lambda tries again.
fn schedule(one: &Deployed<'_>, rate: &str) -> String {
    let (id, arn) = (one.id(), one.arn());
    format!(
        r#"  {id}Schedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      Name: !Sub ${{AWS::StackName}}-{id}
      ScheduleExpression: rate({rate})
      FlexibleTimeWindow: {{ Mode: "OFF" }}
      Target:
        Arn: {arn}
        RoleArn: !GetAtt ScheduleRole.Arn
        Input: '{{"source":"aws.scheduler","time":"<aws.scheduler.scheduled-time>"}}'
        RetryPolicy: {{ MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 20 }}
        DeadLetterConfig: {{ Arn: !GetAtt DeadLetters.Arn }}
"#
    )
}

/// Events of SES about mails of this stack's configuration set.
fn mail_events(one: &Deployed<'_>) -> String {
    let (id, arn) = (one.id(), one.arn());
    let names = MAIL_EVENTS.map(quoted).join(", ");
    format!(
        r#"  {id}Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [aws.ses]
        detail-type: [{names}]
        detail: {{ mail: {{ tags: {{ "ses:configuration-set": [!Ref MailEvents] }} }} }}
      Targets:
        - {{ Id: {id}, Arn: {arn} }}
  {id}Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: {arn}
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !GetAtt {id}Rule.Arn
"#
    )
}

/// Records that match one of the filters. They are tried again for six hours; then the queue gets
/// where in the stream they lie.
fn mapping(one: &Deployed<'_>, filters: &[String]) -> String {
    let (kept, arn, batch) = (one.kept_id(), one.arn(), one.function.batch.unwrap_or(1));
    let filters: String =
        filters.iter().map(|filter| format!("          - Pattern: '{filter}'\n")).collect();
    format!(
        r"  {kept}Stream:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: {arn}
      EventSourceArn: !If [IsRestored, !Ref RestoredStream, !GetAtt Table.StreamArn]
      StartingPosition: TRIM_HORIZON
      BatchSize: {batch}
      BisectBatchOnFunctionError: true
      MaximumRetryAttempts: 100
      MaximumRecordAgeInSeconds: 21600
      FunctionResponseTypes: [ReportBatchItemFailures]
      DestinationConfig: {{ OnFailure: {{ Destination: !GetAtt DeadLetters.Arn }} }}
      FilterCriteria:
        Filters:
{filters}"
    )
}
