//! The Lambda function `aggregate_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::aggregate_stats::handler)
}
