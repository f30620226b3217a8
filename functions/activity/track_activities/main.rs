//! The Lambda function `track_activities`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::activity::track_activities::handler)
}
