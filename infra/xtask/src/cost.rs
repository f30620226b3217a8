//! `cargo xtask cost`: what a month costs on AWS, beside what Amazon Cognito costs for the same
//! users.

mod bill;
mod book;
mod quantities;
mod show;
#[cfg(test)]
mod tests;
mod units;
mod usage;

use std::{fs, path::Path};

use clap::{Args, ValueEnum};

use book::Book;
use usage::Usage;

/// Where prices and units are.
const FILE: &str = "infra/prices.yaml";

/// What the functions run on.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Arch {
    /// Graviton.
    Arm64,
    /// Intel and AMD.
    #[value(name = "x86_64")]
    X86_64,
}

impl Arch {
    /// As Lambda calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }
}

/// What is asked for. What is not given follows from the users, by `usual` in infra/prices.yaml.
#[derive(Args)]
pub(crate) struct Options {
    /// Users who are active within a month.
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    pub(crate) users: u64,
    /// Sign-ins a month, refused ones included; 4 a user without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) logins: Option<u64>,
    /// Sign-outs a month; 2 a user without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) logouts: Option<u64>,
    /// Refreshed tokens a month; 20 a user without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) refreshes: Option<u64>,
    /// Calls of permissions/check a month, of 1 to 100 questions each; 50 a user without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) checks: Option<u64>,
    /// Other authenticated calls a month, which read; 40 a user without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) reads: Option<u64>,
    /// Activities that clients track a month, one a call; 20 a user without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) activities: Option<u64>,
    /// Sign-ups a month, each with its verified address; 5 of 100 users without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) signups: Option<u64>,
    /// Password resets a month, asked for and confirmed; 2 of 100 users without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) resets: Option<u64>,
    /// Mails a month; one a sign-up and two a reset without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) mails: Option<u64>,
    /// Organizations; one for 1,000 users without it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) organizations: Option<u64>,
    /// Months since the first call: the log grows until it is 400 days old.
    #[arg(long, value_name = "NUMBER", default_value_t = 14)]
    pub(crate) months: u32,
    /// What the functions run on.
    #[arg(long, value_enum, default_value_t = Arch::Arm64)]
    pub(crate) arch: Arch,
    /// Do not take off what AWS gives every month for good, as where something else in the account
    /// uses it up.
    #[arg(long)]
    pub(crate) without_free_tier: bool,
    /// Print also where each price and each unit comes from.
    #[arg(long)]
    pub(crate) sources: bool,
}

/// Prints the bill.
#[expect(clippy::print_stdout, reason = "a command-line tool")]
pub(crate) fn run(root: &Path, options: &Options) -> Result<(), String> {
    let text = fs::read_to_string(root.join(FILE)).map_err(|error| format!("{FILE}: {error}"))?;
    let book = Book::read(&text).map_err(|error| format!("{FILE}: {error}"))?;
    let usage = Usage::of(options, &book.usual);
    let lines = bill::lines(
        &quantities::of(&usage, &book),
        &book.prices,
        options.arch,
        !options.without_free_tier,
    );
    print!("{}", show::bill(options, &usage, &book, &lines));
    if options.sources {
        print!("{}", show::sources(&book));
    }
    Ok(())
}
