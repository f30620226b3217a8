//! The Lambda function `verify_password_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::verify_password_reset::handler)
}
