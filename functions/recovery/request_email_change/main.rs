//! The Lambda function `request_email_change`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::routes::request_email_change())
}
