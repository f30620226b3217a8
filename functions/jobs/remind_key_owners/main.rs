//! The Lambda function `remind_key_owners`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::remind_key_owners::handler)
}
