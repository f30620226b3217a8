//! `cargo xtask new` starts an endpoint; `cargo xtask sync` writes what follows from the route
//! table; `cargo xtask cost` prints what a month costs; `cargo xtask common-passwords` makes the
//! list of common passwords.

mod common_passwords;
mod cost;
mod new;
mod sync;
mod template;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Starts an endpoint: its folder, its row, and everything that `sync` writes.
    New {
        /// Folder: `accounts/lock`.
        endpoint: String,
        /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
        method: String,
        /// `/api/v1/users/{id}/lock`.
        path: String,
    },
    /// Writes bins, router, the tables of the docs and openapi.json from the tables in the code.
    Sync {
        /// Writes nothing; fails when something would change.
        #[arg(long)]
        check: bool,
    },
    /// Makes the list of common passwords of other lists, as shared/domain/data/README.md says.
    CommonPasswords {
        /// Text, one password a line, the commonest first.
        #[arg(required = true)]
        lists: Vec<PathBuf>,
    },
    /// Prints what a month costs on AWS, by service, beside Amazon Cognito for the same users.
    Cost(cost::Options),
}

#[expect(clippy::print_stderr, reason = "a command-line tool")]
fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let done = match Xtask::parse().task {
        Task::New { endpoint, method, path } => new::run(&root, &endpoint, &method, &path),
        Task::Sync { check } => sync::run(&root, check),
        Task::CommonPasswords { lists } => common_passwords::run(&root, &lists),
        Task::Cost(options) => cost::run(&root, &options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
