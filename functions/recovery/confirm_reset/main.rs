//! The Lambda function `confirm_reset`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_runtime::http(functions::recovery::confirm_reset::handler)
}
