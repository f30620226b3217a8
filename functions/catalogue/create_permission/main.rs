//! The Lambda function `create_permission`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::create_permission::handler)
}
