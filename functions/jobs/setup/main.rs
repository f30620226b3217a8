//! The Lambda function `setup`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job_with(rolecall_runtime::FEED, functions::jobs::setup::handler)
}
