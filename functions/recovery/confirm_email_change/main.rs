//! The Lambda function `confirm_email_change`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::confirm_email_change())
}
