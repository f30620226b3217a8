//! The Lambda function `list_role_modules`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::catalogue::list_role_modules::handler)
}
