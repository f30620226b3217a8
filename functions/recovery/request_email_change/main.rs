//! The Lambda function `request_email_change`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::request_email_change::handler)
}
