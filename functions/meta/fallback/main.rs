//! The Lambda function `fallback`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::fallback().route)
}
