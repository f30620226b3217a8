//! The Lambda function `get_activity_summary`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http_with(
        rolecall_runtime::STATISTICS,
        functions::activity::get_activity_summary::handler,
    )
}
