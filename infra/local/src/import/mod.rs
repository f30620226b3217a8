//! `cargo run -- import FILE --from SYSTEM`: users of another system, through the job
//! `import_users`. The file is read as it goes, and a second run makes nobody twice.

mod mapping;
mod reader;
mod records;
mod source_user;
mod sources;

use std::{
    collections::{BTreeSet, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use mapping::Mapping;
use reader::Reader;
use serde_json::{Map, Value, json};
use source_user::{another_username, username_of};
use sources::Converted;
pub use sources::Source;
use tokio::task::JoinError;

use crate::{
    Options,
    job::{Host, JobError},
};

/// What is imported, and from where.
#[derive(Debug, Clone, Args)]
pub struct ImportArguments {
    /// The export: JSON, NDJSON or CSV.
    pub file: PathBuf,
    /// The system that it comes from.
    #[arg(long)]
    pub from: Source,
    /// Which organizations and roles its groups and roles are: YAML or JSON.
    #[arg(long)]
    pub map: Option<PathBuf>,
    /// The password hash parameters of a Firebase project.
    #[arg(long)]
    pub hash_config: Option<PathBuf>,
    /// Report what would happen, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The first record to import: where an earlier run stopped.
    #[arg(long, default_value_t = 1)]
    pub start_at: u64,
    /// Import into this deployed stack, by `aws lambda invoke`; otherwise into the one on this
    /// machine.
    #[arg(long)]
    pub stack: Option<String>,
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read, or is not what it should be.
    #[error("{0} cannot be read: {1}")]
    File(PathBuf, io::Error),
    /// The stack is not there.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The job failed in the middle: what was reported is done.
    #[error("stopped at record {line}: {error}; run it again with --start-at {line}")]
    Stopped { line: u64, error: JobError },
    /// A thread died.
    #[error(transparent)]
    Thread(#[from] JoinError),
}

/// How many records had each outcome.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ImportSummary {
    pub created: u64,
    pub already_imported: u64,
    pub skipped: u64,
    pub failed: u64,
    /// Of those created, the ones that need a reset of their password.
    pub without_password: u64,
}

/// Users in one call of the job: it has five minutes for them.
const AT_ONCE: usize = 100;
/// What may be left out of an account when the stack refuses it.
const MAY_BE_LEFT_OUT: [&str; 4] = ["created_at", "first_name", "last_name", "phone_number"];
/// Once for the hash, once for each of these fields, and once for the username.
const MOST_TRIES: usize = 6;
/// Before users whom a failure kept out are tried again.
const WAIT: Duration = Duration::from_secs(1);
/// Progress is told each time that so many records are done.
const PROGRESS: u64 = 1000;

/// Imports a file; `report` gets an object a record: `line`, `email`, `outcome`, and where there
/// are some `id`, `username`, `reason`, `notes`, `errors`.
pub async fn import(
    options: Options,
    arguments: &ImportArguments,
    mut report: impl FnMut(&Value),
) -> Result<ImportSummary, ImportError> {
    let mapping = match &arguments.map {
        // Its users name organizations and roles themselves.
        Some(file) if arguments.from == Source::Ndjson => {
            let error = io::Error::other("there is no map for --from ndjson");
            return Err(ImportError::File(file.clone(), error));
        }
        Some(file) => Mapping::read(file).map_err(of_file(file))?,
        None => Mapping::default(),
    };
    let mut reader = Reader::start(arguments).await?;
    let host = match &arguments.stack {
        Some(stack) => Host::Deployed { stack: stack.clone() },
        None => Host::local(options).await?,
    };
    let mut run = Import {
        mapping,
        is_dry_run: arguments.dry_run,
        taken: HashSet::new(),
        summary: ImportSummary::default(),
    };
    let done = run.all(&mut reader, &host, &mut report).await;
    host.stop().await;
    done?;
    reader.end(&arguments.file).await?;
    Ok(run.summary)
}

fn of_file(file: &Path) -> impl Fn(io::Error) -> ImportError {
    move |error| ImportError::File(file.to_owned(), error)
}

/// A user on the way to the stack.
struct Pending {
    line: u64,
    user: Map<String, Value>,
    notes: BTreeSet<String>,
    /// Whether the username was changed for one that is free.
    is_renamed: bool,
}

struct Import {
    mapping: Mapping,
    is_dry_run: bool,
    /// What a dry run would have taken: hashes of addresses and usernames.
    taken: HashSet<u64>,
    summary: ImportSummary,
}

impl Import {
    async fn all(
        &mut self,
        reader: &mut Reader,
        host: &Host,
        report: &mut impl FnMut(&Value),
    ) -> Result<(), ImportError> {
        let (mut batch, mut told) = (Vec::new(), 0);
        loop {
            let next = reader.records.recv().await;
            let is_last = next.is_none();
            match next {
                Some((_, Ok(Converted::Nothing))) | None => {}
                Some((line, Ok(Converted::Refused(reason)))) => {
                    self.summary.failed += 1;
                    report(&json!({ "line": line, "outcome": "refused", "reason": reason }));
                }
                Some((line, Ok(converted))) => match self.pending(line, converted) {
                    Ok(pending) => batch.push(pending),
                    Err(reason) => {
                        self.summary.skipped += 1;
                        report(&json!({ "line": line, "outcome": "skipped", "reason": reason }));
                    }
                },
                Some((line, Err(error))) => {
                    self.summary.failed += 1;
                    report(&json!({ "line": line, "outcome": "unreadable", "reason": error }));
                }
            }
            if batch.len() == AT_ONCE || (is_last && !batch.is_empty()) {
                self.send(std::mem::take(&mut batch), host, report).await?;
                let ImportSummary { created, already_imported, skipped, failed, .. } = self.summary;
                let done = created + already_imported + skipped + failed;
                if done / PROGRESS > told / PROGRESS {
                    tracing::info!(created, already_imported, skipped, failed, "so far");
                }
                told = done;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// What the job takes of a record, or why it is skipped.
    fn pending(&self, line: u64, converted: Converted) -> Result<Pending, &'static str> {
        let (user, notes) = match converted {
            Converted::Skipped(reason) | Converted::Refused(reason) => return Err(reason),
            Converted::Nothing => return Err("not_a_user"),
            Converted::User(mut person) => {
                let user = person.user(&self.mapping);
                (user, person.notes)
            }
            Converted::Ours(mut user) => {
                let email =
                    user.get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
                user.entry("username").or_insert_with(|| json!(username_of(&email)));
                // A second run knows them by it.
                user.entry("external_id").or_insert_with(|| json!(email));
                (user, BTreeSet::new())
            }
        };
        match user.get("email").and_then(Value::as_str) {
            None | Some("") => Err("no_email"),
            Some(_) => Ok(Pending { line, user, notes, is_renamed: false }),
        }
    }

    /// Sends users until each is imported or refused for good.
    async fn send(
        &mut self,
        mut batch: Vec<Pending>,
        host: &Host,
        report: &mut impl FnMut(&Value),
    ) -> Result<(), ImportError> {
        for tries in 1.. {
            let Some(line) = batch.first().map(|one| one.line) else { break };
            let users: Vec<_> = batch.iter().map(|one| &one.user).collect();
            let event = json!({ "time": "1970-01-01T00:00:00Z", "dry_run": self.is_dry_run,
                "users": users });
            let told = host.run("import_users", &event).await;
            let told = told.map_err(|error| ImportError::Stopped { line, error })?;
            let results = told.get("results").and_then(Value::as_array).cloned();
            let results = results.filter(|results| results.len() == batch.len());
            let results = results.ok_or_else(|| ImportError::Stopped {
                line,
                error: JobError::Refused("it did not answer for every user".to_owned()),
            })?;
            let (mut again, mut left) = (Vec::new(), None);
            for (mut one, result) in batch.into_iter().zip(results) {
                let result = self.of_this_run(&one, result);
                if is_unavailable(&result) {
                    left = left.or(Some(one.line));
                    again.push(one);
                } else if tries < MOST_TRIES && one.change_for(&result) {
                    again.push(one);
                } else {
                    report(&self.counted(&one, result));
                }
            }
            if let Some(line) = left {
                if tries >= MOST_TRIES {
                    let error = JobError::Refused("the stack is not available".to_owned());
                    return Err(ImportError::Stopped { line, error });
                }
                tokio::time::sleep(WAIT).await;
            }
            batch = again;
        }
        Ok(())
    }

    /// A dry run's result as the run itself would have it: others of the file came before.
    fn of_this_run(&mut self, one: &Pending, result: Value) -> Value {
        if result.get("outcome") != Some(&json!("would_create")) {
            return result;
        }
        let known = |field: &str| {
            let text = one.user.get(field).and_then(Value::as_str).unwrap_or_default();
            let mut hasher = DefaultHasher::new();
            (field, text.to_lowercase()).hash(&mut hasher);
            hasher.finish()
        };
        let (email, username) = (known("email"), known("username"));
        let outcome = match (self.taken.contains(&email), self.taken.contains(&username)) {
            (true, _) => "email_taken",
            (false, true) => "username_taken",
            (false, false) => {
                self.taken.extend([email, username]);
                return result;
            }
        };
        json!({ "email": one.user.get("email"), "outcome": outcome })
    }

    /// The line of the report.
    fn counted(&mut self, one: &Pending, mut result: Value) -> Value {
        let outcome = result.get("outcome").and_then(Value::as_str).unwrap_or_default();
        let is_there = matches!(outcome, "created" | "would_create");
        match outcome {
            "created" | "would_create" => self.summary.created += 1,
            "already_imported" => self.summary.already_imported += 1,
            _ => self.summary.failed += 1,
        }
        if is_there && !one.user.contains_key("password_hash") {
            self.summary.without_password += 1;
        }
        if let Value::Object(result) = &mut result {
            result.insert("line".to_owned(), json!(one.line));
            if is_there {
                result.extend(
                    one.user.get_key_value("username").map(|(k, v)| (k.clone(), v.clone())),
                );
            }
            if !one.notes.is_empty() {
                result.insert("notes".to_owned(), json!(one.notes));
            }
        }
        result
    }
}

fn is_unavailable(result: &Value) -> bool {
    result.get("outcome") == Some(&json!("unavailable"))
}

impl Pending {
    /// Leaves out what the stack refuses and an account can do without; whether there was such a
    /// thing.
    fn change_for(&mut self, result: &Value) -> bool {
        match result.get("outcome").and_then(Value::as_str) {
            Some(outcome @ ("unknown_hash" | "slow_hash")) => {
                self.notes.insert(format!("password_not_imported: {outcome}"));
                self.user.remove("password_hash").is_some()
            }
            Some("username_taken") => {
                let text = |name| self.user.get(name).and_then(Value::as_str).unwrap_or_default();
                let username = another_username(text("username"), text("email"));
                self.user.insert("username".to_owned(), json!(username));
                self.notes.insert("username_changed".to_owned());
                // Once: then somebody has that one, too.
                !std::mem::replace(&mut self.is_renamed, true)
            }
            Some("invalid") => {
                let errors = result.get("errors").and_then(Value::as_array).into_iter().flatten();
                let fields: Vec<_> =
                    errors.filter_map(|error| error.get("field")?.as_str()).collect();
                let all_may = fields.iter().all(|field| MAY_BE_LEFT_OUT.contains(field));
                if fields.is_empty() || !all_may {
                    return false;
                }
                for field in fields {
                    self.user.remove(field);
                    self.notes.insert(format!("{field}_not_imported"));
                }
                true
            }
            _ => false,
        }
    }
}
