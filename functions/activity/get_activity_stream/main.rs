//! The Lambda function `get_activity_stream`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::get_activity_stream())
}
