//! The Lambda function `track_activities`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::track_activities())
}
