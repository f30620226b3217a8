//! The Lambda function `fill_activity_stream`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::fill_activity_stream::handler)
}
