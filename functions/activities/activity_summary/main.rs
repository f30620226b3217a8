//! The Lambda function `activity_summary`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(
        rolecall_runtime::STATISTICS,
        functions::activities::activity_summary::handler,
    )
}
