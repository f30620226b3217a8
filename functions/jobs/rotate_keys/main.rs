//! The Lambda function `rotate_keys`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::rotate_keys::handler)
}
