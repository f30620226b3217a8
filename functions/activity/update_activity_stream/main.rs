//! The Lambda function `update_activity_stream`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::update_activity_stream())
}
