//! The Lambda function `request_password_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::request_password_reset())
}
