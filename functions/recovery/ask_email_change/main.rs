//! The Lambda function `ask_email_change`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::ask_email_change::handler)
}
