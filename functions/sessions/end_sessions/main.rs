//! The Lambda function `end_sessions`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::end_sessions())
}
