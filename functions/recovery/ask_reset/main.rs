//! The Lambda function `ask_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::ask_reset::handler)
}
