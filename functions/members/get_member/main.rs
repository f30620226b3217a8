//! The Lambda function `get_member`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::members::get_member::handler)
}
