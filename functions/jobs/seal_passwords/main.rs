//! The Lambda function `seal_passwords`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::seal_passwords::handler)
}
