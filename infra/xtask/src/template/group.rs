//! `infra/groups/*.yaml`: the nested stack of a group, its functions with their roles.

use rolecall_domain::settings::VARIABLES;

use super::{
    Deployed, Functions, Starts, capital, handed, parameter,
    root::{integration, routes_of},
};

/// Who is a function's role.
const LAMBDA_MAY_ASSUME: &str =
    "{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }";
const WHOLE_CPU: u32 = 1769;
/// What all of a group's functions are like; their environment follows.
const GLOBALS: &str = "
Globals:
  Function:
    Runtime: provided.al2023
    Handler: bootstrap
    CodeUri: ../../functions
    Architectures: [!Ref Architecture]
    MemorySize: 256
    Timeout: 15
    Tracing: !If [IsTraced, Active, PassThrough]
    LoggingConfig:
      LogGroup: !Ref Logs
      LogFormat: JSON
      # Lambda's own START, END and REPORT lines would be half of what is stored.
      SystemLogLevel: WARN
    Environment:
      Variables:
        ROLECALL_KEYS_SSM: !Sub /rolecall/${Stack}
";

/// The template of a group.
pub(crate) fn file(
    group: &str,
    all: &[Deployed<'_>],
    functions: &Functions,
) -> Result<String, String> {
    let mut globals = GLOBALS.to_owned() + &environment(functions);
    if group == "pages" {
        let of_others =
            ["    Tracing: ", "        ROLECALL_KEYS_SSM: ", "        ROLECALL_TABLE: "];
        globals = without(&globals, &of_others);
    }
    let mut body = globals + "\nResources:\n";
    let mut outputs = String::new();
    for one in all.iter().filter(|one| one.group == group) {
        body += &functions.lambda(one)?;
        if one.has_its_routes() {
            body += &leading_to(one);
        }
        outputs += &format!("  {id}: {{ Value: !GetAtt {id}.Arn }}\n", id = one.id());
    }
    let mut conditions = String::new();
    if body.contains("IsTraced") {
        conditions += "  IsTraced: !Equals [!Ref Traces, \"on\"]\n";
    }
    if body.contains("ReservesConcurrency") {
        conditions += "  ReservesConcurrency: !Not [!Equals [!Ref PasswordConcurrency, 0]]\n";
    }
    if !conditions.is_empty() {
        conditions = format!("\nConditions:\n{conditions}");
    }
    let rest = format!("{conditions}{body}\nOutputs:\n{outputs}");
    let parameters: String = handed()
        .into_iter()
        .filter(|(name, ..)| mentions(&rest, name))
        .map(|(name, kind, _)| format!("  {name}: {{ Type: {kind} }}\n"))
        .collect();
    Ok(format!(
        "# Made by `cargo xtask sync`: the functions of functions/{group}, each with its role.
AWSTemplateFormatVersion: \"2010-09-09\"
Transform: AWS::Serverless-2016-10-31
Description: The functions of Rolecall's group {group}; the root stack makes this one.

Parameters:
{parameters}{rest}"
    ))
}

/// What leads to a function, beside it.
fn leading_to(one: &Deployed<'_>) -> String {
    let id = one.id();
    let routes = match &one.starts {
        Starts::Route(key) => routes_of(&id, &id, key),
        Starts::Pages => functions::pages::ROUTES.map(|path| page_route(&id, path)).concat(),
        Starts::Job(_) => String::new(),
    };
    integration(&id, &format!("!GetAtt {id}.Arn"), "!Ref ApiRoleArn") + &routes
}

fn page_route(id: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric());
    let name: String = words.map(capital).collect();
    routes_of(&format!("{name}Page"), id, &format!("GET {path}"))
}

/// A text without the lines that begin with one of these.
fn without(text: &str, beginnings: &[&str]) -> String {
    let stays = |line: &&str| !beginnings.iter().any(|beginning| line.starts_with(beginning));
    text.lines().filter(stays).map(|line| format!("{line}\n")).collect()
}

/// Whether a template refers to a parameter.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let is_whole = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
    text.contains(&format!("${{{name}}}"))
        || text.split(&format!("!Ref {name}")).skip(1).any(is_whole)
}

/// The settings of every function: all but those that one has alone.
fn environment(functions: &Functions) -> String {
    let shared =
        VARIABLES.iter().map(|variable| variable.name).filter(|name| functions.is_shared(name));
    shared.map(|name| format!("        {name}: !Ref {}\n", parameter(name))).collect()
}

impl Functions {
    /// A function and its role.
    fn lambda(&self, one: &Deployed<'_>) -> Result<String, String> {
        let Deployed { name, group, starts, function } = one;
        let id = one.id();
        let comment = match starts {
            Starts::Route(key) => key.clone(),
            Starts::Pages => "the pages for people".to_owned(),
            Starts::Job(trigger) => trigger.describe(),
        };
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
        if one.is_asynchronous() {
            properties += "      DeadLetterQueue: { Type: SQS, TargetArn: !Ref DeadLetters }\n";
        }
        let statements = self.statements(one)?;
        Ok(format!(
            r#"  # {comment}
  {id}:
    Type: AWS::Serverless::Function
    Metadata: {{ BuildMethod: rust-cargolambda, BuildProperties: {{ Binary: {name} }} }}
    Properties:
      FunctionName: !Sub ${{Stack}}-{group}-{name}
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
}
