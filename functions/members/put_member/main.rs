//! The Lambda function `put_member`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::members::put_member::handler)
}
