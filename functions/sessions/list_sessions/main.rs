//! The Lambda function `list_sessions`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::list_sessions())
}
