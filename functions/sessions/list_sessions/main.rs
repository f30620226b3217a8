//! The Lambda function `list_sessions`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::sessions::list_sessions::handler)
}
