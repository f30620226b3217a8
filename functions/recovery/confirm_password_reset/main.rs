//! The Lambda function `confirm_password_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::confirm_password_reset())
}
