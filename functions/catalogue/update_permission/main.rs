//! The Lambda function `update_permission`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::update_permission::handler)
}
