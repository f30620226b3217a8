//! The Lambda function `list_activity_streams`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(rolecall_runtime::FEED, functions::routes::list_activity_streams())
}
