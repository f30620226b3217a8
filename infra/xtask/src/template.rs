//! What of the templates follows from the route table, the settings and infra/functions.yaml: the
//! functions with their roles, a nested stack a group, and what in the root leads to them.

mod group;
mod rights;
mod root;

use std::collections::{BTreeMap, BTreeSet};

use functions::{Endpoint, jobs::Trigger};
use rolecall_domain::settings::{VARIABLES, Variable};
use serde::Deserialize;

pub(crate) use group::file;
use rights::Rights;
pub(crate) use root::{cors, parameters, routes, stacks, throttles};

/// infra/functions.yaml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "as the file has them")]
pub(crate) struct Functions {
    groups: BTreeMap<String, Rights>,
    /// Sets of attributes that some functions may change.
    attributes: BTreeMap<String, Vec<String>>,
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
    /// Seconds, where it is not what its stack says for all.
    timeout: Option<u32>,
    /// The most records of the stream at once.
    batch: Option<u32>,
    /// It alone has this setting, which may be long.
    setting: Option<String>,
    /// Its name before: see [`Deployed::kept_id`].
    was: Option<String>,
}

/// A function, where it is and what it is there for.
pub(crate) struct Deployed<'a> {
    name: &'static str,
    /// The first folder below `functions`: its nested stack.
    pub(crate) group: &'static str,
    starts: Starts,
    function: &'a Function,
}

/// What starts a function.
enum Starts {
    /// A route, with its key.
    Route(String),
    /// The paths of the pages.
    Pages,
    Job(Trigger),
}

impl Functions {
    /// Reads infra/functions.yaml.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        serde_saphyr::from_str(text).map_err(|error| format!("infra/functions.yaml: {error}"))
    }

    /// Every function: those of routes in the table's order, then the jobs.
    pub(crate) fn deployed(&self, routes: &[Endpoint]) -> Result<Vec<Deployed<'_>>, String> {
        let fallback = functions::routes::fallback();
        let routes = routes.iter().map(|row| (row.name, row.group, Starts::Route(row.key())));
        let fallback = (fallback.name, fallback.group, Starts::Route(fallback.path.to_owned()));
        let jobs = functions::jobs::all().into_iter().map(|job| {
            let group = job.folder.split_once('/').map_or(job.folder, |(group, _)| group);
            (job.name, group, Starts::Job(job.trigger))
        });
        let mut left: BTreeSet<&str> = self.functions.keys().map(String::as_str).collect();
        let mut all = Vec::new();
        let pages = ("pages", "pages", Starts::Pages);
        for (name, group, starts) in routes.chain([fallback, pages]).chain(jobs) {
            left.remove(name);
            let function = self
                .functions
                .get(name)
                .ok_or_else(|| format!("infra/functions.yaml says nothing of `{name}`"))?;
            all.push(Deployed { name, group, starts, function });
        }
        if left.is_empty() {
            Ok(all)
        } else {
            let left: Vec<&str> = left.into_iter().collect();
            Err(format!("infra/functions.yaml has what is no function: {}", left.join(", ")))
        }
    }

    /// Whether every function has this setting, or one alone.
    fn is_shared(&self, setting: &str) -> bool {
        self.functions.values().all(|function| function.setting.as_deref() != Some(setting))
    }
}

/// Groups whose routes are in the root, where they were before a group could have its own: a route
/// that moved would be there twice during an upgrade. Those of any other group are in its stack.
const ROUTES_IN_THE_ROOT: [&str; 10] = [
    "accounts",
    "activity",
    "api_keys",
    "appearance",
    "catalogue",
    "members",
    "meta",
    "permissions",
    "recovery",
    "sessions",
];

impl Deployed<'_> {
    /// Whether what leads to it lies in its own group's stack.
    fn has_its_routes(&self) -> bool {
        match self.starts {
            Starts::Route(_) => !ROUTES_IN_THE_ROOT.contains(&self.group),
            Starts::Pages => true,
            Starts::Job(_) => false,
        }
    }

    /// What its resources are called in its group's template.
    fn id(&self) -> String {
        camel(self.name)
    }

    /// What the logical ids of its route and its event source mapping begin with. They stay when it
    /// is renamed, as a stack's update makes what is new before it deletes what is old.
    fn kept_id(&self) -> String {
        camel(self.function.was.as_deref().unwrap_or(self.name))
    }

    /// Its ARN, as the root has it.
    fn arn(&self) -> String {
        format!("!GetAtt {}.Outputs.{}", stack(self.group), self.id())
    }

    /// Whether Lambda takes its event without waiting for it, and tries again by itself.
    fn is_asynchronous(&self) -> bool {
        matches!(
            self.starts,
            Starts::Job(Trigger::EveryMinutes(_) | Trigger::EveryDays(_) | Trigger::MailEvents)
        )
    }

    fn is_of_the_stream(&self) -> bool {
        matches!(self.starts, Starts::Job(trigger) if trigger.is_stream())
    }
}

/// The groups, sorted.
pub(crate) fn groups(all: &[Deployed<'_>]) -> BTreeSet<&'static str> {
    all.iter().map(|one| one.group).collect()
}

/// What a group's stack is called in the root.
fn stack(group: &str) -> String {
    format!("{}Functions", camel(group))
}

/// Settings that are made by the root, not by who deploys, and of what.
const COMPUTED: [(&str, &str); 3] = [
    ("ROLECALL_TABLE", "!Sub ${AWS::StackName}${Restored}"),
    (
        "ROLECALL_ISSUER",
        "!If [HasDomain, !Sub \"https://${DomainName}\", !Sub \"https://${Api}.execute-api.\
         ${AWS::Region}.${AWS::URLSuffix}\"]",
    ),
    ("ROLECALL_SES_CONFIGURATION_SET", "!Ref MailEvents"),
];

/// What a group's functions are told by the root beside settings: name, type, value.
const TOLD: [(&str, &str, &str); 11] = [
    ("Stack", "String", "!Ref AWS::StackName"),
    ("Architecture", "String", "!Ref Architecture"),
    ("Traces", "String", "!Ref Traces"),
    ("PasswordConcurrency", "Number", "!Ref PasswordConcurrency"),
    ("Logs", "String", "!Ref Logs"),
    ("LogsArn", "String", "!GetAtt Logs.Arn"),
    (
        "TableArn",
        "String",
        "!Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/\
         ${AWS::StackName}${Restored}",
    ),
    (
        "KeysArn",
        "String",
        "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/rolecall/\
         ${AWS::StackName}",
    ),
    ("DeadLetters", "String", "!GetAtt DeadLetters.Arn"),
    ("Api", "String", "!Ref Api"),
    ("ApiRoleArn", "String", "!GetAtt ApiRole.Arn"),
];

/// Whatever the root hands to a group that needs it: name, type, value.
fn handed() -> Vec<(String, &'static str, String)> {
    let told = TOLD.map(|(name, kind, value)| (name.to_owned(), kind, value.to_owned()));
    let settings = VARIABLES.iter().map(|Variable { name, .. }| {
        let computed = COMPUTED.iter().find(|(computed, _)| computed == name);
        let value = computed
            .map_or_else(|| format!("!Ref {}", parameter(name)), |(_, value)| (*value).to_owned());
        (parameter(name), "String", value)
    });
    told.into_iter().chain(settings).collect()
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

fn sub(text: &str) -> String {
    format!("!Sub {}", quoted(text))
}
