//! The Lambda function `create_role`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::create_role::handler)
}
