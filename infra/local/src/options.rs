use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use clap::{Parser, Subcommand};
use rolecall_crypto::{Cost, KeySource, MemoryKeys};

use crate::ImportArguments;

/// Rolecall on this machine: API, DynamoDB, mailbox, stream and schedules in one process.
#[derive(Debug, Clone, Parser)]
#[command(name = "rolecall", version)]
pub struct Options {
    /// Port of the API; 0 takes a free one.
    #[arg(long, env = "ROLECALL_PORT", default_value_t = 3000)]
    pub port: u16,
    /// Port of the embedded DynamoDB; 0 takes a free one.
    #[arg(long, env = "ROLECALL_DYNAMODB_PORT", default_value_t = 8000)]
    pub dynamodb_port: u16,
    /// Folder for table, mail and keys, or `memory`.
    #[arg(long, env = "ROLECALL_DATA", default_value = ".rolecall/")]
    pub data: Data,
    /// Use this DynamoDB and not the embedded one.
    #[arg(long, env = "ROLECALL_DYNAMODB_ENDPOINT")]
    pub dynamodb_endpoint: Option<String>,
    /// Make this first super admin, if there is none; the password is `ROLECALL_ADMIN_PASSWORD`.
    #[arg(long, env = "ROLECALL_ADMIN_EMAIL")]
    pub admin_email: Option<String>,
    /// Its password.
    #[arg(long, env = "ROLECALL_ADMIN_PASSWORD", hide = true, hide_env_values = true)]
    pub admin_password: Option<String>,
    /// Who may sign up: verified, open or invite.
    #[arg(long, env = "ROLECALL_REGISTRATION")]
    pub registration: Option<String>,
    /// Hand mail on to this server, too, beside the mailbox: smtp://HOST:PORT or smtps://HOST:PORT.
    #[arg(long, env = "ROLECALL_SMTP")]
    pub smtp: Option<String>,
    /// Its user, and that of the server of `ROLECALL_SMTP_URL`.
    #[arg(long, env = "ROLECALL_SMTP_USER", hide = true)]
    pub smtp_user: Option<String>,
    /// The user's password.
    #[arg(long, env = "ROLECALL_SMTP_PASSWORD", hide = true, hide_env_values = true)]
    pub smtp_password: Option<String>,
    /// Run DynamoDB, mailbox, stream and schedules only, for functions under `cargo lambda watch`.
    #[arg(long)]
    pub services_only: bool,
    /// Where `cargo lambda watch` listens; with `--services-only`.
    #[arg(long, env = "ROLECALL_LAMBDA_ENDPOINT", default_value = "http://127.0.0.1:9000")]
    pub lambda_endpoint: String,
    /// Name of the table.
    #[arg(long, env = "ROLECALL_TABLE", default_value = "rolecall")]
    pub table: String,
    /// What to do instead of running the stack.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Settings that have no flag, by their variable; tests give them so.
    #[arg(skip)]
    pub settings: Vec<(&'static str, String)>,
    /// Where keys are kept that outlive nothing.
    #[arg(skip = memory_keys as MakeKeys)]
    pub memory_keys: MakeKeys,
    /// What a hash costs; tests whose point is not the password pay less.
    #[arg(skip = Cost::OWASP)]
    pub password_cost: Cost,
    /// How long a mail takes to its mailbox: for tests of what waits for one.
    #[arg(skip)]
    pub mail_delay: Duration,
}

/// Makes a place for keys.
pub type MakeKeys = fn() -> Arc<dyn KeySource>;

fn memory_keys() -> Arc<dyn KeySource> {
    Arc::new(MemoryKeys::default())
}

/// What the stack does beside running.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Sets the stack up from a file of organizations, modules, permissions, roles and the first
    /// super admin.
    Setup {
        /// JSON or YAML.
        file: PathBuf,
        /// Print what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Imports the users of another system, with their password hashes.
    Import(ImportArguments),
}

/// Where the stack keeps what outlives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Nowhere.
    Memory,
    /// In a folder.
    Folder(PathBuf),
}

impl FromStr for Data {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "memory" { Self::Memory } else { Self::Folder(PathBuf::from(text)) })
    }
}

impl Options {
    /// Free ports, nothing kept: what tests start from.
    #[must_use]
    pub fn in_memory() -> Self {
        Self {
            port: 0,
            dynamodb_port: 0,
            data: Data::Memory,
            dynamodb_endpoint: None,
            admin_email: None,
            admin_password: None,
            registration: None,
            smtp: None,
            smtp_user: None,
            smtp_password: None,
            services_only: false,
            lambda_endpoint: String::new(),
            table: "rolecall".to_owned(),
            command: None,
            settings: Vec::new(),
            memory_keys,
            password_cost: Cost::OWASP,
            mail_delay: Duration::ZERO,
        }
    }
}
