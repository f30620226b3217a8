//! The Lambda function `latest_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(
        rolecall_runtime::STATISTICS,
        functions::activities::latest_stats::handler,
    )
}
