//! The Lambda function `confirm_password_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::confirm_password_reset::handler)
}
