//! The parts of infra/template.yaml that follow from the route table, the settings and
//! infra/functions.yaml.

use std::collections::BTreeMap;

use functions::{
    Endpoint,
    jobs::{Job, Trigger},
};
use rolecall_domain::settings::{VARIABLES, Variable};
use serde::Deserialize;

/// infra/functions.yaml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Functions {
    groups: BTreeMap<String, Rights>,
    functions: BTreeMap<String, Function>,
}

/// What a function may do and how big it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Function {
    /// Groups of rights that it has as well.
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    rights: Rights,
    /// It runs Argon2: one whole vCPU, and a bound on how many run at once.
    #[serde(default)]
    hashes: bool,
    /// Seconds, where it is not what the template says for all.
    timeout: Option<u32>,
    /// The most records of the stream at once.
    batch: Option<u32>,
    /// It alone has this setting, which may be long.
    setting: Option<String>,
    /// Its name before: see [`Function::kept_id`].
    was: Option<String>,
}

/// Actions, each with what it may name: partition keys (`dynamodb:LeadingKeys`), indexes, or
/// parameters under the stack's path.
type Rights = BTreeMap<String, Vec<String>>;

/// The table's ARN, whichever of its names is used.
const TABLE: &str = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${AWS\
    ::StackName}${Restored}";
/// The parameters that hold keys.
const PARAMETERS: &str = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/r\
    olecall/${AWS::StackName}";
/// Whatever identity SES knows the sender by: its address or its domain.
const IDENTITIES: &str = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*";
/// Who is a function's role.
const LAMBDA_MAY_ASSUME: &str =
    "{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }";
/// Where X-Ray is asked for; its actions know no resource.
const TRACES: &str = "              - !If [IsTraced, { Sid: Traces, Effect: Allow, Action: \
    [xray:PutTraceSegments, xray:PutTelemetryRecords], Resource: \"*\" }, !Ref AWS::NoValue]\n";
const WHOLE_CPU: u32 = 1769;
/// Set by the template, not by who deploys.
const COMPUTED: [&str; 2] = ["ROLECALL_TABLE", "ROLECALL_ISSUER"];

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
    VARIABLES.iter().filter(|variable| !COMPUTED.contains(&variable.name)).map(one).collect()
}

/// The environment of every function: all settings but those that one function has alone.
pub(crate) fn environment(functions: &Functions) -> String {
    let is_shared = |name: &str| {
        functions.functions.values().all(|function| function.setting.as_deref() != Some(name))
    };
    let value = |name: &str| match name {
        "ROLECALL_TABLE" => "!Sub ${AWS::StackName}${Restored}".to_owned(),
        "ROLECALL_ISSUER" => {
            "!If\n          - HasDomain\n          - !Sub https://${DomainName}\n          \
                              - !Sub https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
                .to_owned()
        }
        name => format!("!Ref {}", parameter(name)),
    };
    let shared = VARIABLES.iter().map(|variable| variable.name).filter(|name| is_shared(name));
    shared.map(|name| format!("        {name}: {}\n", value(name))).collect()
}

/// The resources of every function.
pub(crate) fn resources(routes: &[Endpoint], functions: &Functions) -> Result<String, String> {
    let mut left: Vec<&str> = functions.functions.keys().map(String::as_str).collect();
    let mut resources = String::new();
    let mut of = |name: &str| {
        left.retain(|one| *one != name);
        functions
            .functions
            .get(name)
            .ok_or_else(|| format!("infra/functions.yaml says nothing of `{name}`"))
    };
    for route in routes.iter().chain([&functions::routes::fallback()]) {
        let function = of(route.name)?;
        let key = if route.path == "$default" { route.path.to_owned() } else { route.key() };
        resources += &format!("  # {key}\n{}", functions.lambda(route.name, function, None)?);
        resources += &front(&camel(route.name), &function.kept_id(route.name), &key);
    }
    for job in functions::jobs::all() {
        let function = of(job.name)?;
        resources += &format!(
            "  # {}\n{}",
            job.trigger.describe(),
            functions.lambda(job.name, function, Some(job.trigger))?
        );
        resources += &trigger(&job, function);
    }
    if left.is_empty() {
        Ok(resources)
    } else {
        Err(format!("infra/functions.yaml has what is no function: {}", left.join(", ")))
    }
}

