//! The Lambda function `relay`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::relay::handler)
}
