//! The Lambda function `get_activity`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::activity::get_activity::handler)
}
