//! `cargo run`: the whole product on one machine.

use std::{path::Path, process::ExitCode};

use clap::Parser;
use rolecall_local::{Command, ImportArguments, Options, Stack, StackError, import, setup};
use tokio::signal::unix::{SignalKind, signal};
use tracing::Level;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let quiet = Targets::new()
        .with_default(Level::INFO)
        .with_target("aws", Level::ERROR)
        // The embedded database warns of every condition that does not hold: that is an answer.
        .with_target("dynoxide", Level::ERROR)
        .with_target("hyper", Level::WARN);
    let lines =
        tracing_subscriber::fmt::layer().compact().with_target(false).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(lines).with(quiet).init();
    let done = match options.command.clone() {
        Some(Command::Setup { file, dry_run }) => set_up(options, &file, dry_run).await,
        Some(Command::Import(arguments)) => import_users(options, &arguments).await,
        None => run(options).await.map_err(|error| error.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), StackError> {
    let stack = Stack::start(options).await?;
    welcome(&stack);
    let mut terminate = signal(SignalKind::terminate()).map_err(StackError::Io)?;
    tokio::select! {
        _ = terminate.recv() => {}
        ended = tokio::signal::ctrl_c() => ended.map_err(StackError::Io)?,
    }
    stack.stop().await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what a command tells goes to stdout")]
async fn set_up(options: Options, file: &Path, dry_run: bool) -> Result<(), String> {
    let changes = setup(options, file, dry_run).await.map_err(|error| error.to_string())?;
    for change in &changes {
        println!("{change}");
    }
    let what = if dry_run { "would change" } else { "changed" };
    println!("{} {what}", changes.len());
    Ok(())
}

/// A line of JSON a record on stdout; the sum goes where the log goes.
#[expect(clippy::print_stdout, reason = "the report of a command goes to stdout")]
async fn import_users(options: Options, arguments: &ImportArguments) -> Result<(), String> {
    let imported = import(options, arguments, |record| println!("{record}")).await;
    let sum = imported.map_err(|error| error.to_string())?;
    tracing::info!(
        sum.created,
        sum.already_imported,
        sum.skipped,
        sum.failed,
        sum.without_password,
        "{}",
        if arguments.dry_run { "nothing was written" } else { "imported" }
    );
    Ok(())
}

/// The ready line comes first and alone: programs wait for it.
#[expect(clippy::print_stdout, reason = "the ready line goes to stdout")]
fn welcome(stack: &Stack) {
    println!("rolecall: listening on {}", stack.url());
    println!("{}", stack.first_thing_to_try());
}
