//! The Lambda function `create_organization`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::members::create_organization::handler)
}
