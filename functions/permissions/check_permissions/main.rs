//! The Lambda function `check_permissions`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::check_permissions())
}
