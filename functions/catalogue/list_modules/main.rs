//! The Lambda function `list_modules`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::list_modules::handler)
}
