//! The Lambda function `track_activity`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::activities::track_activity::handler)
}
