//! The Lambda function `request_password_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::request_password_reset::handler)
}