impl Function {
    /// What the logical ids of its route and its event source mapping begin with. They stay when it
    /// is renamed, as a stack's update makes what is new before it deletes what is old.
    fn kept_id(&self, name: &str) -> String {
        camel(self.was.as_deref().unwrap_or(name))
    }
}

impl Functions {
    /// Reads infra/functions.yaml.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        serde_saphyr::from_str(text).map_err(|error| format!("infra/functions.yaml: {error}"))
    }

    /// A function and its role.
    fn lambda(
        &self,
        name: &str,
        function: &Function,
        trigger: Option<Trigger>,
    ) -> Result<String, String> {
        let id = camel(name);
        let mut properties = String::new();
        if function.hashes {
            properties += &format!("      MemorySize: {WHOLE_CPU}\n");
            properties += "      ReservedConcurrentExecutions: !If [ReservesConcurrency, !Ref \
                PasswordConcurrency, !Ref AWS::NoValue]\n";
        }
        if let Some(timeout) = function.timeout {
            properties += &format!("      Timeout: {timeout}\n");
        }
        if let Some(setting) = &function.setting {
            let parameter = parameter(setting);
            properties +=
                &format!("      Environment: {{ Variables: {{ {setting}: !Ref {parameter} }} }}\n");
        }
        if is_scheduled(trigger) {
            properties +=
                "      DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt DeadLetters.Arn }\n";
        }
        let statements = self.statements(function, trigger)?;
        Ok(format!(
            r#"  {id}:
    Type: AWS::Serverless::Function
    DependsOn: Table
    Metadata: {{ BuildMethod: rust-cargolambda, BuildProperties: {{ Binary: {name} }} }}
    Properties:
      FunctionName: !Sub ${{AWS::StackName}}-{name}
      Role: !GetAtt {id}Role.Arn
{properties}  {id}Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{ Version: "2012-10-17", Statement: [{LAMBDA_MAY_ASSUME}] }}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
{statements}"#
        ))
    }

    fn statements(&self, function: &Function, trigger: Option<Trigger>) -> Result<String, String> {
        let mut statements =
            statement("Logs", "[logs:CreateLogStream, logs:PutLogEvents]", "!GetAtt Logs.Arn", "");
        statements += TRACES;
        if is_scheduled(trigger) || is_of_the_stream(trigger) {
            statements +=
                &statement("DeadLetters", "sqs:SendMessage", "!GetAtt DeadLetters.Arn", "");
        }
        if is_of_the_stream(trigger) {
            let actions = "[dynamodb:DescribeStream, dynamodb:GetRecords, \
                dynamodb:GetShardIterator, dynamodb:ListStreams]";
            statements += &statement("Stream", actions, &sub(&format!("{TABLE}/stream/*")), "");
        }
        for (action, names) in self.rights(function)? {
            statements += &allowed(&action, &names);
        }
        Ok(statements)
    }

    /// Its own rights and those of its groups.
    fn rights(&self, function: &Function) -> Result<Rights, String> {
        let mut rights = function.rights.clone();
        for group in &function.with {
            let more = self
                .groups
                .get(group)
                .ok_or_else(|| format!("infra/functions.yaml has no group `{group}`"))?;
            for (action, names) in more {
                rights.entry(action.clone()).or_default().extend(names.iter().cloned());
            }
        }
        for names in rights.values_mut() {
            names.sort();
            names.dedup();
        }
        Ok(rights)
    }
}

/// The statement of one action.
fn allowed(action: &str, names: &[String]) -> String {
    let each = |prefix: &str| {
        let all = names.iter().map(|name| sub(&format!("{prefix}{name}"))).collect::<Vec<_>>();
        format!("[{}]", all.join(", "))
    };
    let sid = capital(&action.replace(':', ""));
    match action.split_once(':') {
        Some(("ssm", _)) => statement(&sid, action, &each(&format!("{PARAMETERS}/")), ""),
        Some(_) => statement(
            &sid,
            action,
            &sub(IDENTITIES),
            "StringEquals: { ses:FromAddress: !Ref MailFrom }",
        ),
        None if action == "QueryIndex" => {
            statement(&sid, "dynamodb:Query", &each(&format!("{TABLE}/index/")), "")
        }
        None => {
            let keys = names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
            let keys = format!("ForAllValues:StringLike: {{ dynamodb:LeadingKeys: [{keys}] }}");
            statement(&sid, &format!("dynamodb:{action}"), &sub(TABLE), &keys)
        }
    }
}

