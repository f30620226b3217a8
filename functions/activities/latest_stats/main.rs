//! The Lambda function `latest_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::activities::latest_stats::handler)
}
