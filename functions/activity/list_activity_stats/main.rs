//! The Lambda function `list_activity_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_activity_stats())
}
