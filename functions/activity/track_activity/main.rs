//! The Lambda function `track_activity`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::track_activity())
}
