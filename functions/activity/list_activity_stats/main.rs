//! The Lambda function `list_activity_stats`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(
        rolecall_runtime::STATISTICS,
        functions::routes::list_activity_stats(),
    )
}
