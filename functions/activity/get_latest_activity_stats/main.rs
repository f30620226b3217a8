//! The Lambda function `get_latest_activity_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(
        rolecall_runtime::STATISTICS,
        functions::routes::get_latest_activity_stats(),
    )
}
