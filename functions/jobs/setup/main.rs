//! The Lambda function `setup`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::setup::handler)
}
