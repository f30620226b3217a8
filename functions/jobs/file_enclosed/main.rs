//! The Lambda function `file_enclosed`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::job(functions::jobs::file_enclosed::handler)
}