fn statement(sid: &str, action: &str, resource: &str, condition: &str) -> String {
    let condition = if condition.is_empty() {
        String::new()
    } else {
        format!(", Condition: {{ {condition} }}")
    };
    format!(
        "              - {{ Sid: {sid}, Effect: Allow, Action: {action}, Resource: \
            {resource}{condition} }}\n"
    )
}

fn sub(text: &str) -> String {
    format!("!Sub {}", quoted(text))
}

/// How API Gateway finds a function.
fn front(id: &str, kept: &str, key: &str) -> String {
    format!(
        r#"  {kept}Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt {id}.Arn
      CredentialsArn: !GetAtt ApiRole.Arn
      PayloadFormatVersion: "2.0"
  {kept}Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: "{key}"
      Target: !Sub "integrations/${{{kept}Integration}}"
"#
    )
}

fn is_scheduled(trigger: Option<Trigger>) -> bool {
    matches!(trigger, Some(Trigger::EveryMinutes(_) | Trigger::EveryDays(_)))
}

fn is_of_the_stream(trigger: Option<Trigger>) -> bool {
    matches!(trigger, Some(Trigger::NewItem(_) | Trigger::Attributes(_)))
}

/// What starts a job.
fn trigger(job: &Job, function: &Function) -> String {
    let (id, kept) = (camel(job.name), function.kept_id(job.name));
    let batch = function.batch.unwrap_or(1);
    match job.trigger {
        Trigger::EveryMinutes(minutes) => schedule(&id, &format!("{minutes} minutes")),
        Trigger::EveryDays(days) => schedule(&id, &format!("{days} days")),
        Trigger::NewItem(entity) => {
            let image = format!(r#"{{"entity":{{"S":["{entity}"]}}}}"#);
            let filter = format!(r#"{{"eventName":["INSERT"],"dynamodb":{{"NewImage":{image}}}}}"#);
            mapping(&id, &kept, batch, &[filter])
        }
        Trigger::Attributes(names) => {
            let filter = |name: &&str| {
                format!(r#"{{"dynamodb":{{"NewImage":{{"{name}":{{"S":[{{"exists":true}}]}}}}}}}}"#)
            };
            mapping(&id, &kept, batch, &names.iter().map(filter).collect::<Vec<_>>())
        }
        Trigger::ByHand | Trigger::Authorizer => String::new(),
    }
}

/// What does not reach the function is tried again for an hour; what the function then fails at,
/// Lambda tries again.
fn schedule(id: &str, rate: &str) -> String {
    format!(
        r#"  {id}Schedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      Name: !Sub ${{AWS::StackName}}-{id}
      ScheduleExpression: rate({rate})
      FlexibleTimeWindow: {{ Mode: "OFF" }}
      Target:
        Arn: !GetAtt {id}.Arn
        RoleArn: !GetAtt ScheduleRole.Arn
        Input: '{{"source":"aws.scheduler","time":"<aws.scheduler.scheduled-time>"}}'
        RetryPolicy: {{ MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 20 }}
        DeadLetterConfig: {{ Arn: !GetAtt DeadLetters.Arn }}
"#
    )
}

/// Records are tried again for six hours; then the queue gets where in the stream they lie.
fn mapping(id: &str, kept: &str, batch: u32, filters: &[String]) -> String {
    let filters: String =
        filters.iter().map(|filter| format!("          - Pattern: '{filter}'\n")).collect();
    format!(
        r"  {kept}Stream:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref {id}
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

/// `ROLECALL_ACCESS_MINUTES` is `AccessMinutes`.
fn parameter(variable: &str) -> String {
    let name = variable.strip_prefix("ROLECALL_").unwrap_or(variable);
    name.split('_').map(|word| capital(&word.to_lowercase())).collect()
}

/// `get_me` is `GetMe`.
fn camel(name: &str) -> String {
    name.split('_').map(capital).collect()
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
        .unwrap_or_default()
}

/// As a YAML text in double quotes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
