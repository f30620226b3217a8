//! The Lambda function `grant_permission`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::grant_permission())
}
