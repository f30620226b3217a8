//! The Lambda function `latest_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with_statistics(functions::activities::latest_stats::handler)
}
