//! The Lambda function `aggregate_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job_with(
        rolecall_runtime::STATISTICS,
        functions::jobs::aggregate_stats::handler,
    )
}
