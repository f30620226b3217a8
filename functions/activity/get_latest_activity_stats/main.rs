//! The Lambda function `get_latest_activity_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::get_latest_activity_stats())
}
