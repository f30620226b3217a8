//! The Lambda function `verify_password_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::verify_password_reset())
}
