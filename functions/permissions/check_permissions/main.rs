//! The Lambda function `check`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::permissions::check_permissions::handler)
}
